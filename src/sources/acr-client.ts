// How Azure's library is asked for a token of Entra. It makes the requests; our conversation sends them, so that
// proxies, time-outs and who may be asked are the same for all.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { HttpClient, TokenCredential } from '../clouds/azure.ts';
import type { AzureAsking } from './acr-asking.ts';
import type { CloudConversation } from './cloud-conversation.ts';

type Azure = typeof import('../clouds/azure.ts');

/**
 * For Azure's registries and nothing else, in all of its clouds. What most tools ask for is a token for its Resource
 * Manager, which can do all that the identity may (learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm).
 */
const SCOPE = 'https://containerregistry.azure.net/.default';

/**
 * Whose a request is. The library keeps what asks for a managed identity, with the client that it was first given, for
 * as long as the process lives: without this all later fetches would be cut with the first one.
 */
const current = new AsyncLocalStorage<CloudConversation>();

/** Rejects when there is no token; the error holds what was sent. */
export async function entraToken(
  asking: AzureAsking,
  authorityHost: string,
  conversation: CloudConversation,
): Promise<string | undefined> {
  const azure = await import('../clouds/azure.ts');
  const credential = credentialOf(azure, asking, authorityHost);
  const given = await current.run(conversation, () => credential.getToken(SCOPE));
  return given?.token;
}

function credentialOf(azure: Azure, asking: AzureAsking, authorityHost: string): TokenCredential {
  const options = {
    authorityHost,
    // It would ask whether the authority is one of Microsoft's. Ours are.
    disableInstanceDiscovery: true,
    httpClient: clientOf(azure),
    // When to try again is not a source's to say.
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
  };
  switch (asking.kind) {
    case 'secret': {
      const { tenantId, clientId, clientSecret } = asking;
      return new azure.ClientSecretCredential(tenantId, clientId, clientSecret, options);
    }
    case 'workload': {
      const { tenantId, clientId, assertion } = asking;
      return new azure.ClientAssertionCredential(tenantId, clientId, async () => assertion, options);
    }
    case 'managed': {
      const { clientId } = asking;
      return new azure.ManagedIdentityCredential({
        ...options,
        ...(clientId === undefined ? {} : { clientId }),
      });
    }
  }
}

const clientOf = ({ createHttpHeaders }: Azure): HttpClient => ({
  async sendRequest(request) {
    const conversation = current.getStore();
    if (conversation === undefined) throw new Error('nobody asked for this request');
    const { status, headers, body } = await conversation.ask({
      url: new URL(request.url),
      method: request.method,
      headers: request.headers.toJSON(),
      body: request.body == null ? undefined : String(request.body),
    });
    return { request, status, headers: createHttpHeaders(headers), bodyAsText: body };
  },
});
