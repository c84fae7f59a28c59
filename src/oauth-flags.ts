// The lists of what the source `oauth` may send where, as an administrator writes them on the command line.

import { isAbsolute } from 'node:path';
import { isKnownApiAudience } from './api/api-audience.ts';
import { AUDIENCE, isTokenEndpoint, MAX_AUDIENCE } from './api/token-endpoint.ts';
import type { AllowedEndpoint, OAuthAllowance } from './sources/oauth-allowance.ts';

export type OAuthLists = Pick<OAuthAllowance, 'endpoints' | 'audiences'>;

/** One entry of a flag that cannot be obeyed, and the rest of the sentence about it. */
export interface BadEntry {
  readonly flag: 'oauth-token-endpoints' | 'oauth-audiences';
  readonly entry: string;
  readonly problem: string;
}

const MOST = 32;
const AUDIENCE_SHAPE = new RegExp(AUDIENCE);

export function parseOAuthLists(endpoints: string, audiences: string): OAuthLists | BadEntry {
  const files = new Map<string, string>();
  for (const entry of entriesOf(audiences)) {
    const [audience, file] = halves(entry);
    const problem = audienceProblem(audience, file, files);
    if (problem !== undefined) return { flag: 'oauth-audiences', entry, problem };
    files.set(audience, file ?? '');
  }
  const allowed: AllowedEndpoint[] = [];
  for (const entry of entriesOf(endpoints)) {
    const [url, audience] = halves(entry);
    const problem = endpointProblem(url, audience, files);
    if (problem !== undefined) return { flag: 'oauth-token-endpoints', entry, problem };
    allowed.push({ url, audience });
  }
  if (files.size > MOST)
    return { flag: 'oauth-audiences', entry: audiences, problem: `has over ${MOST} entries` };
  if (allowed.length > MOST)
    return { flag: 'oauth-token-endpoints', entry: endpoints, problem: `has over ${MOST} entries` };
  return { endpoints: allowed, audiences: files };
}

const entriesOf = (list: string): string[] => (list === '' ? [] : list.split(',').map(entry => entry.trim()));

/** What is before the first = and behind it. */
function halves(entry: string): [string, string | undefined] {
  const at = entry.indexOf('=');
  return at < 0 ? [entry, undefined] : [entry.slice(0, at), entry.slice(at + 1)];
}

function audienceProblem(
  audience: string,
  file: string | undefined,
  files: ReadonlyMap<string, string>,
): string | undefined {
  if (file === undefined || !isAbsolute(file))
    return 'is no AUDIENCE=FILE; write the absolute path of the mounted token behind the =';
  if (audience.length > MAX_AUDIENCE || !AUDIENCE_SHAPE.test(audience))
    return 'has no audience before the =; write a name or a URI of letters, digits and . _ ~ : / @ + -';
  if (isKnownApiAudience(audience))
    return 'names an audience of the API server, whose token is sent to nobody; agree on another one with the authorization server';
  return files.has(audience) ? 'names an audience twice; write each once' : undefined;
}

function endpointProblem(
  url: string,
  audience: string | undefined,
  files: ReadonlyMap<string, string>,
): string | undefined {
  if (!isTokenEndpoint(url))
    return 'is no token endpoint; write https://HOST/PATH in lower-case letters, without user, query and escapes, or http:// for a loopback address';
  if (audience === undefined || files.has(audience)) return undefined;
  return 'has an audience that is not in --oauth-audiences; write URL=AUDIENCE with one that is, or the URL alone for secrets of clients';
}
