// What a source of credentials is: how it is named in the spec, which Secrets it
// reads, and how it is asked. One file per source, one line each in registered.ts.

import type { RegistrySpec } from '../api/types.ts';
import type { AuthEntry, BadEntry } from '../core/auth-entry.ts';
import type { SourceSecretRecord } from '../core/records.ts';
import type { Environment } from '../net/proxy.ts';
import type { OAuthAllowance } from './oauth-allowance.ts';

export type Fetched =
  | {
      readonly ok: true;
      /** At least one. */
      readonly entries: readonly AuthEntry[];
      readonly bad: readonly BadEntry[];
      readonly expiresAt?: Date;
    }
  | {
      readonly ok: false;
      readonly reason: SourceFailure;
      readonly message: string;
      /** Milliseconds for which it asks to be left alone. */
      readonly retryAfter?: number;
    };

/** Why a source gave nothing; CamelCase as in conditions. */
export type SourceFailure =
  | 'SecretNotFound'
  | 'SecretWrongType'
  | 'SecretMalformed'
  | 'SecretTooLarge'
  /** It is what the operator keeps for itself. */
  | 'SecretInternal'
  /** `server` in the spec is nothing that the kubelet could look up. */
  | 'ServerUnusable'
  /** This version of the operator has no such source. */
  | 'SourceUnknown'
  /** Who gives tokens out says no: wrong credentials, or no right to it. */
  | 'TokenRefused'
  /** Who gives tokens out is away, throttles, or answers what makes no sense: it may be well a moment later. */
  | 'TokenUnavailable'
  /** Whoever runs the operator has not allowed it to send something there. */
  | 'NotAllowed'
  /** The source is well, but its registry says no to what it gives. */
  | 'LoginRejected';

export interface SourceContext {
  /** A Secret of the operator's namespace as last seen, or undefined when there is none of that name. */
  secret(name: string): SourceSecretRecord | undefined;
  /** The operator's namespace, for messages. */
  readonly namespace: string;
}

interface AnySource {
  /** The key in `spec.registries[]`, such as "basic". */
  readonly kind: string;
  /** The Secrets of the operator's namespace that it reads; a change of one fetches again. */
  secretNames(registry: RegistrySpec): readonly string[];
  /** The servers it serves where the spec already says so; undefined when only a fetch can tell. */
  servers(registry: RegistrySpec): readonly string[] | undefined;
}

/** Told apart by what they give: see `fetch` of each. */
export type Source = StoredSource | TokenSource;

/** A source that finds the login in a Secret: it is asked whenever it is needed. */
export interface StoredSource extends AnySource {
  readonly gives: 'stored';
  /** Never throws for what a user can get wrong: that is a value with a reason. */
  fetch(registry: RegistrySpec, context: SourceContext): Promise<Fetched>;
}

/** A source that asks somebody over the network; what he gives ends, so it is fetched once for all and kept. */
export interface TokenSource extends AnySource {
  readonly gives: 'tokens';
  /** Who is asked, each in a word such as the host: one who hangs holds up those who ask him, and nobody else. */
  asks(registry: RegistrySpec): readonly string[];
  /**
   * What of `server` makes a difference to what is asked; undefined: nothing. Registries with the rest of it different share one fetch, and
   * its login is written for the server of each: a server for which it may not be handed out has to make a difference.
   */
  serverAsked(registry: RegistrySpec): string | undefined;
  /** As of StoredSource. Rejects only when it was aborted. */
  fetch(registry: RegistrySpec, context: TokenContext): Promise<Fetched>;
}

/** What comes with the process, and what whoever runs it allows. */
export interface Surroundings {
  /** The operator's own, for the credential chains of clouds (AWS_…, AZURE_…, GOOGLE_…), proxies and further CAs. */
  readonly environment: Environment;
  /** What the operator logs in with at the API server; undefined when that is no bearer token. May reject. */
  apiToken(): Promise<string | undefined>;
  /** The kinds of sources that may hand out what the identity of the node gets, which is not the operator's alone. */
  readonly nodeIdentity: ReadonlySet<string>;
  /** What may be sent to whom by `oauth`; undefined: nothing to nobody. */
  readonly oauth?: OAuthAllowance | undefined;
}

export interface TokenContext extends SourceContext, Surroundings {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal;
  /** To be told of every secret and token before it is used, so that the log never shows it. */
  learn(secret: string): void;
}
