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

const ofUid = (uid: string) => [
  { op: 'test', path: '/metadata/uid', value: uid },
  { op: 'add', path: '/status', value: { ...status, observedGeneration: 5 } },
];

/** As the operator writes: each with what it has seen. */
const byWhatWasSeen: readonly Step[] = [
  ['a RegistryCredential comes again', () => post(CREDENTIALS, { ...named, spec }), '201'],
  ['it is there already', () => post(CREDENTIALS, { ...named, spec }), '409 AlreadyExists'],
  [
    'a finalizer comes to what was seen',
    ({ metadata: { uid, resourceVersion } }) =>
      merge(ONE, 'regcred', { metadata: { uid, resourceVersion, finalizers: [FINALIZER] } }),
    '200',
  ],
  [
    'a finalizer does not come to an older state',
    ({ metadata: { uid } }) =>
      merge(ONE, 'regcred', {
        metadata: { uid, resourceVersion: '1', finalizers: [FINALIZER, 'a.example/b'] },
      }),
    '409 Conflict',
  ],
  [
    'a finalizer does not come to another object',
    ({ metadata: { resourceVersion } }) =>
      merge(ONE, 'regcred', {
        metadata: { uid: NOBODY, resourceVersion, finalizers: [FINALIZER, 'a.example/b'] },
      }),
    '422 Invalid',
  ],
  [
    'of two that are wrong one is told',
    () => merge(ONE, 'regcred', { metadata: { uid: NOBODY, resourceVersion: '1' } }),
    '409 Conflict',
  ],
  [
    'a status comes to what was seen',
    ({ metadata: { uid } }) => json(`${ONE}/status`, 'regcred', ...ofUid(uid)),
    '200',
  ],
  [
    'a status does not come to another object',
    () => json(`${ONE}/status`, 'regcred', ...ofUid(NOBODY)),
    '422 Invalid',
  ],
  [
    'a status may name the state that it is about',
    ({ metadata: { resourceVersion } }) =>
      merge(`${ONE}/status`, 'regcred', { metadata: { resourceVersion }, status: { observedGeneration: 6 } }),
    '200',
  ],
  [
    'and does not come to an older one',
    () =>
      merge(`${ONE}/status`, 'regcred', {
        metadata: { resourceVersion: '1' },
        status: { observedGeneration: 7 },
      }),
    '409 Conflict',
  ],
  [
    'a status heeds no uid but that of a test',
    () => merge(`${ONE}/status`, 'regcred', { metadata: { uid: NOBODY }, status: { observedGeneration: 7 } }),
    '200',
  ],
  [
    'a status is no way to a finalizer',
    () => merge(`${ONE}/status`, 'regcred', { metadata: { finalizers: null } }),
    '200',
  ],
  [
    'a status that lacks something is refused',
    () => merge(`${ONE}/status`, 'regcred', { status: { failures: null } }),
    '422 Invalid',
  ],
  ['a delete of an older state conflicts', () => remove(ONE, { resourceVersion: '1' }), '409 Conflict'],
  [
    'a delete of what was seen waits for the finalizer',
    ({ metadata: { uid, resourceVersion } }) => remove(ONE, { uid, resourceVersion }),
    '200',
  ],
  ['a second delete heeds its preconditions', () => remove(ONE, { uid: NOBODY }), '409 Conflict'],
  ['so does one of an older state', () => remove(ONE, { resourceVersion: '1' }), '409 Conflict'],
  ['its spec can be changed still', () => merge(ONE, 'alice', { spec: { suspend: true } }), '200'],
  [
    'the finalizer does not go from an older state',
    ({ metadata: { uid } }) =>
      merge(ONE, 'regcred', { metadata: { uid, resourceVersion: '1', finalizers: [] } }),
    '409 Conflict',
  ],
  [
    'the finalizer goes from what was seen',
    ({ metadata: { uid, resourceVersion } }) =>
      merge(ONE, 'regcred', { metadata: { uid, resourceVersion, finalizers: [] } }),
    '200',
  ],
  ['and a status finds nothing more', () => merge(`${ONE}/status`, 'regcred', { status }), '404 NotFound'],
];

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
  ...byWhatWasSeen,
];
