// What the CRD refuses, each with a message that says what to write, and what is close to it
// and admitted. The rules are CEL, so only an API server can tell.

import { LEAST, SECRET } from './admission.ts';
import { type AdmittedRows, type RefusedRows, tryRows } from './admission-rows.ts';

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

const basic = SECRET;
const dockerConfig = SECRET;
const servers = (...names: string[]) => ({ registries: names.map(server => ({ basic, server })) });
const namespaces = (namespaceSelector: unknown) => ({ ...LEAST, namespaceSelector });
const verifying = (verification: unknown) => ({ ...LEAST, verification });
const expression = (requirement: unknown) => namespaces({ matchExpressions: [requirement] });
const accounts = (serviceAccounts: unknown) => ({ ...LEAST, serviceAccounts });

const TWICE = 'two registries are for the same server: keep one of them';
const KEY = 'write NAME or PREFIX/NAME';
const VALUE = 'write up to 63 letters';
const SECRET_NAME = 'this cannot be the name of a Secret: write lower-case letters, digits';
const ACCOUNT_NAME =
  "no ServiceAccount can have such a name: write lower-case letters, digits, '-' and '.', and '*'";

const REFUSED: RefusedRows = {
  'no spec': [undefined, 'spec: Required value'],
  'no registries': [{}, 'spec.registries: Required value'],
  'an empty list of registries': [{ registries: [] }, 'should have at least 1 items'],
  'more than 64 registries': [servers(...times(65, i => `r${i}.example.com`)), 'must have at most 64 items'],
  'a registry without source': [{ registries: [{}] }, 'no source: write basic or dockerConfig'],
  'a registry whose source is null': [
    { registries: [{ basic: null }] },
    'no source: write basic or dockerConfig',
  ],
  'a registry with two sources': [
    { registries: [{ basic, dockerConfig }] },
    'more than one source: keep one of basic, dockerConfig',
  ],
  'a source without Secret': [{ registries: [{ basic: {} }] }, 'basic.secretRef: Required value'],
  'a source without name of a Secret': [
    { registries: [{ basic: { secretRef: {} } }] },
    'basic.secretRef.name: Required value',
  ],
  'a source with an illegal name of a Secret': [
    { registries: [{ basic: { secretRef: { name: 'a/b' } } }] },
    SECRET_NAME,
  ],
  'a server beside dockerConfig': [
    { registries: [{ dockerConfig, server: 'r.example.com' }] },
    'server beside dockerConfig, which brings its servers itself: leave server out',
  ],
  'a field that there is not': [
    { registries: [{ basic, password: 'x' }] },
    'unknown field "spec.registries[0].password"',
  ],
  'a CA without a name': [{ registries: [{ basic, caSecretRef: {} }] }, 'caSecretRef.name: Required value'],
  'a mode of verification that there is not': [verifying({ mode: 'Strict' }), 'Unsupported value: "Strict"'],
  'an image that is empty': [verifying({ image: '' }), 'image is empty: write HOST/PATH:TAG'],
  'an image with a scheme': [verifying({ image: 'https://r.example.com/app' }), 'image has a scheme'],
  'an image with a user': [
    verifying({ image: 'me:secret@r.example.com/app' }),
    'image has an @ that begins no digest',
  ],
  'an image with a short digest': [
    verifying({ image: 'r.example.com/app@sha256:abc' }),
    'image has an @ that begins no digest',
  ],
  'an image in capitals': [verifying({ image: 'r.example.com/App' }), 'image is no name of an image'],
  'an image with a pattern': [verifying({ image: '*.example.com/app' }), 'image is no name of an image'],
  'an image with a space': [verifying({ image: 'r.example.com/my app' }), 'image has a space in it'],
  'an image of 513 characters': [
    verifying({ image: `r.example.com/${'a'.repeat(499)}` }),
    'Too long: may not be more than 512',
  ],
  'the same server twice': [servers('r.example.com', 'r.example.com'), TWICE],
  'the same server with and without scheme': [servers('r.example.com/a', 'http://r.example.com/a'), TWICE],
  'the same server with two schemes': [
    servers('https://r.example.com:5000', 'http://r.example.com:5000'),
    TWICE,
  ],
  'the same server with and without slash': [
    servers('a.example.com', 'r.example.com/', 'r.example.com'),
    TWICE,
  ],
  'the same server with /v1/ and /v2/': [servers('https://r.example.com/v1/', 'r.example.com/v2/'), TWICE],
  'Docker Hub twice, left out': [{ registries: [{ basic }, { basic }] }, TWICE],
  'Docker Hub twice, left out and as docker login writes it': [
    { registries: [{ basic }, { basic, server: 'https://index.docker.io/v1/' }] },
    TWICE,
  ],
  'Docker Hub twice, left out and by its host': [
    { registries: [{ basic, server: 'index.docker.io' }, { dockerConfig }, { basic }] },
    TWICE,
  ],
  'an empty name of a Secret': [{ ...LEAST, secretName: '' }, SECRET_NAME],
  'a name of a Secret with upper case': [{ ...LEAST, secretName: 'Regcred' }, SECRET_NAME],
  'a name of a Secret with two dots': [{ ...LEAST, secretName: 'a..b' }, SECRET_NAME],
  'a name of a Secret of 254 characters': [
    { ...LEAST, secretName: 'a'.repeat(254) },
    'may not be more than 253',
  ],
  'a matchLabels key with a space': [namespaces({ matchLabels: { 'a b': 'c' } }), KEY],
  'an empty matchLabels key': [namespaces({ matchLabels: { '': 'c' } }), KEY],
  'a matchLabels key of 64 characters': [namespaces({ matchLabels: { ['a'.repeat(64)]: 'c' } }), KEY],
  'a matchLabels value with a space': [namespaces({ matchLabels: { a: 'b c' } }), VALUE],
  'a matchLabels value of 64 characters': [
    namespaces({ matchLabels: { a: 'b'.repeat(64) } }),
    'may not be more than 63',
  ],
  'a matchLabels value of null, which would select everything': [
    namespaces({ matchLabels: { a: null } }),
    '"" is the empty value',
  ],
  'an operator in lower case': [
    expression({ key: 'a', operator: 'in', values: ['b'] }),
    'supported values: "In", "NotIn", "Exists", "DoesNotExist"',
  ],
  'an expression without key': [expression({ operator: 'Exists' }), 'key: Required value'],
  'an expression without operator': [expression({ key: 'a' }), 'operator: Required value'],
  'In without values': [
    expression({ key: 'a', operator: 'In' }),
    'In and NotIn need values: write at least one',
  ],
  'NotIn with an empty list': [
    expression({ key: 'a', operator: 'NotIn', values: [] }),
    'In and NotIn need values: write at least one',
  ],
  'Exists with a value': [
    expression({ key: 'a', operator: 'Exists', values: ['b'] }),
    'take no values: leave values out, or use In or NotIn',
  ],
  'DoesNotExist with a value': [
    expression({ key: 'a', operator: 'DoesNotExist', values: [''] }),
    'take no values: leave values out, or use In or NotIn',
  ],
  'an expression on a key that is none': [expression({ key: 'A/b', operator: 'Exists' }), KEY],
  'an expression with a value that is none': [expression({ key: 'a', operator: 'In', values: ['-'] }), VALUE],
  'serviceAccounts that select nothing': [
    accounts({}),
    'write names or selector, or leave serviceAccounts out for every ServiceAccount',
  ],
  'serviceAccounts with names of null': [
    accounts({ names: null }),
    'write names or selector, or leave serviceAccounts out for every ServiceAccount',
  ],
  'serviceAccounts with an empty list of names': [
    accounts({ names: [] }),
    'write at least one name, or leave names out',
  ],
  'an empty list of names beside a selector': [
    accounts({ names: [], selector: {} }),
    'write at least one name, or leave names out',
  ],
  'an empty name of a ServiceAccount': [accounts({ names: [''] }), ACCOUNT_NAME],
  'a name of a ServiceAccount with upper case': [accounts({ names: ['default', 'Build'] }), ACCOUNT_NAME],
  'a pattern of another kind': [accounts({ names: ['build-?'] }), ACCOUNT_NAME],
  'a selector of ServiceAccounts with an illegal key': [
    accounts({ selector: { matchLabels: { '-a': 'b' } } }),
    KEY,
  ],
  'a deletionPolicy that there is not': [
    { ...LEAST, deletionPolicy: 'Retain' },
    'supported values: "Delete", "Orphan"',
  ],
  'a suspend that is no boolean': [{ ...LEAST, suspend: 'yes' }, 'must be of type boolean'],
};

