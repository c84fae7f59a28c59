// The context of a source of tokens in a test: what it may read, and what it told of what must not be shown.

import type { SourceSecretRecord } from '../core/records.ts';
import type { OAuthAllowance } from '../sources/oauth-allowance.ts';
import type { TokenContext } from '../sources/source.ts';
import { sourceContext } from './source-secrets.ts';

export interface TokenContextRig extends TokenContext {
  readonly learned: string[];
}

export interface TokenContextOptions {
  readonly secrets?: readonly SourceSecretRecord[];
  readonly oauth?: OAuthAllowance;
  readonly environment?: TokenContext['environment'];
  readonly apiToken?: TokenContext['apiToken'];
  /** Default: none, as of an operator that was not told otherwise. */
  readonly nodeIdentity?: readonly string[];
  readonly now?: () => number;
  readonly signal?: AbortSignal;
}

export function tokenContext(options: TokenContextOptions = {}): TokenContextRig {
  const learned: string[] = [];
  return {
    ...sourceContext(...(options.secrets ?? [])),
    now: options.now ?? Date.now,
    environment: options.environment ?? {},
    apiToken: options.apiToken ?? (async () => undefined),
    nodeIdentity: new Set(options.nodeIdentity),
    signal: options.signal ?? new AbortController().signal,
    learn: secret => void learned.push(secret),
    learned,
    ...(options.oauth === undefined ? {} : { oauth: options.oauth }),
  };
}
