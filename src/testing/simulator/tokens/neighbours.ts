// Others at the same registry, under the same name, with sources of their own: all that these give is rejected, and nobody
// waits for them.

import { aCredential, type CredentialFixture } from '../../builders.ts';
import { REJECTED_SCOPE } from './token-server.ts';

/** As many as it takes to have an account, and an address, left alone. */
export const NEIGHBOURS = ['gamma', 'delta', 'epsilon'];

export function rejectedNeighbour(name: string): CredentialFixture {
  const neighbour = aCredential(name).withToken(`r.io/${name}`).verifying({ mode: 'Report' });
  neighbour.spec.namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'of-nobody' } };
  const [registry] = neighbour.spec.registries;
  if (registry?.oauth)
    neighbour.spec.registries = [
      { ...registry, oauth: { ...registry.oauth, scope: `${REJECTED_SCOPE}-${name}` } },
    ];
  return neighbour;
}
