// The operator's own identity for one audience, as the kubelet projects it into the pod for `oauth`. It is read anew for
// each fetch.

import { readFile } from 'node:fs/promises';
import { claimsToShow } from './identity-to-show.ts';
import { allowedFile, NOTHING_ALLOWED } from './oauth-allowance.ts';
import type { TokenContext } from './source.ts';
import { type FailedFetch, failed } from './source-failure.ts';

export async function subjectToken(audience: string, context: TokenContext): Promise<string | FailedFetch> {
  const file = allowedFile(audience, context.oauth ?? NOTHING_ALLOWED);
  if (typeof file !== 'string') return file;
  const token = await read(file, audience);
  if (typeof token !== 'string') return token;
  context.learn(token);
  const claims = await claimsToShow(token, `the operator's token for the audience ${audience}`, context);
  if ('reason' in claims) return claims;
  // For the very audience, and for no other: whoever gets it can go to all of them with it.
  const { aud } = claims;
  if (aud.length === 1 && aud[0] === audience) return token;
  const message = `the token in the file of the audience ${audience} is not for that audience alone, so it is not sent: give its serviceAccountToken the audience ${audience}`;
  return failed('NotAllowed', message);
}

async function read(file: string, audience: string): Promise<string | FailedFetch> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    const message = `could not read the token for the audience ${audience}: ${code}; mount it where --oauth-audiences says`;
    return failed('TokenUnavailable', message);
  }
}
