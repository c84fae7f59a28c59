// The source `gar`: a token for Google Artifact Registry and gcr.io, as a key file, workload identity federation or a
// metadata server gives it.

import { isGoogleRegistry } from '../api/gar-schema.ts';
import type { RegistrySpec } from '../api/types.ts';
import { encodeEntry } from '../core/docker-config.ts';
import { type Ask, askOverNet, CloudConversation } from './cloud-conversation.ts';
import { askingFor } from './gar-asking.ts';
import { type Asking, googleToken } from './gar-client.ts';
import { googleFailure } from './gar-failure.ts';
import type { Fetched, TokenContext, TokenSource } from './source.ts';
import { failed } from './source-failure.ts';

/**
 * The narrowest that pulls: it is what the nodes of GKE have by default, and they pull from Artifact Registry with it
 * (cloud.google.com/artifact-registry/docs/integrate-gke). Artifact Registry's own scopes read all of Google Cloud.
 */
const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_only';
const USERNAME = 'oauth2accesstoken';

/** Who is asked over https; nobody else is. */
const HOSTS: ReadonlySet<string> = new Set([
  'oauth2.googleapis.com',
  'sts.googleapis.com',
  'iamcredentials.googleapis.com',
]);

export const gar: TokenSource = {
  kind: 'gar',
  gives: 'tokens',
  secretNames: ({ gar: spec }) => (spec?.secretRef === undefined ? [] : [spec.secretRef.name]),
  servers: ({ server }) => (server === undefined ? [] : [server]),
  asks: () => ['google'],
  serverAsked: ({ server = '' }) => (isGoogleRegistry(server) ? undefined : server),
  fetch: (registry, context) => fetchGar(registry, context, askOverNet(context.environment)),
};

export async function fetchGar(registry: RegistrySpec, context: TokenContext, ask: Ask): Promise<Fetched> {
  const { server = '' } = registry;
  if (!isGoogleRegistry(server)) {
    const message =
      'server is no registry of Google, and a token of Google is handed out for no other: write REGION-docker.pkg.dev or gcr.io';
    return failed('NotAllowed', message);
  }
  const asking = await askingFor(registry, context);
  return 'ok' in asking ? asking : loginFrom(server, asking, context, ask);
}

async function loginFrom(server: string, asking: Asking, context: TokenContext, ask: Ask): Promise<Fetched> {
  const conversation = new CloudConversation(ask, mayBeAskedAs(asking), context.signal);
  const token = await tokenFrom(asking, conversation, context.now);
  context.signal.throwIfAborted();
  if (token === undefined) return googleFailure(asking.kind, conversation.last);
  context.learn(token.text);
  if (token.expiresAt <= context.now()) {
    const message =
      "Google gives a token that has ended already: compare the clock of this node with Google's";
    return failed('TokenUnavailable', message);
  }
  const entries = [encodeEntry({ server, username: USERNAME, password: token.text })];
  return { ok: true, entries, bad: [], expiresAt: new Date(token.expiresAt) };
}

const mayBeAskedAs =
  (asking: Asking) =>
  (url: URL): boolean =>
    asking.kind === 'metadata'
      ? url.origin === asking.server.origin
      : url.protocol === 'https:' && HOSTS.has(url.host);

/** Undefined where there is none: the error holds what was sent, and the conversation knows why. */
async function tokenFrom(
  asking: Asking,
  conversation: CloudConversation,
  now: () => number,
): Promise<{ readonly text: string; readonly expiresAt: number } | undefined> {
  const { token, expiresAt } = await googleToken(asking, SCOPE, conversation, now).catch(() => NOTHING);
  if (typeof token !== 'string' || !/^[!-~]{1,32768}$/.test(token)) return undefined;
  return Number.isFinite(expiresAt) ? { text: token, expiresAt: Number(expiresAt) } : undefined;
}

const NOTHING = { token: undefined, expiresAt: undefined };
