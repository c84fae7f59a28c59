// What the operator is let in with, and whom it trusts, as files that a test can exchange under it.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Cluster } from '../cluster/cluster.ts';
import { OPERATOR_ACCOUNT, OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { operatorKubeconfig } from '../cluster/operator-kubeconfig.ts';
import type { Identity } from './gateway.ts';

export class LoginOnDisk {
  readonly #cluster: Cluster;
  readonly #folder: string;
  readonly #port: number;
  /** The one that is on disk. */
  token = '';

  /** For an API server on that port of 127.0.0.1; the folder is made. */
  constructor(cluster: Cluster, folder: string, port: number) {
    this.#cluster = cluster;
    this.#folder = folder;
    this.#port = port;
  }

  get kubeconfig(): string {
    return join(this.#folder, 'kubeconfig');
  }

  async make(identity: Identity, authority: string): Promise<void> {
    await mkdir(this.#folder);
    await this.identify(identity, authority);
    await this.renewToken();
  }

  /** The client certificate, and the CA of the API server. */
  async identify({ cert, key }: Identity, authority: string): Promise<void> {
    const write = (name: string, text: string): Promise<void> =>
      writeFile(join(this.#folder, name), text, { mode: 0o600 });
    await Promise.all([write('client.crt', cert), write('client.key', key), write('ca.crt', authority)]);
  }

  async renewToken(): Promise<void> {
    const config = parse(await operatorKubeconfig(this.#cluster, OPERATOR_NAMESPACE, OPERATOR_ACCOUNT));
    this.token = config.users[0].user.token;
    config.clusters[0].cluster = {
      server: `https://127.0.0.1:${this.#port}`,
      'certificate-authority': 'ca.crt',
    };
    Object.assign(config.users[0].user, { 'client-certificate': 'client.crt', 'client-key': 'client.key' });
    await writeFile(this.kubeconfig, stringify(config), { mode: 0o600 });
  }
}
