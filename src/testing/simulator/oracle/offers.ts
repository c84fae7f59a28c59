// What one entry of spec.registries has to offer: what its source gives now, and what may be kept
// of it from earlier (rule 5: a source that fails takes no working login away).

import type { RegistrySpec } from '../../../api/types.ts';
import { kubeletKey } from './kubelet-key.ts';
import type { IsHeldBack, Login, Past, Secret } from './snapshot.ts';
import { type Reading, read, sourceName } from './source-reading.ts';

export interface Offers {
  /** Served for certain, unless another one goes before it. */
  readonly certain: readonly Login[];
  /** May be served: which of them, if any, depends on when the operator was started. */
  readonly possible: readonly Login[];
  /** "open": the design does not say whether it is sound. */
  readonly source: 'sound' | 'partly' | 'failing' | 'open';
}

/** While suspended what it gave stays as it is, and nothing else comes: anything that it ever had may be there. */
export function heldOffersOf(registry: RegistrySpec, secret: Secret | undefined, past: Past): Offers {
  const all = [...past(sourceName(registry)), secret].map(version => read(registry, version));
  const possible = distinct(all.flatMap(({ logins, doubtful }) => [...logins, ...doubtful]));
  return { certain: [], possible, source: 'open' };
}

export function offersOf(
  registry: RegistrySpec,
  secret: Secret | undefined,
  past: Past,
  isHeldBack: IsHeldBack = () => false,
): Offers {
  const now = doubting(read(registry, secret), isHeldBack);
  const { logins, doubtful } = now;
  if (logins.length > 0 && doubtful.length === 0 && now.bad.length === 0)
    return { certain: logins, possible: [], source: 'sound' };

  const failing = logins.length === 0;
  const bad = new Set([...now.bad, ...doubtful.map(({ server }) => kubeletKey(server))]);
  const earlier = past(sourceName(registry))
    .map(version => read(registry, version))
    .flatMap(version => [...version.logins, ...version.doubtful])
    .filter(({ server }) => failing || bad.has(kubeletKey(server)));
  const possible = [...doubtful, ...distinct(earlier)];
  if (doubtful.length > 0) return { certain: logins, possible, source: 'open' };
  return { certain: logins, possible, source: failing ? 'failing' : 'partly' };
}

/** What is rejected before it is given is held back, and what is given stays: which of the two it was is left open. */
const doubting = (reading: Reading, isHeldBack: IsHeldBack): Reading => ({
  ...reading,
  logins: reading.logins.filter(login => !isHeldBack(login)),
  doubtful: [...reading.doubtful, ...reading.logins.filter(isHeldBack)],
});

function distinct(logins: readonly Login[]): Login[] {
  return logins.filter((login, index) => logins.findIndex(other => sameLogin(login, other)) === index);
}

export const sameLogin = (a: Login, b: Login): boolean =>
  a.server === b.server && a.username === b.username && a.password === b.password && a.email === b.email;
