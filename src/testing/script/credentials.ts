// The life of a RegistryCredential: defaults, generations, status, finalizer.

import { GROUP, KIND, VERSION } from '../../api/names.ts';
import {
  apply,
  CREDENTIAL,
  CREDENTIALS,
  get,
  json,
  merge,
  NOBODY,
  post,
  remove,
  type Step,
} from './requests.ts';

const spec = { registries: [{ server: 'a.example', basic: { secretRef: { name: 'login' } } }] };
const status = {
  observedGeneration: 1,
  conditions: [],
  registries: [],
  namespaces: { selected: 1, synced: 1, failed: 0, summary: '1/1' },
  serviceAccounts: { selected: 1, attached: 1, summary: '1/1' },
  failures: [],
};
const FINALIZER = 'regcred.dev/undo';
const ONE = `${CREDENTIALS}/${CREDENTIAL}`;
const named = { apiVersion: `${GROUP}/${VERSION}`, kind: KIND, metadata: { name: CREDENTIAL } };

export const credentials: readonly Step[] = [
  ['a RegistryCredential gets its defaults', () => post(CREDENTIALS, { ...named, spec, status }), '201'],
  [
    'a finalizer comes by merge patch',
    () => merge(ONE, 'regcred', { metadata: { finalizers: [FINALIZER] } }),
    '200',
  ],
  [
    'a status comes by JSON patch',
    () => json(`${ONE}/status`, 'regcred', { op: 'add', path: '/status', value: status }),
    '200',
  ],
  [
    'the same status changes nothing',
    () => json(`${ONE}/status`, 'regcred', { op: 'add', path: '/status', value: status }),
    '200',
  ],
  [
    'a status write leaves the rest alone',
    () =>
      merge(`${ONE}/status`, 'regcred', {
        metadata: { labels: { a: 'b' } },
        spec: { suspend: true },
        status: { observedGeneration: 2 },
      }),
    '200',
  ],
  [
    'a changed spec is another generation, and leaves the status alone',
    () => merge(ONE, 'alice', { spec: { suspend: true }, status: { observedGeneration: 7 } }),
    '200',
  ],
  ['a label is no other generation', () => merge(ONE, 'alice', { metadata: { labels: { a: 'b' } } }), '200'],
  [
    'an old resourceVersion conflicts',
    () => merge(ONE, 'alice', { metadata: { resourceVersion: '1' } }),
    '409 Conflict',
  ],
  [
    'a status of nothing is not found',
    () => json(`${CREDENTIALS}/none/status`, 'regcred', { op: 'add', path: '/status', value: status }),
    '404 NotFound',
  ],
  ['a delete of another uid conflicts', () => remove(ONE, { uid: NOBODY }), '409 Conflict'],
  ['a delete waits for the finalizer', () => remove(ONE), '200'],
  ['a second delete changes nothing', () => remove(ONE), '200'],
  [
    'no finalizer can be added now',
    () => merge(ONE, 'alice', { metadata: { finalizers: [FINALIZER, 'a.example/b'] } }),
    '422 Invalid',
  ],
  [
    'a status can be written still',
    () =>
      json(`${ONE}/status`, 'regcred', {
        op: 'add',
        path: '/status',
        value: { ...status, observedGeneration: 3 },
      }),
    '200',
  ],
  ['without finalizer it goes', () => merge(ONE, 'regcred', { metadata: { finalizers: null } }), '200'],
  ['and is gone', () => get(ONE), '404 NotFound'],
  ['an apply creates one', () => apply(ONE, 'flux', { spec: { ...spec, namespaceSelector: {} } }), '201'],
  ['without finalizer a delete is at once', () => remove(ONE), '200'],
  ['and leaves nothing', () => get(ONE), '404 NotFound'],
];
