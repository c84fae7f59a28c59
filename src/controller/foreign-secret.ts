// Whether an apply that was to create a Secret hit one that somebody else had made
// with the same content: server-side apply then answers 200 and adds our label.

import { DOCKER_CONFIG_KEY, FIELD_MANAGER, MANAGED_BY_LABEL } from '../api/names.ts';
import type { KubeObject, ManagedFieldsEntry } from '../kube/kube-client.ts';

/** `secret` as it is after our apply. */
export function wasSomebodyElses({ metadata }: KubeObject): boolean {
  const others = (metadata.managedFields ?? []).filter(({ manager }) => manager !== FIELD_MANAGER);
  const isHandedOver = others.some(entry => owns(entry, 'f:metadata', 'f:labels', `f:${MANAGED_BY_LABEL}`));
  return !isHandedOver && others.some(entry => owns(entry, 'f:data', `f:${DOCKER_CONFIG_KEY}`));
}

function owns({ fieldsV1 }: ManagedFieldsEntry, ...path: string[]): boolean {
  let at: unknown = fieldsV1;
  for (const key of path) at = (at as Record<string, unknown> | undefined)?.[key];
  return at !== undefined;
}
