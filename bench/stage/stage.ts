// Where all measures play: a control plane of their own with the operator's RBAC and policies, the namespaces, one
// RegistryCredential with its login, and a way back to what was there before each run.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installAdmission } from '../../e2e/cluster/admission-component.ts';
import type { Cluster } from '../../e2e/cluster/cluster.ts';
import { install, OPERATOR_ACCOUNT, OPERATOR_NAMESPACE } from '../../e2e/cluster/installation.ts';
import { kubectl } from '../../e2e/cluster/kubectl.ts';
import { operatorKubeconfig } from '../../e2e/cluster/operator-kubeconfig.ts';
import { startCluster } from '../../e2e/cluster/start-cluster.ts';
import { until } from '../../e2e/cluster/until.ts';
import { bundle } from '../../scripts/bundle.ts';
import {
  CREDENTIALS_PATH,
  NAMESPACES_PATH,
  SECRETS_PATH,
  SERVICE_ACCOUNTS_PATH,
  secretPath,
  secretsPathIn,
} from '../../src/controller/paths.ts';
import { HttpKubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/kube-client.ts';
import { endpointOfFile } from '../../src/kube/kube-config.ts';
import { passwordOf, serverOf, USERNAME } from '../login.ts';
import { CREDENTIAL, credentialNames } from '../names.ts';
import { calm } from './calm.ts';
import { commitOf } from './commit.ts';
import { KeptStates, type StateName } from './data.ts';
import { FLEET_LABEL, type Fleet, namespaceName, PARALLEL, seed } from './fleet.ts';
import { refers } from './following.ts';
import { cpuSecondsOf } from './processes.ts';

interface Program {
  /** A second call does nothing. */
  stop(): Promise<void>;
}

export class Stage {
  readonly cluster: Cluster;
  readonly fleet: Fleet;
  /** Of what was bundled. */
  readonly commit: string;
  /** With the operator's own identity, for operator and floor. */
  readonly kubeconfig: string;
  /** The bundle of floor/main.ts: what a start costs is the same for both. */
  readonly floor: string;
  readonly #states: KeptStates;
  readonly #programs = new Set<Program>();
  #admin: HttpKubeClient;
  /** Of Kubernetes. */
  version = 'unknown';

  private constructor(cluster: Cluster, fleet: Fleet, commit: string) {
    this.cluster = cluster;
    this.commit = commit;
    this.fleet = fleet;
    this.kubeconfig = join(cluster.folder, 'bench.kubeconfig');
    this.floor = join(cluster.folder, 'floor.js');
    this.#states = new KeptStates(cluster);
    this.#admin = this.#connect();
  }

  /** The state `seeded` is kept by then, and has to be restored. */
  static async start(fleet: Fleet): Promise<Stage> {
    const commit = await commitOf();
    await bundle({ entry: source('src/main.ts'), outfile: source('dist/operator.js') });
    const cluster = await startCluster({
      prefer: 'bare',
      audit: true,
    });
    try {
      const stage = new Stage(cluster, fleet, commit);
      await stage.#prepare();
      return stage;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Of a person with all rights. */
  get admin(): HttpKubeClient {
    return this.#admin;
  }

  get auditLog(): string {
    return this.cluster.auditLog ?? '';
  }

  /** It is ended before the next run begins, also where its own comes to a bad end. */
  adopt(program: Program): void {
    this.#programs.add(program);
  }

  has(name: StateName): boolean {
    return this.#states.has(name);
  }

  async keep(name: StateName): Promise<void> {
    await this.#admin.close();
    await this.#states.keep(name);
  }

  /** A fresh control plane with this state, that has come to rest. */
  async restore(name: StateName): Promise<void> {
    await this.#endPrograms();
    await this.#admin.close();
    await this.#states.restore(name);
    this.#admin = this.#connect();
    await this.#warm();
    if (this.fleet.admission && name === 'served') await this.#untilAdmitting();
    await calm('the API server', () => this.serverCpu());
  }

  /** A policy is in force some seconds after its API server has started, and until then nobody is given a reference. */
  async #untilAdmitting(): Promise<void> {
    const probe = {
      method: 'POST',
      path: `${NAMESPACES_PATH}/${namespaceName(0)}/serviceaccounts`,
      query: { dryRun: 'All' },
      body: { metadata: { name: 'probe' } },
    } as const;
    const isGiven = async (): Promise<boolean> => refers((await this.#admin.request<KubeObject>(probe)).body);
    await until('the admission policy is in force', isGiven, 120);
  }

  /** Seconds of processor time of API server and etcd so far. */
  async serverCpu(): Promise<number> {
    const pids = (['kube-apiserver', 'etcd'] as const).map(
      name => this.cluster.controlPlane?.running(name).pid ?? 0,
    );
    const [apiServer = 0, etcd = 0] = await Promise.all(pids.map(cpuSecondsOf));
    return apiServer + etcd;
  }

  async changeLogin(version: number): Promise<void> {
    await this.#admin.request({
      method: 'PATCH',
      path: secretPath(OPERATOR_NAMESPACE, CREDENTIAL),
      contentType: 'application/merge-patch+json',
      body: { stringData: { password: passwordOf(version) } },
    });
  }

  async stop(): Promise<void> {
    await this.#endPrograms();
    await this.#admin.close();
    await this.cluster.stop();
  }

  async #endPrograms(): Promise<void> {
    await Promise.all([...this.#programs].map(program => program.stop()));
    this.#programs.clear();
  }

  async #prepare(): Promise<void> {
    await install(this.cluster);
    this.version = JSON.parse(await kubectl(this.cluster, ['get', '--raw', '/version'])).gitVersion;
    const token = await operatorKubeconfig(this.cluster, OPERATOR_NAMESPACE, OPERATOR_ACCOUNT);
    await writeFile(this.kubeconfig, token, { mode: 0o600 });
    await bundle({ entry: source('bench/floor/main.ts'), outfile: this.floor });
    // It has made what an installation needs. From now on it would only take processor time.
    await this.cluster.controlPlane?.stop('kube-controller-manager', 'SIGKILL');
    if (this.fleet.admission) await installAdmission(this.cluster, ['regcred']);
    for (const name of credentialNames(this.fleet.credentials)) await makeCredential(this.#admin, name);
    console.error(`making ${inWords(this.fleet)}`);
    await seed(this.#admin, this.fleet);
    await this.keep('seeded');
  }

  #connect(): HttpKubeClient {
    const endpoint = endpointOfFile(this.cluster.kubeconfig);
    return new HttpKubeClient({ endpoint, version: 'bench', maxConcurrentWrites: PARALLEL });
  }

  /** An API server calls itself ready before it can serve every kind from its memory: then it answers 429. */
  async #warm(): Promise<void> {
    const kinds = [CREDENTIALS_PATH, NAMESPACES_PATH, SERVICE_ACCOUNTS_PATH, SECRETS_PATH];
    // Of none: from its memory it gives all there are, whatever the limit.
    const query = { resourceVersion: '0', fieldSelector: 'metadata.name=none' };
    for (const path of kinds) await this.#admin.request({ method: 'GET', path, query });
  }
}

const source = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));

const inWords = ({ namespaces, accounts, foreign }: Fleet): string =>
  `${namespaces} namespaces × ${accounts} ServiceAccounts${foreign > 0 ? `, ${foreign} foreign Secrets` : ''}`;

async function makeCredential(admin: HttpKubeClient, name: string): Promise<void> {
  await admin.request({
    method: 'POST',
    path: secretsPathIn(OPERATOR_NAMESPACE),
    body: {
      metadata: { name },
      type: 'kubernetes.io/basic-auth',
      stringData: { username: USERNAME, password: passwordOf(0) },
    },
  });
  const spec = {
    registries: [{ server: serverOf(name), basic: { secretRef: { name } } }],
    namespaceSelector: { matchLabels: { [FLEET_LABEL]: 'true' } },
  };
  const kind = { apiVersion: 'regcred.dev/v1alpha1', kind: 'RegistryCredential' };
  await admin.request({
    method: 'POST',
    path: CREDENTIALS_PATH,
    body: { ...kind, metadata: { name }, spec },
  });
}
