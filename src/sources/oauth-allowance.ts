// What the administrator allows `oauth` to send where. Whoever writes a RegistryCredential picks from these lists and
// adds nothing to them: else a secret or an identity of the operator could be sent to a host of theirs.

import { isTokenEndpoint } from '../api/token-endpoint.ts';
import { type FailedFetch, failed } from './source-failure.ts';

export interface OAuthAllowance {
  readonly endpoints: readonly AllowedEndpoint[];
  /** The file with the operator's token for an audience; the kubelet writes it anew. */
  readonly audiences: ReadonlyMap<string, string>;
}

export interface AllowedEndpoint {
  /** As URL writes it: one spelling. */
  readonly url: string;
  /** Whose token may be sent there; undefined: none may, only the secrets of clients. */
  readonly audience?: string | undefined;
}

export const NOTHING_ALLOWED: OAuthAllowance = {
  endpoints: [],
  audiences: new Map(),
};

const ENDPOINTS = '--oauth-token-endpoints';

/** The URL is the administrator's own word for it, since the two are the same. */
export function allowedUrl(
  tokenEndpoint: string,
  audience: string | undefined,
  { endpoints }: OAuthAllowance,
): URL | FailedFetch {
  const same = endpoints.filter(({ url }) => url === tokenEndpoint);
  const [first] = same;
  // One that a CRD of another version let in may be anything.
  const shown = isTokenEndpoint(tokenEndpoint) ? tokenEndpoint : 'URL';
  const wanted = `${ENDPOINTS}=${shown}${audience === undefined ? '' : `=${audience}`}`;
  if (first === undefined) {
    const message = `nothing is sent to oauth.tokenEndpoint, which is not on the operator's list: if it is to be trusted, start the operator with ${wanted}`;
    return failed('NotAllowed', message);
  }
  if (audience !== undefined && !same.some(one => one.audience === audience)) {
    const message = `the operator's token for the audience ${audience} may not be sent to this tokenEndpoint: if it is to be trusted with it, start the operator with ${wanted}`;
    return failed('NotAllowed', message);
  }
  return new URL(first.url);
}

/** The file of the audience's token. */
export function allowedFile(audience: string, { audiences }: OAuthAllowance): string | FailedFetch {
  const file = audiences.get(audience);
  if (file !== undefined) return file;
  const message = `the operator has no token for the audience ${audience}: mount one into its pod and start it with --oauth-audiences=${audience}=FILE`;
  return failed('NotAllowed', message);
}
