// What a RegistryCredential has to give: the logins of its registries as last
// known to be good, and how sure we are where there are none.

import { createHash } from 'node:crypto';
import type { AuthEntry } from './auth-entry.ts';

/** The logins of one item of `spec.registries`. */
export type RegistryMaterial =
  | {
      readonly state: 'known';
      readonly entries: readonly AuthEntry[];
      /**
       * Servers (as the kubelet indexes them) for which an earlier run of the operator may have written
       * another login than is known: their entry is bad, or the source fails, ever since we started.
       */
      readonly unknownKeys?: readonly string[] | 'any';
      /** By loginId, the logins that it gave before, the latest first: who meets one knows that it is outdated. */
      readonly earlier?: readonly string[];
    }
  /**
   * Nothing was fetched since the operator started, but an earlier run may have
   * written a login of it. `keys` says for which servers; undefined means any. It is `unlikely`
   * where that run kept what it knew, and nothing of this one.
   */
  | { readonly state: 'unknown'; readonly keys: readonly string[] | undefined; readonly unlikely?: true }
  /** Nothing was ever fetched, so no Secret can hold a login of it. */
  | { readonly state: 'absent' };

export interface Material {
  /** In the order of `spec.registries`. */
  readonly registries: readonly RegistryMaterial[];
  /** Equal exactly when the registries are. */
  readonly digest: string;
}

export function materialOf(registries: readonly RegistryMaterial[]): Material {
  const hash = createHash('sha256');
  for (const registry of registries) hash.update(fingerprint(registry));
  return { registries, digest: hash.digest('hex') };
}

function fingerprint(registry: RegistryMaterial): string {
  switch (registry.state) {
    case 'known':
      return JSON.stringify([
        ...registry.entries.map(entry => [entry.server, entry.digest]),
        registry.unknownKeys ?? [],
        registry.earlier ?? [],
      ]);
    case 'unknown':
      return JSON.stringify({ unknown: registry.keys ?? '*', unlikely: registry.unlikely });
    case 'absent':
      return '{}';
  }
}
