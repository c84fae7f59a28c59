// One value of a source Secret as text. Says what is wrong with it without showing it.

import { decodeUtf8 } from '../core/login.ts';
import type { SourceSecretRecord } from '../core/records.ts';

export type SecretValue =
  | { readonly ok: true; readonly text: string }
  /** What is wrong, as the end of the sentence "Secret namespace/name …". */
  | { readonly ok: false; readonly message: string };

export function secretValue(secret: SourceSecretRecord, key: string): SecretValue {
  const base64 = secret.data[key];
  if (base64 === undefined) return { ok: false, message: `has no key ${key}` };
  const text = decodeUtf8(Buffer.from(base64, 'base64'));
  if (text === undefined) return { ok: false, message: `has a value of ${key} that is not UTF-8` };
  if (text === '') return { ok: false, message: `has an empty value of ${key}` };
  return { ok: true, text };
}
