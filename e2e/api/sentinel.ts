// Tells when the admission policy knows what was just written. An API server reads the policy and its parameters
// from caches; events of one kind come in their order, so a RegistryCredential that is written last, and is seen
// to be obeyed, tells of all that were written before. No operator may run: it would have its say about it.

import { expect } from 'chai';
import { FINALIZER } from '../../src/api/names.ts';
import { CREDENTIALS_PATH, credentialPath, NAMESPACES_PATH, statusPath } from '../../src/controller/paths.ts';
import { create, patch, remove, tryCreate } from './admin.ts';
import { eventually } from './eventually.ts';

/** Its own Secret name: no other RegistryCredential can give the entry that is looked for. */
export const SENTINEL_NAME = 'sentinel-login';

const LABEL = 'e2e.regcred.dev/sentinel';

let posted = 0;

export class Sentinel {
  readonly #name: string;
  #round = 0;

  private constructor() {
    posted += 1;
    this.#name = `sentinel-${posted}`;
  }

  static async post(): Promise<Sentinel> {
    const sentinel = new Sentinel();
    const name = sentinel.#name;
    await create(NAMESPACES_PATH, { metadata: { name, labels: { [LABEL]: name } } });
    await create(CREDENTIALS_PATH, {
      apiVersion: 'regcred.dev/v1alpha1',
      kind: 'RegistryCredential',
      metadata: { name, finalizers: [FINALIZER] },
      spec: {
        registries: [{ dockerConfig: { secretRef: { name } } }],
        secretName: SENTINEL_NAME,
        namespaceSelector: { matchLabels: { [LABEL]: name } },
      },
    });
    return sentinel;
  }

  /** Resolves once the policy is in force and acts on every RegistryCredential as it is now. */
  async seesAll(): Promise<void> {
    this.#round += 1;
    const spec = { serviceAccounts: { names: [this.#account] } };
    const { metadata } = await patch(credentialPath(this.#name), { spec });
    await patch(statusPath(this.#name), { status: soundStatus(metadata.generation ?? 0) });
    await eventually('the policy sees every RegistryCredential', async () =>
      expect(await this.#isGiven()).to.equal(true),
    );
  }

  /** Resolves once a policy that saw all before is in force no more. */
  async seesNothing(): Promise<void> {
    await eventually('the policy is gone', async () => expect(await this.#isGiven()).to.equal(false));
  }

  async leave(): Promise<void> {
    await patch(credentialPath(this.#name), { metadata: { finalizers: null } });
    await remove(credentialPath(this.#name));
    await remove(`${NAMESPACES_PATH}/${this.#name}`);
  }

  /** The one that is selected since the last round began. */
  get #account(): string {
    return `round-${this.#round}`;
  }

  async #isGiven(): Promise<boolean> {
    const collection = `${NAMESPACES_PATH}/${this.#name}/serviceaccounts`;
    const { imagePullSecrets = [] } = await tryCreate(collection, { metadata: { name: this.#account } });
    return imagePullSecrets.some(({ name }: { name: string }) => name === SENTINEL_NAME);
  }
}

/** As the operator writes it when all is well. */
export const soundStatus = (observedGeneration: number) => ({
  observedGeneration,
  conditions: [],
  registries: [{ server: 'private-registry.io', source: 'dockerConfig' }],
  namespaces: { selected: 0, synced: 0, failed: 0, summary: '0/0' },
  serviceAccounts: { selected: 0, attached: 0, summary: '0/0' },
  failures: [],
});
