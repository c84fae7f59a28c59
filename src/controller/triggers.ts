// "An object of another kind changed" -> which keys that concerns. Plain functions
// of before and after; what makes no difference to a plan wakes nobody.

import type { CredentialRecord } from '../core/credential-record.ts';
import type { Labels, NamespaceRecord, SecretRecord, ServiceAccountRecord } from '../core/records.ts';
import { isSameList } from '../core/same-list.ts';

type Changed<R> = (before: R | undefined, after: R | undefined) => boolean;

/** `isSame` compares what plan looks at; coming and going always counts. */
const changed =
  <R>(isSame: (before: R, after: R) => boolean): Changed<R> =>
  (before, after) =>
    before === undefined || after === undefined || !isSame(before, after);

export const namespaceChanged: Changed<NamespaceRecord> = changed(
  (before, after) =>
    before.uid === after.uid &&
    before.terminating === after.terminating &&
    isSameLabels(before.labels, after.labels),
);

export const serviceAccountChanged: Changed<ServiceAccountRecord> = changed(
  (before, after) =>
    before.uid === after.uid &&
    isSameList(before.pullSecrets, after.pullSecrets) &&
    isSameList(before.ownPullSecrets, after.ownPullSecrets) &&
    before.ownership.isInTheWay === after.ownership.isInTheWay &&
    isSameLabels(before.labels, after.labels),
);

export const secretChanged: Changed<SecretRecord> = changed(
  (before, after) =>
    before.uid === after.uid &&
    before.content === after.content &&
    before.type === after.type &&
    before.immutable === after.immutable &&
    before.managed === after.managed &&
    before.ownsLabel === after.ownsLabel &&
    before.handedOver === after.handedOver &&
    before.terminating === after.terminating &&
    isSameList(before.credentials, after.credentials),
);

/** Status apart: that is ours to write. */
export const credentialChanged: Changed<CredentialRecord> = changed(
  (before, after) =>
    before.uid === after.uid &&
    before.generation === after.generation &&
    before.deleted === after.deleted &&
    before.refreshRequest === after.refreshRequest &&
    isSameList(before.finalizers, after.finalizers),
);

function isSameLabels(one: Labels, other: Labels): boolean {
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every(key => Object.hasOwn(other, key) && one[key] === other[key])
  );
}
