// The operator's own identity, as the kubelet projects it into the pod for a cloud to see. It is read anew each time,
// since the kubelet writes it anew, and never is it one that the API server would take.

import { readFile } from 'node:fs/promises';
import { isKnownApiAudience } from '../api/api-audience.ts';
import { jwtClaims } from './jwt-claims.ts';
import type { TokenContext } from './source.ts';
import { type FailedFetch, failed } from './source-failure.ts';

export interface ProjectedToken {
  readonly file: string;
  /** The member that holds it, where the file is JSON. */
  readonly field?: string | undefined;
  /** Who names the file, for messages. */
  readonly namedBy: string;
}

/** Bytes; tokens have one or two thousand. */
const LARGEST_FILE = 64 * 1024;

export async function projectedToken(
  { file, field, namedBy }: ProjectedToken,
  context: TokenContext,
): Promise<string | FailedFetch> {
  const text = await textOf(file);
  const token = field === undefined ? text?.trim() : memberOf(text ?? '', field);
  if (token !== undefined) context.learn(token);
  if (token === undefined || !/^[!-~]+$/.test(token))
    return failed(
      'TokenUnavailable',
      `could not read a token from the file that ${namedBy} names: project one into the pod of the operator with serviceAccountToken`,
    );
  const claims = jwtClaims(token);
  // Unless told otherwise, an API server takes its issuer for its audience.
  if (claims?.aud.some(one => isKnownApiAudience(one) || one === claims.iss))
    return failed(
      'NotAllowed',
      `the token that ${namedBy} names is one that the API server takes, so it is shown to nobody else: give its serviceAccountToken an audience of its own`,
    );
  if (claims?.exp !== undefined && claims.exp <= context.now())
    return failed(
      'TokenUnavailable',
      `the token that ${namedBy} names has ended: the kubelet renews it, unless it was put there by hand, or the clock of this node is wrong`,
    );
  return token;
}

/** Undefined when it cannot be read. */
export async function textOf(file: string): Promise<string | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    return text.length <= LARGEST_FILE ? text : undefined;
  } catch {
    return undefined;
  }
}

function memberOf(text: string, field: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const member = Object.entries(value ?? {}).find(([name]) => name === field)?.[1];
    return typeof member === 'string' ? member.trim() : undefined;
  } catch {
    // The error would quote it.
    return undefined;
  }
}
