// The scanner finds a credential in every disguise, and nothing where there is none.

import { inspect } from 'node:util';
import { expect } from 'chai';
import { longPassword, markedToken } from './marks.ts';
import { Scanner } from './scanner.ts';

/** Each encoding changes so much of it that none is found by the form of another one. */
const SECRET = '<"&+"ü\\%/<"=&>?"ü<\\@:&">"%#<\\ü&"+/>"=<ü"&\\"<?>';
const scanner = new Scanner({ it: SECRET });
const base64 = (text: string) => Buffer.from(text).toString('base64');
const config = (text: string) =>
  JSON.stringify({ auths: { 'r.io': { password: text, auth: base64(`u:${text}`) } } });
const go = (text: string) => text.replace(/[<>&]/g, one => `\\u00${one.charCodeAt(0).toString(16)}`);

const DISGUISES: Record<string, string> = {
  'as it is': SECRET,
  'in JSON': JSON.stringify({ a: SECRET }),
  'in JSON as Go writes it': go(JSON.stringify({ a: SECRET })),
  'in JSON in JSON': JSON.stringify(JSON.stringify({ a: SECRET })),
  'in the log of a webhook that logs its request': go(JSON.stringify(go(JSON.stringify({ a: SECRET })))),
  'in a URL': `/token?x=${encodeURIComponent(SECRET)}`,
  'in a URL of small letters': encodeURIComponent(SECRET).replace(/%../g, code => code.toLowerCase()),
  'in the user part of a URL': Object.assign(new URL('http://u@h'), { password: SECRET }).href,
  'in a form': new URLSearchParams({ a: SECRET }).toString(),
  'in HTML': SECRET.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'),
  'in base64': base64(SECRET),
  'in base64 for URLs': Buffer.from(SECRET).toString('base64url'),
  'in base64 in a URL': encodeURIComponent(base64(SECRET)),
  'as user and password': base64(`user:${SECRET}`),
  'as user and password, shifted by one': base64(`user1:${SECRET}`),
  'as user and password, shifted by two': base64(`user12:${SECRET}`),
  'in a docker config in base64': base64(config(SECRET)),
  'in a docker config of Go in base64': base64(go(config(SECRET))),
  'in a Secret in base64 again': base64(base64(config(SECRET))),
  'in the middle of a web token': Buffer.from(`{"x":"${SECRET}"}`).toString('base64url'),
  'in hex': Buffer.from(SECRET).toString('hex'),
  'in hex of capitals': Buffer.from(SECRET).toString('hex').toUpperCase(),
  'as Go prints bytes': `map[a:[${Buffer.from(SECRET).join(' ')}]]`,
  'as JSON of a Buffer': JSON.stringify(Buffer.from(SECRET)),
  'as JSON of a Buffer, with blanks': `[${Buffer.from(SECRET).join(', ')}]`,
  'as Go prints bytes with their type': `[]byte{${[...Buffer.from(SECRET)].map(byte => `0x${byte.toString(16)}`).join(', ')}}`,
  'as node prints a Buffer': inspect(Buffer.from(SECRET)),
  'in HTML with numbers': SECRET.replace(/[<>&"']/g, one => `&#${one.charCodeAt(0)};`),
};

describe('the scanner', () => {
  for (const [title, text] of Object.entries(DISGUISES)) {
    const padded = `${'before '.repeat(50)}${text}${' after'.repeat(50)}`;
    it(`finds a credential ${title}`, () => expect(scanner.findings(padded)).not.to.deep.equal([]));

    it(`finds the halves of it ${title}`, () => {
      // Of a longer text around it, a half may hold nothing.
      const [begin, end] = boundsIn(text);
      const middle = Math.floor((begin + end) / 2);
      expect(scanner.findings(`${text.slice(0, middle)}…`), 'the first half').not.to.deep.equal([]);
      expect(scanner.findings(`…${text.slice(middle)}`), 'the second half').not.to.deep.equal([]);
    });
  }

  it('says which and how, and shows nothing', () => {
    const both = new Scanner({ 'the password': SECRET, 'the token': 'tk-0123-4567-89ab' });
    expect(both.findings(`x ${encodeURIComponent('tk-0123-4567-89ab')}`)).to.deep.equal([
      'the token as it is',
    ]);
    expect(() => both.expectNothingIn({ metrics: '', 'the log': base64('tk-0123-4567-89ab') })).to.throw(
      'the log shows a part of the token in base64',
    );
    expect(() => both.expectNothingIn({ 'the log': SECRET })).to.throw(/^(?!.*<)/);
  });

  it('finds nothing in what is not a credential, however much of it', () => {
    const { stack = '' } = new Error('words');
    const prose = [stack, inspect(process.versions), inspect(globalThis), longPassword()];
    const numbers = Array.from({ length: 20_000 }, (_, index) => `${index}`).join(' ');
    expect(scanner.findings([...prose, numbers, base64(numbers)].join('\n'))).to.deep.equal([]);
    expect(new Scanner({ token: markedToken() }).findings(markedToken())).to.deep.equal([]);
  });

  it('refuses to look for what would be found everywhere', () => {
    expect(() => new Scanner({ it: 'short' })).to.throw(RangeError, 'it is too short');
  });
});

/** From where to where the findings go. */
function boundsIn(text: string): [number, number] {
  const found = (from: number, to: number) => scanner.findings(text.slice(from, to)).length > 0;
  let end = text.length;
  while (end > 0 && found(0, end)) end--;
  let begin = 0;
  while (begin < text.length && found(begin, text.length)) begin++;
  // `end` is one short of the first finding's end, `begin` one past the last one's beginning.
  return [Math.max(0, end - 24), Math.min(text.length, begin + 24)];
}
