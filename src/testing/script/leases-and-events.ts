// What replicas agree by and what they tell people: the Lease and Events, as the operator writes them.

import { GROUP, KIND, LEASE, REPORTING_CONTROLLER, VERSION } from '../../api/names.ts';
import { EVENT_NAMESPACE, eventObject } from '../../kube/event-object.ts';
import type { KubeObject } from '../../kube/kube-client.ts';
import { takenBy } from '../../kube/lease-record.ts';
import { leasesPath } from '../../kube/lease-store.ts';
import { get, merge, NAMESPACE, NOBODY, post, put, remove, type Step } from './requests.ts';

const NOON = Date.UTC(2026, 0, 1, 12);
const LEASES = leasesPath(NAMESPACE);
const ONE = `${LEASES}/${LEASE}`;
const fresh = (holder: string) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: LEASE, namespace: NAMESPACE },
  spec: takenBy(holder, undefined, NOON),
});
const renewed = (last: KubeObject, holder: string, metadata: object = {}) => ({
  ...last,
  metadata: { ...last.metadata, ...metadata },
  spec: takenBy(holder, (last as KubeObject & { spec: object }).spec, NOON + 2_000),
});

const leases: readonly Step[] = [
  ['nobody holds the Lease', () => get(ONE), '404 NotFound'],
  ['one takes it', () => post(LEASES, fresh('a')), '201'],
  ['another comes too late', () => post(LEASES, fresh('b')), '409 AlreadyExists'],
  ['it is read', () => get(ONE), '200'],
  ['it is renewed', last => put(ONE, renewed(last, 'a')), '200'],
  ['the same again is no write', last => put(ONE, renewed(last, 'a')), '200'],
  [
    'who saw an older state does not get it',
    last => put(ONE, renewed(last, 'b', { resourceVersion: '1' })),
    '409 Conflict',
  ],
  [
    'who saw another one does not get it',
    last => put(ONE, renewed(last, 'b', { uid: NOBODY })),
    '409 Conflict',
  ],
  ['who saw this state does', last => put(ONE, renewed(last, 'b')), '200'],
  ['somebody empties it', () => merge(ONE, 'alice', { spec: { holderIdentity: null } }), '200'],
  [
    'a term of no length is refused',
    () => merge(ONE, 'alice', { spec: { leaseDurationSeconds: 0 } }),
    '422 Invalid',
  ],
  [
    'fewer terms than none are refused',
    () => merge(ONE, 'alice', { spec: { leaseTransitions: -1 } }),
    '422 Invalid',
  ],
  ['it is deleted', () => remove(ONE), '200'],
  ['who still knows it does not bring it back', last => put(ONE, renewed(last, 'b')), '409 Conflict'],
  ['who knows of none makes it', () => put(ONE, fresh('c')), '201'],
  ['and gives it up', ({ metadata: { uid } }) => remove(ONE, { uid }), '200'],
];

const EVENTS = `/apis/events.k8s.io/v1/namespaces/${EVENT_NAMESPACE}/events`;
const NAME = 'scripted.1';
const EVENT = `${EVENTS}/${NAME}`;
const draft = {
  object: { name: 'scripted', uid: 'u-1' },
  type: 'Normal',
  reason: 'Synced',
  action: 'Sync',
  note: 'a test',
} as const;
const origin = {
  regarding: { apiVersion: `${GROUP}/${VERSION}`, kind: KIND },
  reportingController: REPORTING_CONTROLLER,
  reportingInstance: 'test',
};
const event = () => eventObject(NAME, draft, origin, NOON, undefined);
const series = (count: number) => ({
  series: { count, lastObservedTime: '2026-01-01T12:00:01.000000Z' },
});

const events: readonly Step[] = [
  ['an Event is not there to be repeated', () => merge(EVENT, 'regcred', series(2)), '404 NotFound'],
  ['an Event comes', () => post(EVENTS, event(), 'regcred'), '201'],
  ['the same one does not come twice', () => post(EVENTS, event(), 'regcred'), '409 AlreadyExists'],
  ['it is repeated', () => merge(EVENT, 'regcred', series(2)), '200'],
  ['the same count is no write', () => merge(EVENT, 'regcred', series(2)), '200'],
  ['it is repeated more often', () => merge(EVENT, 'regcred', series(7)), '200'],
  ['it goes', () => remove(EVENT), '200'],
];

export const leasesAndEvents: readonly Step[] = [...leases, ...events];
