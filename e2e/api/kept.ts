// The Secrets in which the operator keeps logins over a restart, as an admin finds them.

import { CREDENTIALS_ANNOTATION, KEPT_KEY, KEPT_TYPE } from '../../src/api/names.ts';
import { secretPath, secretsPathIn } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { type AnyObject, read, remove } from './admin.ts';

const kept = async (): Promise<AnyObject[]> =>
  (await read(secretsPathIn(OPERATOR_NAMESPACE))).items.filter(({ type }: AnyObject) => type === KEPT_TYPE);

export const keptOf = async (credential: string): Promise<AnyObject | undefined> =>
  (await kept()).find(({ metadata }) => metadata.annotations?.[CREDENTIALS_ANNOTATION] === credential);

/** Its text; empty when there is none. */
export const keptText = async (credential: string): Promise<string> =>
  Buffer.from((await keptOf(credential))?.data?.[KEPT_KEY] ?? '', 'base64').toString();

/** All of them. To be called while no operator runs: it would write them again. */
export async function removeKept(): Promise<void> {
  for (const { metadata } of await kept()) await remove(secretPath(OPERATOR_NAMESPACE, metadata.name));
}
