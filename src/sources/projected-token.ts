// The operator's own identity, as the kubelet projects it into the pod for a cloud to see. It is read anew each time,
// since the kubelet writes it anew.

import { readFile } from 'node:fs/promises';
import { claimsToShow } from './identity-to-show.ts';
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
  const claims = await claimsToShow(token, `the token that ${namedBy} names`, context);
  return 'reason' in claims ? claims : token;
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
