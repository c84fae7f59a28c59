// A control plane that is filled to the brim and thrown away: what takes thousands of namespaces would
// disturb the tests that share one, and take minutes to clear up.

import { stat } from 'node:fs/promises';
import { CREDENTIALS_PATH, secretPath, secretsPathIn } from '../../src/controller/paths.ts';
import { HttpKubeClient } from '../../src/kube/client.ts';
import { endpointOfFile } from '../../src/kube/kube-config.ts';
import { type AuditedRequest, LEASES, type Mark, writesIn } from '../api/audit.ts';
import type { Cluster, ClusterOptions } from '../cluster/cluster.ts';
import { install, OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { type OperatorOptions, type OperatorProcess, startOperator } from '../cluster/operator-process.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import { until } from '../cluster/until.ts';

/** Writes of ours under way: the API server is to have enough to do. */
const PARALLEL = 64;
/** Seconds; whoever was killed before holds the Lease for 15. */
const LONGEST_TO_LEAD = 60;
/** Seconds; thousands of namespaces on a machine that is busy otherwise. */
const LONGEST_ROLL_OUT = 300;

export const credentialName = (number: number): string => `c${String(number).padStart(2, '0')}`;
export const serverOf = (number: number): string => `${credentialName(number)}.example.com`;

/** The status and what else there is of a RegistryCredential. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at single fields
export type AnyCredential = Record<string, any>;

export class OwnCluster {
  readonly cluster: Cluster;
  /** Of a person with all rights. */
  readonly admin: HttpKubeClient;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    const endpoint = endpointOfFile(cluster.kubeconfig);
    this.admin = new HttpKubeClient({ endpoint, version: 'overload', maxConcurrentWrites: PARALLEL });
  }

  /** With everything of manifests/ but the Deployment. */
  static async start(options: ClusterOptions = {}): Promise<OwnCluster> {
    const cluster = await startCluster({ prefer: 'bare', audit: true, ...options });
    await install(cluster);
    return new OwnCluster(cluster);
  }

  async stop(): Promise<void> {
    await this.admin.close();
    await this.cluster.stop();
  }

  /** It leads by then. Its log is as in production. */
  async startOperator(options: OperatorOptions = {}): Promise<OperatorProcess> {
    const operator = await startOperator(this.cluster, { logLevel: 'info', ...options });
    const leads = async (): Promise<boolean> => (await operator.logs()).includes('"became the leader"');
    if (options.waitReady !== false) await until('the operator leads', leads, LONGEST_TO_LEAD);
    return operator;
  }

  /** A RegistryCredential with one login for a server of its own, for namespaces with this label. */
  async makeCredential(number: number, label: string): Promise<void> {
    const name = credentialName(number);
    const stringData = { username: name, password: passwordOf(number, 0) };
    const source = { metadata: { name }, type: 'kubernetes.io/basic-auth', stringData };
    await this.admin.request({ method: 'POST', path: secretsPathIn(OPERATOR_NAMESPACE), body: source });
    const spec = {
      registries: [{ server: serverOf(number), basic: { secretRef: { name } } }],
      namespaceSelector: { matchLabels: { [label]: 'true' } },
    };
    const kind = { apiVersion: 'regcred.dev/v1alpha1', kind: 'RegistryCredential' };
    const body = { ...kind, metadata: { name }, spec };
    await this.admin.request({ method: 'POST', path: CREDENTIALS_PATH, body });
  }

  async changeLogin(number: number, version: number): Promise<void> {
    await this.admin.request({
      method: 'PATCH',
      path: secretPath(OPERATOR_NAMESPACE, credentialName(number)),
      contentType: 'application/merge-patch+json',
      body: { stringData: { password: passwordOf(number, version) } },
    });
  }

  async credentials(): Promise<AnyCredential[]> {
    const { body } = await this.admin.request<{ items: AnyCredential[] }>({
      method: 'GET',
      path: CREDENTIALS_PATH,
    });
    return body.items;
  }

  /** Every RegistryCredential has so many namespaces, with one ServiceAccount each, and all are well. */
  untilSynced(namespaces: number): Promise<void> {
    const areSynced = async (): Promise<boolean> =>
      (await this.credentials()).every(credential => isSynced(credential, namespaces));
    return until(`every RegistryCredential is well in ${namespaces} namespaces`, areSynced, LONGEST_ROLL_OUT);
  }

  untilGone(number: number): Promise<void> {
    const isGone = async (): Promise<boolean> =>
      (await this.credentials()).every(({ metadata }) => metadata.name !== credentialName(number));
    return until(`${credentialName(number)} is gone`, isGone, LONGEST_ROLL_OUT);
  }

  /** `what` as AuditedRequest.what begins. Reads the log again and again: to be called when there is little to wait for. */
  untilWritten(mark: Mark, what: string, count: number): Promise<void> {
    const written = async (): Promise<number> =>
      (await this.writesSince(mark)).filter(write => write.what.startsWith(`${what} `)).length;
    return until(`${count} × ${what}`, async () => (await written()) >= count, LONGEST_ROLL_OUT);
  }

  async mark(): Promise<Mark> {
    return (await stat(this.cluster.auditLog ?? '')).size;
  }

  /** Of the operator, but those of the Lease. */
  async writesSince(mark: Mark): Promise<AuditedRequest[]> {
    return (await this.#allWrites(mark)).filter(({ resource }) => resource !== LEASES);
  }

  /** How the Lease was taken, renewed and given back. */
  async leaseWrites(mark: Mark): Promise<AuditedRequest[]> {
    return (await this.#allWrites(mark)).filter(({ resource, code }) => resource === LEASES && code < 300);
  }

  #allWrites(mark: Mark): Promise<AuditedRequest[]> {
    return writesIn(this.cluster.auditLog ?? '', mark);
  }
}

export const passwordOf = (number: number, version: number): string => `not-a-real-one-${number}-${version}`;

function isSynced({ status, metadata }: AnyCredential, namespaces: number): boolean {
  const summary = `${namespaces}/${namespaces}`;
  const isReady = ({ type, reason }: AnyCredential): boolean =>
    type === 'Ready' && String(reason) === 'Synced';
  return (
    status?.observedGeneration === metadata.generation &&
    status.namespaces.summary === summary &&
    status.serviceAccounts.summary === summary &&
    status.failures.length === 0 &&
    status.conditions.some(isReady)
  );
}
