// Source Secrets as the operator sees them, and the context in which a source finds them.

import type { RegistrySpec } from '../api/types.ts';
import type { SourceSecretRecord } from '../core/records.ts';
import { sourceOf } from '../sources/registered.ts';
import type { Fetched, SourceContext } from '../sources/source.ts';

/** `values` as one would type them; bytes for what is not text. */
export function sourceSecret(
  name: string,
  type: string,
  values: Readonly<Record<string, string | Uint8Array>>,
): SourceSecretRecord {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    name,
    uid: `uid-of-${name}`,
    resourceVersion: '1',
    type,
    internal: false,
    data: Object.fromEntries(data),
  };
}

export function sourceContext(...secrets: readonly SourceSecretRecord[]): SourceContext {
  return { namespace: 'regcred-system', secret: name => secrets.find(secret => secret.name === name) };
}

/** What is found in the cluster; a source of tokens has no part in that. */
export function fetchStored(registry: RegistrySpec, context: SourceContext): Promise<Fetched> {
  const source = sourceOf(registry);
  if (source.gives === 'tokens') throw new Error(`the source ${source.kind} asks somebody over the network`);
  return source.fetch(registry, context);
}
