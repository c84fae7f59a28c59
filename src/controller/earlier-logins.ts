// The logins that a registry gave before: whoever meets one in a Secret knows that it is outdated, and not somebody's.

import { type AuthEntry, loginId } from '../core/auth-entry.ts';
import type { RegistryMaterial } from '../core/material.ts';

/** A Secret is behind by a few changes at most; a docker config can have hundreds of logins. */
const MOST_CHANGES = 8;
const MOST_EARLIER = 256;

/** By loginId, the latest first; nothing where there are none. */
export function earlierThan(
  entries: readonly AuthEntry[],
  previous: RegistryMaterial,
): { earlier?: string[] } {
  if (previous.state !== 'known') return {};
  const now = new Set(entries.map(loginId));
  const gone = previous.entries.map(loginId).filter(id => !now.has(id));
  const before = (previous.earlier ?? []).filter(id => !now.has(id));
  const most = Math.min(MOST_EARLIER, MOST_CHANGES * Math.max(entries.length, previous.entries.length));
  // Where nothing goes nothing is dropped either: the same again makes no difference.
  const earlier = gone.length === 0 ? before : [...new Set([...gone, ...before])].slice(0, most);
  return earlier.length > 0 ? { earlier } : {};
}
