// Whether a login is in the namespaces already, of this RegistryCredential. After a restart the Secrets there are all
// that tells.

import type { AuthEntry } from '../core/auth-entry.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import type { RegistryMaterial } from '../core/material.ts';
import type { SecretContent } from '../core/records.ts';
import type { World } from './world.ts';

/** Whether a Secret says that it has logins of this RegistryCredential. */
export const isHandedOut = (
  { name }: Pick<CredentialRecord, 'name'>,
  { secrets }: Pick<World, 'secrets'>,
): boolean => {
  for (const store of secrets.values())
    for (const one of store.all()) if (one.managed && one.credentials.includes(name)) return true;
  return false;
};

/** `other`: there is another login for the same server. */
export type Out = 'this' | 'other' | 'none';

export type OutOf = (entry: AuthEntry, previous: RegistryMaterial) => Out;

export function handedOut({ name, spec }: CredentialRecord, { secrets }: Pick<World, 'secrets'>): OutOf {
  let contents: ReadonlySet<SecretContent> | undefined;
  return ({ key, digest }, previous) => {
    const known = previous.state === 'known' ? previous.entries.filter(one => one.key === key) : [];
    if (known.some(one => one.digest === digest)) return 'this';
    // Thousands of Secrets share few contents.
    contents ??= new Set(
      [...(secrets.get(spec.secretName)?.all() ?? [])]
        .filter(({ managed, credentials }) => managed && credentials.includes(name))
        .map(({ content }) => content),
    );
    const there = [...contents].flatMap(({ entries }) => entries.get(key) ?? []);
    if (there.includes(digest)) return 'this';
    return known.length + there.length > 0 ? 'other' : 'none';
  };
}
