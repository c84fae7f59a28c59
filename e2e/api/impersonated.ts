// Speaks to the API server under the operator's name with an admin's rights: RBAC lets everything through, so
// what is refused is refused by the policies, which go by the name.

import { HttpKubeClient } from '../../src/kube/client.ts';
import { endpointOfFile } from '../../src/kube/kube-config.ts';
import { OPERATOR_USER } from '../../src/testing/policies/policies.ts';
import { cluster } from './cluster.ts';

export function impersonatedOperator(): HttpKubeClient {
  const endpoint = endpointOfFile(cluster().kubeconfig);
  const impersonating = {
    server: endpoint.server,
    namespace: endpoint.namespace,
    proxyUrl: endpoint.proxyUrl,
    renew: () => endpoint.renew(),
    authenticate: async () => {
      const { headers, tls } = await endpoint.authenticate();
      const names = { 'impersonate-user': OPERATOR_USER, 'impersonate-group': 'system:masters' };
      return { tls, headers: { ...headers, ...names } };
    },
  };
  return new HttpKubeClient({ endpoint: impersonating, version: 'test' });
}
