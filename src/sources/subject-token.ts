// The operator's own identity for one audience, as the kubelet projects it into the pod. It is read anew for each
// fetch, and never one that the API server would take: that would be all that the operator may do.

import { readFile } from 'node:fs/promises';
import { isKnownApiAudience } from '../api/api-audience.ts';
import { type JwtClaims, jwtClaims } from './jwt-claims.ts';
import { allowedFile, NOTHING_ALLOWED, type OAuthAllowance } from './oauth-allowance.ts';
import type { TokenContext } from './source.ts';
import { type FailedFetch, failed } from './source-failure.ts';

/** Milliseconds by which clocks may differ. */
const TOLERANCE = 60_000;

export async function subjectToken(audience: string, context: TokenContext): Promise<string | FailedFetch> {
  const allowance = context.oauth ?? NOTHING_ALLOWED;
  const file = allowedFile(audience, allowance);
  if (typeof file !== 'string') return file;
  const token = await read(file, audience);
  if (typeof token !== 'string') return token;
  context.learn(token);
  const claims = jwtClaims(token);
  if (claims === undefined) {
    const message = `the file of the audience ${audience} holds no token: mount one with serviceAccountToken in a projected volume`;
    return failed('TokenUnavailable', message);
  }
  const problem =
    (await audienceProblem(audience, claims, allowance)) ?? timeProblem(audience, claims, context.now());
  return problem ?? token;
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

/** For the very audience, and for no other: whoever gets it can go to all of them with it. */
async function audienceProblem(
  audience: string,
  { aud, iss }: JwtClaims,
  allowance: OAuthAllowance,
): Promise<FailedFetch | undefined> {
  const ofApi = await apiAudiences(allowance);
  if (ofApi === undefined) {
    const message =
      "could not read the token that the operator logs in with, and so not tell which audiences are the API server's: nothing is sent before that is known";
    return failed('TokenUnavailable', message);
  }
  // Unless told otherwise, an API server takes its issuer for its audience.
  const isOfApi = (one: string): boolean => isKnownApiAudience(one) || one === iss || ofApi.includes(one);
  if ([audience, ...aud].some(isOfApi)) {
    const message = `the token for the audience ${audience} is one that the API server takes, so it is sent to nobody: agree on an audience of its own with the authorization server`;
    return failed('NotAllowed', message);
  }
  if (aud.length === 1 && aud[0] === audience) return undefined;
  const message = `the token in the file of the audience ${audience} is not for that audience alone, so it is not sent: give its serviceAccountToken the audience ${audience}`;
  return failed('NotAllowed', message);
}

/** Undefined when they cannot be told. A certificate or a plugin's token that is no JWT says nothing of them. */
async function apiAudiences({ apiToken }: OAuthAllowance): Promise<readonly string[] | undefined> {
  try {
    const token = await apiToken();
    const claims = token === undefined ? undefined : jwtClaims(token);
    return claims === undefined ? [] : [...claims.aud, ...(claims.iss === undefined ? [] : [claims.iss])];
  } catch {
    // Its message is not ours to show.
    return undefined;
  }
}

function timeProblem(audience: string, { exp, nbf }: JwtClaims, now: number): FailedFetch | undefined {
  if (exp === undefined || exp <= now) {
    const message = `the operator's token for the audience ${audience} has ended: the kubelet renews it, unless it was put there by hand, or the clock of this node is wrong`;
    return failed('TokenUnavailable', message);
  }
  if (nbf === undefined || nbf <= now + TOLERANCE) return undefined;
  const message = `the operator's token for the audience ${audience} is not valid yet: set the clock of this node`;
  return failed('TokenUnavailable', message);
}
