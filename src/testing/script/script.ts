// One script of requests for the in-memory API server and for a real one: what holds
// there must hold here, or the tests of the loop prove nothing.

import { EVENT_NAMESPACE } from '../../kube/event-object.ts';
import { aNamespace } from '../builders.ts';
import { credentials } from './credentials.ts';
import { leasesAndEvents } from './leases-and-events.ts';
import { ACCOUNTS, get, NAMESPACE, NAMESPACES, post, type Step } from './requests.ts';
import { secretsByApply } from './secrets-by-apply.ts';
import { secretsByHand } from './secrets-by-hand.ts';
import { serviceAccounts } from './service-accounts.ts';
import { termination } from './termination.ts';

/** Comes first. On a real cluster its default ServiceAccount is to be awaited before the rest. */
export const namespaceStep: Step = [
  'a namespace is created',
  () => post(NAMESPACES, { metadata: { name: NAMESPACE, labels: { team: 'a' } } }),
  '201',
];

/** What a cluster has from the start. */
export const givenNamespace = aNamespace(EVENT_NAMESPACE);

/** The ServiceAccount that a controller makes. */
export const defaultAccount = get(`${ACCOUNTS}/default`);

export const script: readonly Step[] = [
  ...secretsByApply,
  ...secretsByHand,
  ...serviceAccounts,
  ...credentials,
  ...leasesAndEvents,
  ...termination,
];