// The API server gives up on a value whose rules take too long: none that the bounds allow may.
const longestSelector = {
  matchLabels: Object.fromEntries(
    times(32, i => [`${'a'.repeat(250)}${i}/${'B'.repeat(63)}`, 'c'.repeat(63)]),
  ),
  matchExpressions: times(32, () => ({
    key: `${'a'.repeat(253)}/${'B'.repeat(63)}`,
    operator: 'NotIn',
    values: times(32, () => 'c'.repeat(63)),
  })),
};
const longest = {
  registries: times(64, i => ({
    basic: { secretRef: { name: 'a'.repeat(253) } },
    caSecretRef: { name: 'a'.repeat(253) },
    server: `http://${10 + i}${'a'.repeat(237)}.io:5000/`,
  })),
  secretName: 'a'.repeat(253),
  verification: { mode: 'Enforce', image: 'a'.repeat(512) },
  namespaceSelector: longestSelector,
  serviceAccounts: { names: times(128, () => `${'a*'.repeat(126)}b`), selector: longestSelector },
};

const ADMITTED: AdmittedRows = {
  'the least that there is': LEAST,
  'one source of each kind': { registries: [{ basic, server: 'r.example.com' }, { dockerConfig }] },
  'two docker configs, whose servers nobody knows yet': { registries: [{ dockerConfig }, { dockerConfig }] },
  'a source of null beside another': { registries: [{ basic, dockerConfig: null }] },
  '64 registries': servers(...times(64, i => `r${i}.example.com`)),
  'a registry and a part of it': servers('r.example.com', 'r.example.com/team', 'r.example.com/team/'),
  'two ports of a host': servers('r.example.com', 'r.example.com:443'),
  'Docker Hub and an organisation on it': { registries: [{ basic }, { basic, server: 'docker.io/org' }] },
  'every namespace': namespaces({}),
  'no namespaceSelector': namespaces(null),
  'the longest label key': namespaces({ matchLabels: { [`${'a'.repeat(253)}/${'B'.repeat(63)}`]: '' } }),
  'every operator': namespaces({
    matchExpressions: [
      { key: 'a', operator: 'In', values: ['', 'B_c.d'] },
      { key: 'example.com/A', operator: 'NotIn', values: ['c'] },
      { key: 'a', operator: 'Exists' },
      { key: 'b', operator: 'DoesNotExist', values: [] },
    ],
  }),
  'ServiceAccounts by patterns': accounts({ names: ['default', '*', 'build-*', '*-bot', 'a*b*.c'] }),
  'ServiceAccounts by labels': accounts({ selector: { matchLabels: { a: 'b' } } }),
  'every ServiceAccount by an empty selector': accounts({ selector: {} }),
  'the longest name of a Secret': { ...LEAST, secretName: 'a'.repeat(253) },
  'everything as long and as many as it may be': longest,
  'verification by the least': verifying({}),
  'an image of Docker Hub, which is not tried': verifying({ mode: 'Off', image: 'nginx' }),
  'an image with port, tag and digest': verifying({
    mode: 'Enforce',
    image: `r.example.com:5000/a__b/c-d.e:V1_.x@sha256:${'0a'.repeat(32)}`,
  }),
  'Orphan and suspend': { ...LEAST, deletionPolicy: 'Orphan', suspend: true },
};

describe('The API server', () => {
  tryRows(REFUSED, ADMITTED);
});
