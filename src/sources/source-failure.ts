// The failures that sources share. Each message says what to do and holds no value
// of a Secret; its length is bounded, since it ends up in status.

import type { BadEntry } from '../core/auth-entry.ts';
import { clip } from '../core/clip.ts';
import type { Fetched, SourceContext, SourceFailure } from './source.ts';

/** In characters. */
const MAX_MESSAGE_LENGTH = 512;

const MAX_NAMED_ENTRIES = 3;
/** In characters; so the count behind the named entries is not cut off. */
const MAX_ENTRY_LENGTH = 140;
/** In characters: so much of a server identifies it. */
const MAX_SHOWN_SERVER = 40;

export type FailedFetch = Extract<Fetched, { ok: false }>;

export function failed(reason: SourceFailure, message: string): FailedFetch {
  return { ok: false, reason, message: clip(message, MAX_MESSAGE_LENGTH) };
}

/** `create` is the rest of the kubectl command that makes the Secret. */
export function notFound(name: string, context: SourceContext, create: string): FailedFetch {
  return failed(
    'SecretNotFound',
    `Secret ${context.namespace}/${name} not found: create it with ${createCommand(name, context, create)}`,
  );
}

/** Of what the node may do its owner decides, not who writes a RegistryCredential. */
export function nodeIdentityRefused(kind: string, whom: string, ways: string): FailedFetch {
  return failed(
    'NotAllowed',
    `the operator has no identity of its own for ${kind}, and may not ask ${whom} for one: ${ways}; or, if what the node may read is to be handed out, start the operator with --node-identity=${kind}`,
  );
}

/** The type of a Secret cannot be changed, so it has to be made anew. */
export function createCommand(name: string, context: SourceContext, create: string): string {
  const [kind = '', ...flags] = create.split(' ');
  return `kubectl -n ${context.namespace} create secret ${kind} ${name} ${flags.join(' ')}`;
}

/** The first few entries with what is wrong with each, and how many more there are. */
export function namedEntries(bad: readonly BadEntry[]): string {
  const named = bad.slice(0, MAX_NAMED_ENTRIES).map(({ server, message }) => {
    const title = server === undefined ? '' : `${clip(server, MAX_SHOWN_SERVER)}: `;
    return clip(title + message, MAX_ENTRY_LENGTH);
  });
  const more = bad.length - named.length;
  return named.join('; ') + (more > 0 ? `; and ${more} more` : '');
}
