// Source Secrets as the operator sees them, and the context in which a source finds them.

import type { SourceSecretRecord } from '../core/records.ts';
import type { SourceContext } from '../sources/source.ts';

/** `values` as one would type them; bytes for what is not text. */
export function sourceSecret(
  name: string,
  type: string,
  values: Readonly<Record<string, string | Uint8Array>>,
): SourceSecretRecord {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return { name, uid: `uid-of-${name}`, resourceVersion: '1', type, data: Object.fromEntries(data) };
}

export function sourceContext(...secrets: readonly SourceSecretRecord[]): SourceContext {
  return { namespace: 'regcred-system', secret: name => secrets.find(secret => secret.name === name) };
}
