// `server`: the key under which the kubelet finds a login. What no image could ever match is
// refused, for it would be written, be shown as Ready, and still every pull would fail.

import { MAX_SERVER } from './bounds.ts';
import { type Mistake, matches, refusal } from './cel-rule.ts';
import type { Rule, Schema } from './schema.ts';

export const server = {
  type: 'string',
  description:
    "The registry that the login is for, as docker login takes it: HOST, HOST:PORT or HOST/PATH, such as registry.example.com/team; '*' stands for any text within one part of the host name, as in *.example.com. Left out it is Docker Hub; docker.io/ORGANISATION is that part of Docker Hub only.",
  maxLength: MAX_SERVER,
} as const satisfies Schema;

const HOST_LABEL = '[a-z0-9*]([-a-z0-9*]*[a-z0-9*])?';
const HOST = `${HOST_LABEL}(\\.${HOST_LABEL})*`;
const PORT = ':[1-9][0-9]{0,4}';
const IPV6 = '\\[[0-9a-f:.]+\\]';
const PATH = '(/[a-z0-9][a-z0-9._-]*)*/?';

const FORM = 'HOST, HOST:PORT or HOST/PATH, such as registry.example.com/team';

const written = 'self.server';
const bare = `${written}.replace('https://', '').replace('http://', '')`;
const has = (pattern: string): string => matches(bare, pattern);
const lacks = (pattern: string): string => `!${has(pattern)}`;

const mistakes: readonly Mistake[] = [
  {
    when: `${written} == ''`,
    say: `server is empty: write ${FORM}, or leave server out for Docker Hub`,
  },
  {
    when: matches(written, '\\s'),
    say: `server has a space in it: write ${FORM}`,
  },
  {
    when: `${written}.contains('@')`,
    say: `server has an @ in it: write ${FORM}, without digest and without user; user and password belong in the Secret`,
  },
  {
    when: `${written}.contains('://') && !${matches(`${written}.lowerAscii()`, '^https?://')}`,
    say: `server has a scheme that is not http or https: write ${FORM}, without scheme`,
  },
  {
    when: `${written} != ${written}.lowerAscii()`,
    say: 'server has upper-case letters, which no image name has: write it in lower-case letters',
  },
  {
    when: has('^[^/]+/.*:'),
    say: `server ends in a tag: write ${FORM}, without tag; a login is for a path and everything below it`,
  },
  {
    when: `${has('^[^/[]*:')} && ${lacks(`^[^/:]*${PORT}(/|$)`)}`,
    say: 'server has something after the colon that is no port: write HOST:PORT with a number, without tag; an IPv6 address as [::1]:5000',
  },
  {
    when: `${has('^\\[')} && ${lacks(`^${IPV6}${PORT}(/|$)`)}`,
    say: 'server has an IPv6 address that the kubelet cannot match: write it with its port, such as [::1]:5000',
  },
  {
    when: has('^[^/]+/.*[*]'),
    say: 'server has a * in its path: write it in the host only, such as *.example.com; a path covers all that begins with it',
  },
  {
    when: has('^[^/]+/v[12]/.'),
    say: 'server has a path below /v1/ or /v2/, which the kubelet takes off: write HOST/PATH without it',
  },
  {
    when: `${has('^index\\.docker\\.io/')} && ${lacks('^[^/]+/(v[12]/)?$')}`,
    say: 'server names a part of Docker Hub in a way that the kubelet does not know: write docker.io/ORGANISATION, or leave server out for all of Docker Hub',
  },
  {
    when: `${has('^[^/.:]+(/|$)')} && ${lacks('^localhost(/|$)')}`,
    say: 'server has a host without dot and port, which in an image name means Docker Hub: write the full host name, such as registry.example.com, or HOST:PORT',
  },
  {
    when: `!${matches(written, `^(https?://)?(${HOST}(${PORT})?|${IPV6}${PORT})${PATH}$`)}`,
    say: `server is not what docker login takes: write ${FORM}, of lower-case letters, digits, '-' and '.'`,
  },
];

const { rule, ...messages } = refusal(`server: write ${FORM}`, mistakes);

// A rule of the registry and not of the string, for the API server repeats a bad string in its
// answer, and where somebody took the form USER:PASSWORD@HOST that would print the password.
export const serverRule = {
  rule: `!has(${written}) || (${rule})`,
  ...messages,
  fieldPath: '.server',
} as const satisfies Rule;
