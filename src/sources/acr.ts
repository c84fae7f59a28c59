// The source `acr`: a login for an Azure Container Registry. A token of Entra is shown to the registry, which gives a
// refresh token of its own for it (github.com/Azure/acr/blob/main/docs/AAD-OAuth.md).

import { azureRegistryHost } from '../api/acr-schema.ts';
import type { RegistrySpec } from '../api/types.ts';
import { encodeEntry } from '../core/docker-config.ts';
import { type AzureAsking, askingFor } from './acr-asking.ts';
import { entraToken } from './acr-client.ts';
import { entraFailure, exchangeFailure } from './acr-failure.ts';
import { type Ask, askOverNet, type CloudAnswer, CloudConversation } from './cloud-conversation.ts';
import { fieldsOf } from './cloud-failure.ts';
import { endOf, jwtClaims } from './jwt-claims.ts';
import type { Fetched, TokenContext, TokenSource } from './source.ts';
import { failed } from './source-failure.ts';

/** What the registry wants for a user name beside a token. */
const USERNAME = '00000000-0000-0000-0000-000000000000';

const PUBLIC_AUTHORITY = 'https://login.microsoftonline.com';
/** Where Entra is, by the cloud that a registry's name ends in. */
const AUTHORITIES: ReadonlyMap<string, string> = new Map([
  ['io', PUBLIC_AUTHORITY],
  ['us', 'https://login.microsoftonline.us'],
  ['cn', 'https://login.partner.microsoftonline.cn'],
]);
const authorityOf = (host: string): string => AUTHORITIES.get(host.slice(-2)) ?? PUBLIC_AUTHORITY;
const IDENTITY_ENDPOINT = 'http://169.254.169.254';
/** By which the library is led to another one. */
const ENDPOINT_VARIABLES = ['AZURE_POD_IDENTITY_AUTHORITY_HOST', 'IDENTITY_ENDPOINT', 'MSI_ENDPOINT'];

export const acr: TokenSource = {
  kind: 'acr',
  gives: 'tokens',
  secretNames: ({ acr: spec }) => (spec?.secretRef === undefined ? [] : [spec.secretRef.name]),
  servers: ({ server }) => (server === undefined ? [] : [server]),
  // Whatever the identity is: where Entra hangs, nobody is asked for long whose tokens come from elsewhere.
  asks: ({ server = '' }) => {
    const host = azureRegistryHost(server) ?? '';
    return [host, new URL(authorityOf(host)).host];
  },
  serverAsked: ({ server = '' }) => azureRegistryHost(server) ?? server,
  fetch: (registry, context) => fetchAcr(registry, context, askOverNet(context.environment)),
};

export async function fetchAcr(registry: RegistrySpec, context: TokenContext, ask: Ask): Promise<Fetched> {
  const { server = '', acr: spec = {} } = registry;
  const host = azureRegistryHost(server);
  if (host === undefined) {
    const message = 'server is no registry of Azure, and no other is asked: write REGISTRY.azurecr.io';
    return failed('NotAllowed', message);
  }
  const asking = await askingFor(spec, context);
  return 'ok' in asking ? asking : loginFrom({ server, host, tenantId: spec.tenantId }, asking, context, ask);
}

interface Registry {
  readonly server: string;
  readonly host: string;
  readonly tenantId: string | undefined;
}

async function loginFrom(
  registry: Registry,
  asking: AzureAsking,
  context: TokenContext,
  ask: Ask,
): Promise<Fetched> {
  const authority = authorityOf(registry.host);
  const mayAsk = mayBeAskedAs(asking, registry.host, authority, context);
  const conversation = new CloudConversation(ask, mayAsk, context.signal);
  // The error holds what was sent; the conversation knows why there is no token.
  const entra = await entraToken(asking, authority, conversation).catch(() => undefined);
  context.signal.throwIfAborted();
  if (entra === undefined) return entraFailure(asking.kind, conversation.last);
  context.learn(entra);
  const tenantId = asking.kind === 'managed' ? registry.tenantId : asking.tenantId;
  const answer = await exchanged(entra, registry.host, tenantId, conversation).catch(() => undefined);
  context.signal.throwIfAborted();
  const login = answer?.status === 200 ? refreshTokenIn(answer, context.now()) : undefined;
  if (login === undefined) return exchangeFailure(conversation.last);
  context.learn(login.token);
  return loginOf(registry, login.token, login.expiresAt, context.now());
}

/** Undefined when there is none, or one that does not say when it ends. */
function refreshTokenIn(answer: CloudAnswer, now: number): { token: string; expiresAt: number } | undefined {
  const { refresh_token: token } = fieldsOf(answer);
  if (typeof token !== 'string' || !/^[!-~]{1,32768}$/.test(token)) return undefined;
  const expiresAt = endOf(jwtClaims(token), now);
  return expiresAt === undefined ? undefined : { token, expiresAt };
}

function loginOf({ server, host }: Registry, token: string, expiresAt: number, now: number): Fetched {
  if (expiresAt <= now) {
    const message = `${host} gives a token that has ended already: compare the clock of this node with Azure's`;
    return failed('TokenUnavailable', message);
  }
  const entries = [encodeEntry({ server, username: USERNAME, password: token })];
  return { ok: true, entries, bad: [], expiresAt: new Date(expiresAt) };
}

function exchanged(
  entra: string,
  host: string,
  tenantId: string | undefined,
  conversation: CloudConversation,
): ReturnType<CloudConversation['ask']> {
  const form = new URLSearchParams({ grant_type: 'access_token', service: host, access_token: entra });
  if (tenantId !== undefined) form.set('tenant', tenantId);
  return conversation.ask({
    url: new URL(`https://${host}/oauth2/exchange`),
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
  });
}

function mayBeAskedAs(
  asking: AzureAsking,
  host: string,
  authority: string,
  { environment }: TokenContext,
): (url: URL) => boolean {
  const named = ENDPOINT_VARIABLES.map(name => environment[name] ?? '').filter(value => URL.canParse(value));
  const endpoints = [IDENTITY_ENDPOINT, ...named.map(value => new URL(value).origin)];
  const askedFirst = asking.kind === 'managed' ? endpoints : [authority];
  const origins = new Set([...askedFirst, `https://${host}`]);
  return url => origins.has(url.origin);
}
