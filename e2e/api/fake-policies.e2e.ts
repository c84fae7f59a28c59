// Holds the policies of the in-memory API server against those of manifests/: the same requests under the
// operator's name, the same answers.

import { CREDENTIALS_PATH, NAMESPACES_PATH } from '../../src/controller/paths.ts';
import { HttpKubeClient } from '../../src/kube/client.ts';
import type { KubeRequest } from '../../src/kube/kube-client.ts';
import { endpointOfFile } from '../../src/kube/kube-config.ts';
import { policyAccounts } from '../../src/testing/script/policy-accounts.ts';
import { policyReferences } from '../../src/testing/script/policy-references.ts';
import { runPolicies } from '../../src/testing/script/policy-run.ts';
import { POLICY_NAMESPACE, policySecrets } from '../../src/testing/script/policy-secrets.ts';
import { runScript } from '../../src/testing/script/run.ts';
import { create, remove } from './admin.ts';
import { installPolicy, removePolicy } from './admission-policy.ts';
import { cluster } from './cluster.ts';
import { expectAgreement } from './fake-agreement.ts';
import { impersonatedOperator } from './impersonated.ts';
import { stopOperator } from './operator.ts';
import { Sentinel } from './sentinel.ts';

describe('the policies of the in-memory API server', () => {
  let client: HttpKubeClient;
  let operator: HttpKubeClient;

  before(async () => {
    await stopOperator();
    client = new HttpKubeClient({ endpoint: endpointOfFile(cluster().kubeconfig), version: 'test' });
    operator = impersonatedOperator();
    await create(NAMESPACES_PATH, { metadata: { name: POLICY_NAMESPACE } });
  });
  after(async () => {
    await remove(`${NAMESPACES_PATH}/${POLICY_NAMESPACE}`);
    await Promise.all([client.close(), operator.close()]);
  });

  for (const [what, steps] of [
    ['Secrets', policySecrets],
    ['ServiceAccounts', policyAccounts],
  ] as const)
    it(`answer the operator as those of this API server do, of ${what}`, async () => {
      const real = await runScript(client, steps, operator);

      expectAgreement(await runPolicies(steps), real);
    });

  describe('with the component', () => {
    let sentinel: Sentinel;

    before(async function () {
      await installPolicy(this);
      sentinel = await Sentinel.post();
    });
    after(async () => {
      await sentinel?.leave();
      await removePolicy();
    });

    it('give and keep the entry of a ServiceAccount as those of this API server do', async () => {
      const settled = async ({ method, path }: KubeRequest): Promise<void> => {
        if (method !== 'GET' && path.startsWith(CREDENTIALS_PATH)) await sentinel.seesAll();
      };
      const real = await runScript(client, policyReferences, operator, settled);

      expectAgreement(await runPolicies(policyReferences, { references: true }), real);
    });
  });
});
