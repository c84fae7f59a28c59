// Asks how far the server is, by the smallest question whose answer has its own resourceVersion: a list of one.

import type { KubeClient, KubeRequest } from './kube-client.ts';

interface Collection {
  readonly path: string;
  readonly query: KubeRequest['query'] | undefined;
  readonly signal: AbortSignal;
}

export async function versionOfServer(
  client: KubeClient,
  { path, query, signal }: Collection,
): Promise<string> {
  const { body } = await client.request<{ metadata: { resourceVersion: string } }>({
    method: 'GET',
    path,
    query: { ...query, limit: '1' },
    signal,
  });
  return body.metadata.resourceVersion;
}
