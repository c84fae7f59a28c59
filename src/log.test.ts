// Whatever is handed to the log: the line is whole, and no credential is on it.

import { expect } from 'chai';
import { ApiError, TransportError } from './kube/errors.ts';
import { createLog, type LogFields, type LogLevel } from './log.ts';
import { createRedactor } from './redactor.ts';

function record(level: LogLevel = 'debug', format: 'json' | 'text' = 'json') {
  const lines: string[] = [];
  const redactor = createRedactor();
  const write = (line: string) => void lines.push(line);
  const log = createLog({ level, format, redactor, write, time: () => 'T' });
  return { log, lines, redactor };
}

/** The line that these fields make, read back. */
function line(fields: LogFields): Record<string, unknown> {
  const { log, lines } = record();
  log.info('m', fields);
  expect(lines).to.have.length(1);
  return JSON.parse(lines[0] ?? '');
}

describe('the log', () => {
  it('writes one line of JSON for each message', () => {
    const { log, lines } = record();
    log.warn('could not apply', { namespace: 'apps', attempt: 2 });
    expect(lines).to.deep.equal([
      '{"level":"warn","time":"T","message":"could not apply","namespace":"apps","attempt":2}\n',
    ]);
  });

  it('writes text for people', () => {
    const { log, lines } = record('info', 'text');
    log.info('synced', { namespace: 'apps', summary: 'a b', counts: { n: 1 } });
    expect(lines).to.deep.equal(['T INFO  synced namespace=apps summary="a b" counts={"n":1}\n']);
  });

  it('keeps what is below its level to itself', () => {
    const { log, lines } = record('warn');
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](level);
    expect(lines.map(text => JSON.parse(text).level)).to.deep.equal(['warn', 'error']);
  });

  it('does not let a field take the place of level, time or message', () => {
    expect(line({ level: 'x', message: 'y' })).to.include({
      level: 'info',
      message: 'm',
      level_: 'x',
      message_: 'y',
    });
  });

  it('keeps a message with line breaks on one line', () => {
    expect(line({ text: 'a\nb' })).to.include({ text: 'a\nb' });
  });

  const keys = [
    'password',
    'auth',
    'token',
    'accessToken',
    'data',
    'stringData',
    'Authorization',
    '.dockerconfigjson',
  ];
  for (const key of keys) {
    it(`masks whatever stands under ${key}`, () => {
      expect(line({ object: { [key]: { deep: 'geheim' } } })).to.deep.include({ object: { [key]: '***' } });
    });
  }

  it('masks credentials that it was told of, in messages, fields, keys and errors', () => {
    const { log, lines, redactor } = record();
    redactor.learn('hunter22');
    log.error('no hunter22', {
      list: ['hunter22'],
      map: new Map([['hunter22', 1]]),
      hunter22: 'key',
      url: new URL('https://r.io/hunter22'),
      error: new Error('hunter22', { cause: new Error('hunter22') }),
    });
    expect(lines.join()).to.include('***').and.not.include('hunter22');
  });

  it('masks before it cuts, so that no half credential is left', () => {
    const { log, lines, redactor } = record();
    redactor.learn('hunter22');
    log.info('m', { text: `${'x'.repeat(4092)}hunter22` });
    expect(lines.join()).not.to.include('hunt');
  });

  it('shows an error as name, message, code and the causes', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const error = new TransportError('no answer', { cause });
    expect(line({ error })).to.deep.include({
      error: { name: 'TransportError', message: 'no answer', cause: 'connect ECONNREFUSED' },
    });
    expect(line({ error: new ApiError(403, 'Forbidden', 'no') })).to.deep.include({
      error: { name: 'ApiError', message: 'no', code: 403 },
    });
  });

  it('shows neither body nor headers of an error', () => {
    const error = Object.assign(new Error('Body: geheim'), {
      code: 500,
      body: 'geheim',
      headers: { a: 'geheim' },
    });
    for (const fields of [{ error }, { error: new Error('outer', { cause: error }) }]) {
      expect(JSON.stringify(line(fields)))
        .to.include('answer 500')
        .and.not.include('geheim');
    }
  });

  const circle: Record<string, unknown> = { name: 'a' };
  circle.self = circle;
  const circularCause = new Error('round');
  circularCause.cause = circularCause;
  let deep: unknown = 'bottom';
  for (let level = 0; level < 10_000; level++) deep = { deep };
  const awkward: Record<string, [value: unknown, shown: unknown]> = {
    'a cycle': [circle, { name: 'a', self: '[circular]' }],
    'an error that causes itself': [
      circularCause,
      { name: 'Error', message: 'round', cause: Array(6).fill('round').join(': ') },
    ],
    'a BigInt': [10n ** 20n, '100000000000000000000'],
    'a symbol': [Symbol('s'), 'Symbol(s)'],
    'a number that JSON lacks': [Number.NaN, 'NaN'],
    'an invalid date': [new Date(Number.NaN), 'Invalid Date'],
    bytes: [Buffer.from('geheim'), '[6 bytes]'],
    'a huge text': ['x'.repeat(100_000), '[text of 100000 characters]'],
    'a long text': ['x'.repeat(5000), `${'x'.repeat(4096)}… [5000 characters]`],
    'a getter that throws': [
      Object.defineProperty({}, 'a', {
        enumerable: true,
        get: () => {
          throw new Error('geheim');
        },
      }),
      '[unreadable]',
    ],
    'an object without prototype': [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    'a toJSON of its own': [
      { a: 1, toJSON: () => 'geheim' },
      { a: 1, toJSON: '[function]' },
    ],
  };
  for (const [what, [value, shown]] of Object.entries(awkward)) {
    it(`bears ${what}`, () => expect(line({ value }).value).to.deep.equal(shown));
  }

  it('cuts what is deep or has many items', () => {
    expect(JSON.stringify(line({ deep }))).to.include('[too deep]');
    const { many } = line({ many: Array.from({ length: 5000 }, (_, index) => index) }) as { many: unknown[] };
    expect(many).to.have.length(101);
    expect(many.at(-1)).to.equal('… 5000 in all');
  });
});
