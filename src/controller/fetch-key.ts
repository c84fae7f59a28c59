// Which fetches are one and the same: those from the same source, with the same words, by the same Secrets. For which
// server the login then is makes no difference, unless the source says so.

import { createHash } from 'node:crypto';
import type { RegistrySpec } from '../api/types.ts';
import type { SourceContext, TokenSource } from '../sources/source.ts';

/** Hex. Another one as soon as a Secret that the source reads has other content, but not for its labels. */
export function fetchKey(source: TokenSource, registry: RegistrySpec, context: SourceContext): string {
  const secrets = source.secretNames(registry).map(name => {
    const { type, data } = context.secret(name) ?? {};
    return [name, type, data];
  });
  // These are about trying what it gave.
  const { caSecretRef: _, insecure: __, server: ___, ...asked } = registry;
  return createHash('sha256')
    .update(JSON.stringify([source.kind, source.serverAsked(registry), sorted(asked), sorted(secrets)]))
    .digest('hex');
}

/** The order of keys says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, one]) => [key, sorted(one)]);
}
