// Servers as people write them, as nobody should, and as somebody might who means harm.

import fc from 'fast-check';
import { anyText } from './arbitrary-text.ts';

const HOSTS = [
  'r.io',
  'registry.example',
  'R.Example',
  'localhost',
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'host',
  '*',
  '*.r.io',
  'r?.io',
  'r[0-9].io',
  'r-*.io',
  'r_r.io',
  'r..io',
  '.r.io',
  'r.io.',
  '-r.io',
  '10.0.0.1',
  '::1',
  '[::1]',
  '[fd00::a]',
  '[::1%25en0]',
  '[10.0.0.1]',
  '[',
  ']',
  'b\u00fccher.example',
  'b%C3%BCcher.example',
  'r%2eio',
  'r%25.io',
  'user@r.io',
  'user:fake@r.io',
  '',
] as const;
const PORTS = [
  '',
  ':5000',
  ':443',
  ':80',
  ':0',
  ':',
  ':05',
  ':99999',
  ':x',
  ':5000:1',
  ':*',
  ':latest',
] as const;
const PATHS = [
  '',
  '/',
  '//',
  '/v1/',
  '/v2/',
  '/v1',
  '/v2',
  '/v3/',
  '/V1/',
  '/v1/v2/',
  '/v2/team',
  '/team',
  '/team/',
  '/team/v1/app',
  '/%76%32/x',
  '/a%2fb',
  '/%20',
  '/%ff',
  '/%4',
  '/../team',
  '/./x',
  '/te+am',
  '/te;am',
  '/te*m',
  '/app:v1',
  '/app@sha256:00',
  '?x=y',
  '#x',
  '/x?y#z',
] as const;
const SCHEMES = [
  '',
  'https://',
  'http://',
  'HTTPS://',
  'Http://',
  'oci://',
  'docker://',
  '//',
  'https:/',
  'https:',
  'https://https://',
] as const;

const choice = (all: readonly string[]): fc.Arbitrary<string> =>
  // Mostly the first and plain one, or hardly a server would have one oddity only.
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(all[0] ?? '') },
    { weight: 1, arbitrary: fc.constantFrom(...all) },
  );

/** Near enough to a server that some of it means something. */
const likely = fc
  .tuple(
    choice(SCHEMES),
    fc.constantFrom(...HOSTS),
    choice(PORTS),
    fc.oneof(choice(PATHS), fc.constantFrom(...PATHS)),
  )
  .map(parts => parts.join(''));

/** Of the characters that a URL gives a meaning to. */
const punctuated = fc.string({
  unit: fc.constantFrom(
    'a',
    'v',
    '1',
    '2',
    '.',
    ':',
    '/',
    '%',
    '[',
    ']',
    '*',
    '?',
    '#',
    '@',
    '-',
    '_',
    'A',
    '\\',
    '5',
  ),
  maxLength: 12,
});

/** Two of them, one within the other. */
const mixed = fc
  .tuple(likely, fc.oneof(anyText, punctuated), fc.nat(20))
  .map(([server, text, at]) => server.slice(0, at) + text + server.slice(at));

export const anyServer: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: likely },
  { weight: 2, arbitrary: mixed },
  { weight: 2, arbitrary: punctuated },
  { weight: 1, arbitrary: anyText },
  { weight: 1, arbitrary: fc.webUrl() },
  {
    weight: 1,
    arbitrary: fc.tuple(likely, fc.integer({ min: 480, max: 520 })).map(([s, n]) => s.padEnd(n, '/a')),
  },
);

/** As the CRD may take it. */
export const plausibleServer: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '', 'https://', 'http://'),
    fc.oneof(
      fc
        .array(fc.string({ unit: fc.constantFrom('a', 'b', '1', '*', '-'), minLength: 1, maxLength: 3 }), {
          minLength: 1,
          maxLength: 3,
        })
        .map(labels => labels.join('.')),
      fc.constantFrom(
        'localhost',
        'docker.io',
        'index.docker.io',
        '[::1]',
        '[fd00::a:1]',
        '[1.2.3.4]',
        '[::ffff:1.2.3.4]',
        '[:]',
        '[..]',
      ),
    ),
    fc.oneof(
      fc.constant(''),
      fc.integer({ min: 1, max: 70_000 }).map(port => `:${port}`),
    ),
    fc
      .array(
        fc.oneof(
          fc.constantFrom('v1', 'v2', 'team', 'a.b', 'a_b-c', 'x..y', '.', '..'),
          fc.string({ unit: fc.constantFrom('a', '1', '.', '_', '-'), minLength: 1, maxLength: 4 }),
        ),
        { maxLength: 3 },
      )
      .map(parts => parts.map(part => `/${part}`).join('')),
    fc.constantFrom('', '', '/'),
  )
  .map(parts => parts.join(''));
