// Headers of known registries, of careless ones and of hostile ones; then thousands made by chance.

import { expect } from 'chai';
import { Dice } from '../testing/random.ts';
import { type Challenge, parseChallenges } from './challenge.ts';

type Plain = [scheme: string, parameters: Record<string, string>];
const plain = (challenges: readonly Challenge[]): Plain[] =>
  challenges.map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

const HUB = { realm: 'https://auth.docker.io/token', service: 'registry.docker.io' };

describe('the challenges of a registry', () => {
  const rows: [header: string, expected: Plain[]][] = [
    ['Basic realm="registry"', [['basic', { realm: 'registry' }]]],
    ['Bearer realm="https://auth.docker.io/token",service="registry.docker.io"', [['bearer', HUB]]],
    ['bearer REALM="https://auth.docker.io/token" , Service="registry.docker.io"', [['bearer', HUB]]],
    ['Bearer\trealm = "https://auth.docker.io/token",\tservice="registry.docker.io"', [['bearer', HUB]]],
    ['Bearer realm=https://auth.docker.io/token,service=registry.docker.io', [['bearer', HUB]]],
    [
      'Bearer realm="https://a.example/t",scope="repository:a/b:pull,push"',
      [['bearer', { realm: 'https://a.example/t', scope: 'repository:a/b:pull,push' }]],
    ],
    ['Bearer realm="a, Basic realm=b"', [['bearer', { realm: 'a, Basic realm=b' }]]],
    ['Bearer realm="a\\"b\\\\c"', [['bearer', { realm: 'a"b\\c' }]]],
    [
      'Basic realm="x", Bearer realm="y",service="z"',
      [
        ['basic', { realm: 'x' }],
        ['bearer', { realm: 'y', service: 'z' }],
      ],
    ],
    [
      'Negotiate, Basic realm="x"',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    [
      'Negotiate YWJj==, Basic realm="x"',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    ['Basic', [['basic', {}]]],
    [',, ,Basic realm="x",,', [['basic', { realm: 'x' }]]],
    ['Bearer realm=""', [['bearer', { realm: '' }]]],
    // Nothing that could be read in two ways.
    ['Bearer realm="https://good.example",realm="https://evil.example"', []],
    ['Bearer realm="https://good.example",REALM=x, Basic realm="y"', [['basic', { realm: 'y' }]]],
    ['Bearer realm="https://never.ends', [['bearer', {}]]],
    ['Bearer realm="a"b"', [['bearer', {}]]],
    ['Bearer realm="a" service="b"', [['bearer', {}]]],
    ['Bearer realm=', [['bearer', {}]]],
    ['Bearer realm', [['bearer', {}]]],
    ['Bearer;realm="a"', []],
    ['"Bearer" realm="a"', []],
    ['', []],
    [' \t,', []],
    ['=', []],
    ['\u0000', []],
    ['Bärer realm="a"', []],
  ];
  for (const [header, expected] of rows) {
    it(`in ${JSON.stringify(header)} are ${JSON.stringify(expected)}`, () => {
      expect(plain(parseChallenges([header]))).to.deep.equal(expected);
    });
  }

  it('are taken from all values of the header', () => {
    expect(parseChallenges(['Negotiate', '"', 'Basic realm="x"']).map(each => each.scheme)).to.deep.equal([
      'negotiate',
      'basic',
    ]);
  });

  it('are read in no time, whatever 16 kB of them look like', () => {
    const began = performance.now();
    for (const part of ['Bearer ', 'Bearer a="', 'a=b,', 'a="\\', ', ', 'Basic a', '="', 'x'])
      parseChallenges([part.repeat(16_384 / part.length)]);
    expect(performance.now() - began).to.be.lessThan(500);
  });

  it('come back as they were written, with any spacing, case and quoting', () => {
    for (let seed = 1; seed <= 3000; seed++) {
      const dice = new Dice(seed);
      const written = anyChallenges(dice);
      const header = written.map(each => format(dice, each)).join(dice.one([', ', ',', ' , , ']));
      expect(plain(parseChallenges([header])), `seed ${seed}: ${header}`).to.deep.equal(written);
    }
  });

  it('throw nothing and are parts of the header, whatever stands in it', () => {
    const pieces = [
      'Bearer',
      'Basic',
      ' ',
      ',',
      '=',
      '"',
      '\\',
      'realm',
      'service',
      'a/b',
      '\t',
      'é',
      '\u0000',
    ] as const;
    for (let seed = 1; seed <= 5000; seed++) {
      const dice = new Dice(seed);
      const header = Array.from({ length: dice.upTo(24) }, () => dice.one(pieces)).join('');
      const bare = header.replaceAll('\\', '');
      for (const { parameters } of parseChallenges([header])) {
        for (const value of parameters.values())
          expect(bare, `seed ${seed}`).to.contain(value.replaceAll('\\', ''));
      }
    }
  });
});

function anyChallenges(dice: Dice): Plain[] {
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: dice.upTo(most) }, make);
  return some(4, () => {
    const names = new Set(some(4, () => dice.one(['realm', 'service', 'scope', 'error', 'x-y'])));
    const value = () =>
      some(6, () => dice.one(['a', '"', '\\', ' ', ',', '=', 'https://', 'ü', 'Basic '])).join('');
    return [
      dice.one(['basic', 'bearer', 'x-1']),
      Object.fromEntries([...names].map(name => [name, value()])),
    ];
  });
}

function format(dice: Dice, [scheme, parameters]: Plain): string {
  const anyCase = (text: string) => (dice.oneIn(2) ? text.toUpperCase() : text);
  const written = Object.entries(parameters).map(([name, value]) => {
    const isBare = value !== '' && !/^=|[ ,"\\]/.test(value) && dice.oneIn(2);
    const quoted = `"${value.replace(/["\\]/g, '\\$&')}"`;
    return `${anyCase(name)}${dice.one(['=', ' = ', '=\t'])}${isBare ? value : quoted}`;
  });
  return `${anyCase(scheme)} ${written.join(dice.one([',', ', ', ' ,']))}`.trimEnd();
}
