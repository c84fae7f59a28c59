// Reads and writes the one Lease. Every write carries the resourceVersion of what was read,
// so of two candidates that saw the same record only one gets it.

import { isNotFound, TransportError } from './errors.ts';
import type { KubeClient } from './kube-client.ts';
import type { Lease, LeaseSpec } from './lease-record.ts';

export const leasesPath = (namespace: string): string =>
  `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;

export class LeaseStore {
  readonly #client: KubeClient;
  readonly #namespace: string;
  readonly #name: string;

  constructor(client: KubeClient, namespace: string, name: string) {
    this.#client = client;
    this.#namespace = namespace;
    this.#name = name;
  }

  async read(signal: AbortSignal): Promise<Lease | undefined> {
    try {
      const { body } = await this.#client.request<Lease>({ method: 'GET', path: this.#path, signal });
      return this.#checked('read', body);
    } catch (failure) {
      if (isNotFound(failure)) return undefined;
      throw failure;
    }
  }

  /** Rejects with 409 when another was faster. */
  async write(previous: Lease | undefined, spec: LeaseSpec, signal: AbortSignal): Promise<Lease> {
    const request =
      previous === undefined
        ? { method: 'POST' as const, path: this.#collection, body: this.#fresh(spec) }
        : { method: 'PUT' as const, path: this.#path, body: { ...previous, spec } };
    const written = this.#checked('write', (await this.#client.request<Lease>({ ...request, signal })).body);
    if (written.spec?.holderIdentity === spec.holderIdentity) return written;
    throw new TransportError(`could not write the lease ${this.#name}: the answer names another holder`);
  }

  /** A gateway that has lost its API server may say 200 to everything: nobody becomes leader by that. */
  #checked(verb: string, answer: Lease): Lease {
    const { kind, metadata } = (answer ?? {}) as Partial<Lease>;
    if (kind === 'Lease' && metadata?.name === this.#name && metadata.resourceVersion) return answer;
    throw new TransportError(`could not ${verb} the lease ${this.#name}: the answer is not that Lease`);
  }

  #fresh(spec: LeaseSpec): object {
    const metadata = { namespace: this.#namespace, name: this.#name };
    return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  }

  get #collection(): string {
    return leasesPath(this.#namespace);
  }

  get #path(): string {
    return `${this.#collection}/${this.#name}`;
  }
}
