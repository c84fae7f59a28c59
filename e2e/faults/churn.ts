// Everybody at once in a large cluster: namespaces and ServiceAccounts that come and go, labels that flip,
// Secrets that are deleted, logins that are renewed. One thing after the other, by a seed.

import { setTimeout as sleep } from 'node:timers/promises';
import { SYNC_LABEL } from '../../src/api/names.ts';
import { NAMESPACES_PATH, secretPath, serviceAccountPath } from '../../src/controller/paths.ts';
import { isConflict, isNotFound } from '../../src/kube/errors.ts';
import type { KubeRequest } from '../../src/kube/kube-client.ts';
import { Dice } from '../../src/testing/random.ts';
import type { OwnCluster } from '../overload/own-cluster.ts';

export const labelOf = (credential: number): string => `soak-${credential}`;

/** Milliseconds from one change to the next. */
const PACE = 100;
/** Milliseconds from one new login to the next. */
const LOGINS = 40_000;
const PATCH = { method: 'PATCH', contentType: 'application/merge-patch+json' } as const;

export class Churn {
  readonly #own: OwnCluster;
  readonly #dice: Dice;
  readonly #credentials: number;
  /** Those that stay. */
  readonly #namespaces: readonly string[];
  readonly #passing: string[] = [];
  readonly #accounts: { readonly namespace: string; readonly name: string }[] = [];
  /** Of each login, by number of the RegistryCredential. */
  readonly versions: number[];
  #made = 0;
  changes = 0;

  constructor(own: OwnCluster, seed: number, credentials: number, namespaces: readonly string[]) {
    this.#own = own;
    this.#dice = new Dice(seed);
    this.#credentials = credentials;
    this.#namespaces = namespaces;
    this.versions = Array(credentials).fill(0);
  }

  async run(milliseconds: number): Promise<void> {
    const end = Date.now() + milliseconds;
    for (let renewed = Date.now(); Date.now() < end; this.changes++) {
      if (Date.now() - renewed > LOGINS) {
        renewed = Date.now();
        await this.#renewLogin();
      }
      await this.#change();
      await sleep(PACE);
    }
  }

  async #renewLogin(): Promise<void> {
    const credential = this.#dice.upTo(this.#credentials - 1);
    const version = (this.versions[credential] ?? 0) + 1;
    this.versions[credential] = version;
    await this.#own.changeLogin(credential, version);
  }

  async #change(): Promise<void> {
    const change = this.#dice.one([
      () => this.#comeNamespace(),
      () => this.#goNamespace(),
      () => this.#comeAccount(),
      () => this.#goAccount(),
      () => this.#flip(labelOf(this.#dice.upTo(this.#credentials - 1)), ['true', null]),
      () => this.#flip(SYNC_LABEL, ['false', null]),
      () => this.#deleteSecret(),
    ]);
    await change();
  }

  async #comeNamespace(): Promise<void> {
    const name = `passing-${++this.#made}`;
    this.#passing.push(name);
    const labels = { [labelOf(this.#made % this.#credentials)]: 'true' };
    await this.#send({ method: 'POST', path: NAMESPACES_PATH, body: { metadata: { name, labels } } });
  }

  async #goNamespace(): Promise<void> {
    const name = this.#passing.shift();
    if (name !== undefined) await this.#send({ method: 'DELETE', path: `${NAMESPACES_PATH}/${name}` });
  }

  async #comeAccount(): Promise<void> {
    const account = { namespace: this.#any(), name: `account-${++this.#made}` };
    this.#accounts.push(account);
    const path = `${NAMESPACES_PATH}/${account.namespace}/serviceaccounts`;
    await this.#send({ method: 'POST', path, body: { metadata: { name: account.name } } });
  }

  async #goAccount(): Promise<void> {
    const account = this.#accounts.shift();
    if (account === undefined) return;
    await this.#send({ method: 'DELETE', path: serviceAccountPath(account.namespace, account.name) });
  }

  async #flip(label: string, values: readonly [string, null]): Promise<void> {
    const labels = { [label]: this.#dice.one(values) };
    await this.#send({ ...PATCH, path: `${NAMESPACES_PATH}/${this.#any()}`, body: { metadata: { labels } } });
  }

  async #deleteSecret(): Promise<void> {
    await this.#send({ method: 'DELETE', path: secretPath(this.#any(), 'regcred') });
  }

  #any(): string {
    return this.#namespaces[this.#dice.upTo(this.#namespaces.length - 1)] ?? '';
  }

  /** What is gone already, or changed meanwhile, is as good as done. */
  async #send(request: KubeRequest): Promise<void> {
    await this.#own.admin.request(request).catch((error: unknown) => {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    });
  }
}
