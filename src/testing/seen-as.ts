// A RegistryCredential that only the operator sees as it is said here, as if the CRD were one of another version: our
// own schema would not let it in.

import type { KubeClient, KubeObject, KubeRequest } from '../kube/kube-client.ts';

export function seenAs(client: KubeClient, name: string, spec: unknown): KubeClient {
  const seen = <T extends object>(object: T): T =>
    isNamed(object, name) && 'spec' in object ? { ...object, spec: structuredClone(spec) } : object;
  return {
    request: async <T>(request: KubeRequest) => {
      const response = await client.request<T>(request);
      return { ...response, body: seen(response.body as object) as T };
    },
    watch: async function* (request) {
      for await (const event of client.watch(request)) yield { ...event, object: seen(event.object) };
    },
  };
}

const isNamed = (object: object, name: string): boolean =>
  'metadata' in object && (object as KubeObject).metadata.name === name;
