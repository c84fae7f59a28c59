// The RegistryCredentials, for commands that can do nothing without them.

import { GROUP, PLURAL } from '../api/names.ts';
import { CREDENTIALS_PATH } from '../controller/paths.ts';
import { slimCredential } from '../controller/slim.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import type { ClusterReader } from './cluster-reader.ts';
import { CommandError } from './failure.ts';

/** Sorted by name. */
export async function credentialsIn(reader: ClusterReader): Promise<readonly CredentialRecord[]> {
  const seen = await reader.list(CREDENTIALS_PATH);
  if (seen.state === 'absent') throw new CommandError(NO_KIND);
  if (seen.state === 'unread') throw new CommandError(NOT_ALLOWED);
  return seen.value.map(slimCredential).sort((a, b) => (a.name < b.name ? -1 : 1));
}

export const NO_KIND =
  'this cluster has no RegistryCredentials: install the operator with kubectl apply -k manifests';

const NOT_ALLOWED =
  `may not list ${PLURAL}.${GROUP}: have it allowed with kubectl create clusterrole regcred-reader ` +
  `--verb=get,list,watch --resource=${PLURAL}.${GROUP}, and a clusterrolebinding of it`;

export function namedCredential(records: readonly CredentialRecord[], name: string): CredentialRecord {
  const found = records.find(record => record.name === name);
  if (found === undefined) throw new CommandError(`there is no RegistryCredential ${name}`);
  return found;
}
