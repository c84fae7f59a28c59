// Whether a token of the operator's may be shown to a cloud or to an authorization server. One rule for all sources:
// never one that the API server would take, for that is all that the operator may do in the cluster.

import { isKnownApiAudience } from '../api/api-audience.ts';
import { type JwtClaims, jwtClaims } from './jwt-claims.ts';
import type { TokenContext } from './source.ts';
import { type FailedFetch, failed } from './source-failure.ts';

/** Milliseconds by which clocks may differ. */
const TOLERANCE = 60_000;

/** `title` is whose token it is, for messages: "the token that … names". The claims if it may be shown. */
export async function claimsToShow(
  token: string,
  title: string,
  context: Pick<TokenContext, 'apiToken' | 'now'>,
): Promise<JwtClaims | FailedFetch> {
  const claims = jwtClaims(token);
  // An API server takes what is no JWT too, where a webhook or a file of tokens knows it.
  if (claims === undefined)
    return failed(
      'TokenUnavailable',
      `${title} is no JSON Web Token, so it is shown to nobody: mount one with serviceAccountToken in a projected volume`,
    );
  return (
    (await audienceProblem(claims, title, context)) ?? timeProblem(claims, title, context.now()) ?? claims
  );
}

async function audienceProblem(
  { aud, iss }: JwtClaims,
  title: string,
  context: Pick<TokenContext, 'apiToken'>,
): Promise<FailedFetch | undefined> {
  const ofApi = await apiAudiences(context);
  if (ofApi === undefined)
    return failed(
      'TokenUnavailable',
      "could not read the token that the operator logs in with, and so not tell which audiences are the API server's: nothing is sent before that is known",
    );
  // Unless told otherwise, an API server takes its issuer for its audience.
  const isOfApi = (one: string): boolean => isKnownApiAudience(one) || one === iss || ofApi.includes(one);
  // Those that are kept in Secrets name none, and are for the API server.
  if (aud.length > 0 && !aud.some(isOfApi)) return undefined;
  return failed(
    'NotAllowed',
    `${title} is one that the API server takes, so it is shown to nobody else: give its serviceAccountToken an audience of its own`,
  );
}

/** Undefined when they cannot be told. A certificate or a plugin's token that is no JWT says nothing of them. */
async function apiAudiences({
  apiToken,
}: Pick<TokenContext, 'apiToken'>): Promise<readonly string[] | undefined> {
  try {
    const token = await apiToken();
    const claims = token === undefined ? undefined : jwtClaims(token);
    return claims === undefined ? [] : [...claims.aud, ...(claims.iss === undefined ? [] : [claims.iss])];
  } catch {
    // Its message is not ours to show.
    return undefined;
  }
}

function timeProblem({ exp, nbf }: JwtClaims, title: string, now: number): FailedFetch | undefined {
  if (exp === undefined || exp <= now)
    return failed(
      'TokenUnavailable',
      `${title} has ended: the kubelet renews it, unless it was put there by hand, or the clock of this node is wrong`,
    );
  if (nbf === undefined || nbf <= now + TOLERANCE) return undefined;
  return failed('TokenUnavailable', `${title} is not valid yet: set the clock of this node`);
}
