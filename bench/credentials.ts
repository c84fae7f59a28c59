// RegistryCredentials for the measurement of the admission policy, as the operator leaves them, and a way to know
// that the policy sees them: the first one is written last, and events of one kind come in their order.

import { until } from '../e2e/cluster/until.ts';
import { FINALIZER } from '../src/api/names.ts';
import { CREDENTIALS_PATH, credentialPath, NAMESPACES_PATH, statusPath } from '../src/controller/paths.ts';
import type { KubeClient, KubeObject, KubeRequest } from '../src/kube/kube-client.ts';

/** The namespace in which ServiceAccounts are made, and one that the policy leaves out before it looks at any. */
export const SERVED = 'bench-served';
export const REFERENCE = 'bench-reference';

/** The Secret name of the first one: nobody else gives that entry. */
export const FIRST_NAME = 'regcred-first';

const TEAM_LABEL = 'bench.regcred.dev/team';
const MERGE = 'application/merge-patch+json';

export const accountsIn = (namespace: string): string => `${NAMESPACES_PATH}/${namespace}/serviceaccounts`;

export class Credentials {
  readonly #admin: KubeClient;
  #round = 0;
  #count = 0;

  constructor(admin: KubeClient) {
    this.#admin = admin;
  }

  async makeNamespaces(): Promise<void> {
    const labels = { [SERVED]: { [TEAM_LABEL]: 't0' }, [REFERENCE]: { 'regcred.dev/sync': 'false' } };
    for (const [name, own] of Object.entries(labels))
      await this.#send({ method: 'POST', path: NAMESPACES_PATH, body: { metadata: { name, labels: own } } });
  }

  /**
   * Has `count` of them, one of which is for the served namespace: the others are for namespaces of their own, or
   * with `forAll` for every one. Resolves to a prefix of names that the policy selects from now on.
   */
  async set(count: number, forAll: boolean): Promise<string> {
    for (; this.#count > 0; this.#count -= 1) await this.#remove(`bench-${this.#count - 1}`);
    for (; this.#count < count; this.#count += 1) {
      const selector = forAll ? {} : { matchLabels: { [TEAM_LABEL]: `t${this.#count}` } };
      await this.#make(`bench-${this.#count}`, this.#count === 0 ? FIRST_NAME : 'regcred', selector);
    }
    this.#round += 1;
    return `r${this.#round}-`;
  }

  /** Also awaits that the policy is in force. */
  async awaitSeen(prefix: string): Promise<void> {
    const spec = { serviceAccounts: { names: [`${prefix}*`] } };
    const first = await this.#send({
      method: 'PATCH',
      path: credentialPath('bench-0'),
      body: { spec },
      contentType: MERGE,
    });
    await this.#sayWell('bench-0', first.metadata.generation ?? 0);
    await until('the policy sees every RegistryCredential', () => this.#isGiven(`${prefix}probe`), 60);
  }

  async #isGiven(name: string): Promise<boolean> {
    const path = accountsIn(SERVED);
    const body = { metadata: { name } };
    const { imagePullSecrets = [] } = await this.#send({
      method: 'POST',
      path,
      body,
      query: { dryRun: 'All' },
    });
    return imagePullSecrets.some(entry => entry.name === FIRST_NAME);
  }

  async #make(name: string, secretName: string, namespaceSelector: object): Promise<void> {
    const spec = { registries: [{ dockerConfig: { secretRef: { name } } }], secretName, namespaceSelector };
    const metadata = { name, finalizers: [FINALIZER] };
    const body = { apiVersion: 'regcred.dev/v1alpha1', kind: 'RegistryCredential', metadata, spec };
    await this.#send({ method: 'POST', path: CREDENTIALS_PATH, body });
    await this.#sayWell(name, 1);
  }

  async #remove(name: string): Promise<void> {
    const body = { metadata: { finalizers: null } };
    await this.#send({ method: 'PATCH', path: credentialPath(name), body, contentType: MERGE });
    await this.#send({ method: 'DELETE', path: credentialPath(name) });
  }

  async #sayWell(name: string, observedGeneration: number): Promise<void> {
    const ready = {
      type: 'Ready',
      status: 'True',
      reason: 'Synced',
      message: 'all is well',
      observedGeneration,
    };
    const status = {
      observedGeneration,
      conditions: [{ ...ready, lastTransitionTime: '2026-01-01T00:00:00Z' }],
      registries: [{ server: 'private-registry.io', source: 'dockerConfig' }],
      namespaces: { selected: 1, synced: 1, failed: 0, summary: '1/1' },
      serviceAccounts: { selected: 1, attached: 1, summary: '1/1' },
      failures: [],
    };
    await this.#send({ method: 'PATCH', path: statusPath(name), body: { status }, contentType: MERGE });
  }

  async #send(request: KubeRequest): Promise<KubeObject & { imagePullSecrets?: { name: string }[] }> {
    return (await this.#admin.request<KubeObject>(request)).body;
  }
}
