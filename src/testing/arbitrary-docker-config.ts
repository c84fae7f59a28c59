// The text of a `.dockerconfigjson`: sound, nearly sound, and absurd. Written as text, for what JSON allows and no
// object can hold (the same key twice) is part of it.

import fc from 'fast-check';
import { anyServer } from './arbitrary-server.ts';
import { anyJson, anyText, PROTOTYPE_NAMES } from './arbitrary-text.ts';
import { MARK } from './mark.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const username: fc.Arbitrary<string> = fc.oneof(fc.constantFrom('u', 'robot', '_json_key'), anyText);
/** Each holds the mark. */
export const markedPassword: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(MARK, `${MARK}:with:colons`, `${MARK}\n`, `${MARK}<>&\u2028`, `${MARK}\u{1f600}\ud800`),
  anyText.map(text => text + MARK),
);

/** JSON of an object with these members, in this order, also with two of one name. */
const objectText = (members: readonly (readonly [name: string, json: string])[]): string =>
  `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;

const soundEntry = fc
  .tuple(username, markedPassword, fc.constantFrom('both', 'auth', 'pair', 'contradicting'))
  .map(([user, password, form]) => {
    const pair = [
      ['username', JSON.stringify(user)],
      ['password', JSON.stringify(password)],
    ] as const;
    const auth = ['auth', JSON.stringify(base64(`${user}:${password}`))] as const;
    if (form === 'auth') return objectText([auth]);
    if (form === 'pair') return objectText(pair);
    return objectText(
      form === 'both' ? [...pair, auth] : [['username', '"other"'], auth, ['email', '"u@r.io"']],
    );
  });

/** What decodes to something, to nothing, and to what is no login. */
const authText: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(username, markedPassword).map(([user, password]) => base64(`${user}:${password}`)),
  fc
    .tuple(username, markedPassword)
    .map(([user, password]) => base64(`${user}:${password}`).replace(/=+$/, '')),
  fc
    .tuple(username, markedPassword)
    .map(([user, password]) => base64(`${user}:${password}`).replace(/.{7}/g, '$&\n')),
  fc
    .tuple(username, markedPassword)
    .map(([user, password]) => Buffer.from(`${user}:${password}`).toString('base64url')),
  // Too much padding, or too little.
  fc
    .tuple(username, markedPassword, fc.nat(6))
    .map(([user, password, padding]) => base64(`${user}:${password}`).replace(/=*$/, '='.repeat(padding))),
  markedPassword.map(base64),
  markedPassword,
  fc.uint8Array({ maxLength: 12 }).map(bytes => Buffer.from(bytes).toString('base64')),
  fc.string({
    unit: fc.constantFrom('d', 'T', 'p', 'm', '=', '+', '/', '-', '_', ' ', '\n', '\r', ':'),
    maxLength: 12,
  }),
);

const NAMES = [
  ...['username', 'password', 'email', 'auth'],
  ...['Username', 'PASSWORD', 'eMail', 'Auth', 'AUTH', 'pa\u017fsword', 'u\u017fername'],
  ...['identitytoken', 'registrytoken', 'Provider', ...PROTOTYPE_NAMES],
] as const;

const memberOfEntry = fc.tuple(
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: anyText }),
  fc.oneof(
    { weight: 4, arbitrary: markedPassword.map(text => JSON.stringify(text)) },
    { weight: 4, arbitrary: authText.map(text => JSON.stringify(text)) },
    { weight: 1, arbitrary: fc.constantFrom('null', '""', '5', 'true', '[]', '{}', '1e400') },
    { weight: 1, arbitrary: anyJson.map(value => JSON.stringify(value)) },
  ),
);

/** No name twice to the letter: JSON.parse hides the first, which Go had read, and may have read for good. */
const oddEntry = fc.uniqueArray(memberOfEntry, { maxLength: 5, selector: ([name]) => name }).map(objectText);

const entry: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: soundEntry },
  { weight: 4, arbitrary: oddEntry },
  { weight: 3, arbitrary: authText.map(text => objectText([['auth', JSON.stringify(text)]])) },
  { weight: 1, arbitrary: anyJson.map(value => JSON.stringify(value)) },
);

const keyOfAuths = fc.oneof(
  anyServer,
  fc.constantFrom('a.io', 'b.io:5000', 'https://c.io/v2/'),
  fc.constantFrom(...PROTOTYPE_NAMES, MARK, `u:${MARK}@r.io`, `r.io?${MARK}`),
);

const auths: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.array(fc.tuple(keyOfAuths, entry), { maxLength: 4 }).map(objectText),
  },
  { weight: 1, arbitrary: anyJson.map(value => JSON.stringify(value)) },
);

const memberOfConfig = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom('auths', 'auths', 'auths', 'Auths', 'AUTHS', 'auth\u017f'), auths),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom('credsStore', 'HttpHeaders', 'credHelpers', ...PROTOTYPE_NAMES),
      anyJson.map(value => JSON.stringify(value)),
    ),
  },
);

const config = fc.array(memberOfConfig, { minLength: 1, maxLength: 3 }).map(objectText);

/** A character or more is gone, doubled or another. */
const damaged = fc.tuple(config, fc.nat(), fc.nat(6), anyText).map(([text, at, length, other]) => {
  const start = at % (text.length + 1);
  return text.slice(0, start) + other + text.slice(start + length);
});

/** Deeper than a parser that calls itself can go. */
const deep = fc
  .tuple(
    config,
    fc.integer({ min: 9_900, max: 100_000 }),
    fc.constantFrom(['[', ']'], ['{"__proto__":', '}'], ['{"auths":', '}']),
    fc.boolean(),
  )
  .map(([text, depth, [open = '', close = ''], isClosed]) => {
    const nested = open.repeat(depth) + (isClosed ? `1${close.repeat(depth)}` : '');
    return text.replace(/\}$/, `,"x":${nested}}`);
  });

const large = fc.tuple(soundEntry, fc.integer({ min: 900_000, max: 1_100_000 })).map(([sound, size]) => {
  const padded = sound.replace(/\}$/, `,"email":"${'x'.repeat(size)}"}`);
  return `{"auths":{"r.io":${padded},"s.io":${sound}}}`;
});

export const soundConfig: fc.Arbitrary<string> = fc
  .array(fc.tuple(anyServer, soundEntry), { maxLength: 5 })
  .map(entries => objectText([['auths', objectText(entries)]]));

export const anyConfig: fc.Arbitrary<string> = fc.oneof(
  { weight: 60, arbitrary: config },
  { weight: 20, arbitrary: soundConfig },
  { weight: 15, arbitrary: damaged },
  { weight: 5, arbitrary: anyText },
);

/** Slow, so few of them. */
export const heavyConfig: fc.Arbitrary<string> = fc.oneof(deep, large);
