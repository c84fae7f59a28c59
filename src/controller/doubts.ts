// How sure it is what a registry gave last: an earlier run may have written a newer login than it kept.

import type { RegistryMaterial } from '../core/material.ts';

/** The servers of which it may have known another login. */
export function inDoubt(previous: RegistryMaterial): readonly string[] | 'any' {
  if (previous.state === 'absent') return [];
  return previous.state === 'unknown' ? (previous.keys ?? 'any') : (previous.unknownKeys ?? []);
}

/** As little is known for sure as before. */
export function asDoubtful(material: RegistryMaterial, previous: RegistryMaterial): RegistryMaterial {
  if (material.state !== 'known' || (previous.state === 'unknown' && previous.unlikely)) return material;
  const unknownKeys = inDoubt(previous);
  return unknownKeys.length > 0 ? { ...material, unknownKeys } : material;
}

/** Its source says so by now. */
export function withoutDoubt(material: RegistryMaterial): RegistryMaterial {
  if (material.state !== 'known') return material;
  const { unknownKeys: _, ...sure } = material;
  return sure;
}
