// What `core` makes of a ServiceAccount in one of the random worlds: the same objects, through the same records
// and the same plan as in the operator.

import { isObeyed, phaseOf } from '../../src/controller/obeyed.ts';
import { slimCredential, slimNamespace, slimServiceAccount } from '../../src/controller/slim.ts';
import { foreignSecret, immutableSecret } from '../../src/core/failures.ts';
import { createMerge } from '../../src/core/merge.ts';
import { plan } from '../../src/core/plan.ts';
import type { SecretRecord, ServiceAccountRecord } from '../../src/core/records.ts';
import { stallOf } from '../../src/core/stall.ts';
import { statusOf } from '../../src/core/status.ts';
import { secret } from '../../src/testing/views.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import type { AnyObject } from './admin.ts';
import { materialFor, type RandomCredential, reportsFor, SECRET_NAMES } from './admission-world.ts';

export interface World {
  /** As stored, with what they were made from. */
  readonly credentials: readonly (readonly [AnyObject, RandomCredential])[];
  readonly refusing: Refusing;
}

/** Namespaces with a Secret `regcred` that is not written. */
export interface Refusing {
  readonly foreignIn: string;
  /** Ours, with an older login. */
  readonly immutableIn: string | undefined;
}

export interface Lists {
  readonly pullSecrets: readonly string[];
  readonly ownPullSecrets: readonly string[];
}

/** The lists that the operator would see to. */
export function wantedLists(world: World, namespace: AnyObject, account: ServiceAccountRecord): Lists {
  const place = slimNamespace(namespace);
  const { changes } = plan(
    {
      namespace: place,
      serviceAccounts: [account],
      secrets: secretsIn(place.name, world.refusing),
      credentials: world.credentials.flatMap(one => viewOf(...one)),
      operatorNamespace: OPERATOR_NAMESPACE,
      secretNames: SECRET_NAMES,
    },
    createMerge(),
  );
  return changes.find(change => change.kind === 'PatchServiceAccount') ?? account;
}

function secretsIn(namespace: string, { foreignIn, immutableIn }: Refusing): SecretRecord[] {
  if (namespace === foreignIn) return [secret('regcred').foreign().with({ namespace })];
  return namespace === immutableIn ? [secret('regcred').frozen().with({ namespace })] : [];
}

/** As it comes to the operator by a watch, also if it was never stored. */
export const recordOf = (object: AnyObject): ServiceAccountRecord => slimServiceAccount(object);

function viewOf(object: AnyObject, { sources }: RandomCredential) {
  const record = slimCredential(object);
  if (!isObeyed(record, SECRET_NAMES)) return [];
  const { secretName, namespaceSelector, serviceAccounts, deletionPolicy } = record.spec;
  const material = materialFor(sources);
  const phase = phaseOf(record);
  return [
    { name: record.name, secretName, namespaceSelector, serviceAccounts, deletionPolicy, phase, material },
  ];
}

/** What the operator would say of it. */
export function statusFor(
  object: AnyObject,
  sources: NonNullable<RandomCredential['sources']>,
  refusing: Refusing,
) {
  const record = slimCredential(object);
  const stall = stallOf(record, SECRET_NAMES);
  const failures = record.spec.secretName === 'regcred' ? failuresOf(refusing) : [];
  return statusOf(
    {
      record,
      stall,
      reports: stall === undefined ? reportsFor(sources) : [],
      tally: {
        namespaces: { selected: 2, synced: 1, failed: failures.length },
        serviceAccounts: { selected: 2, attached: 1 },
        failures,
        leftOut: [],
        servedUnknown: new Set(),
      },
      isRollingOut: false,
      isCounted: true,
      problem: undefined,
    },
    Date.now(),
  );
}

function failuresOf({ foreignIn, immutableIn }: Refusing) {
  const place = (namespace: string) => ({ namespace, name: 'regcred' });
  const foreign = { ...foreignSecret(place(foreignIn)), namespace: foreignIn };
  if (immutableIn === undefined) return [foreign];
  return [foreign, { ...immutableSecret(place(immutableIn)), namespace: immutableIn }];
}
