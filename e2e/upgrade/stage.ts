// A control plane for one story of an administrator: what is installed, replaced and removed on it concerns no
// other test. Namespaces "one" and "two" opt in; "two" has a reference of somebody else's.

import { census } from '../chart/census.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { type OperatorOptions, type OperatorProcess, startOperator } from '../cluster/operator-process.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import { until } from '../cluster/until.ts';

export const CRD = 'registrycredentials.regcred.dev';
export const SOURCE = { dockerConfig: { secretRef: { name: 'source' } } };
/** The references of others in each namespace. */
const OTHERS: Readonly<Record<string, readonly string[]>> = { one: [], two: ['theirs'] };
/** Seconds. */
const PATIENCE = 40;

export class Stage {
  readonly cluster: Cluster;
  #operator: OperatorProcess | undefined;
  #earlier: string[] = [];

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  static async open(): Promise<Stage> {
    const stage = new Stage(await startCluster({ prefer: 'bare', audit: true }));
    for (const [namespace, others] of Object.entries(OTHERS)) {
      await stage.run('create', 'namespace', namespace);
      await stage.run('label', 'namespace', namespace, 'regcred.dev/sync=true');
      // Controllers make them, and what comes after the census would be taken for left over.
      for (const made of ['serviceaccount/default', 'configmap/kube-root-ca.crt'])
        await stage.run('-n', namespace, 'wait', '--for=create', made, '--timeout=30s');
      const imagePullSecrets = others.map(name => ({ name }));
      const patch = JSON.stringify({ imagePullSecrets });
      await stage.run('-n', namespace, 'patch', 'serviceaccount', 'default', '-p', patch);
    }
    stage.#earlier = await census(stage.cluster);
    return stage;
  }

  async close(): Promise<void> {
    await this.halt();
    await this.cluster.stop();
  }

  run(...args: readonly string[]): Promise<string> {
    return kubectl(this.cluster, args);
  }

  /** `verb` such as create, apply. */
  give(verb: string, object: object, ...args: readonly string[]): Promise<string> {
    return kubectl(this.cluster, [verb, ...args, '-f', '-'], { input: JSON.stringify(object) });
  }

  /** A login for every namespace, where sources are kept. */
  async makeSource(): Promise<void> {
    const login = ['--docker-server=r.example', '--docker-username=u', '--docker-password=not-a-real-one'];
    await this.run('-n', OPERATOR_NAMESPACE, 'create', 'secret', 'docker-registry', 'source', ...login);
  }

  async handOut(name: string, spec: object = {}): Promise<void> {
    await this.give('create', credential(name, spec));
  }

  async operate(options: OperatorOptions = {}): Promise<OperatorProcess> {
    this.#operator = await startOperator(this.cluster, options);
    return this.#operator;
  }

  /** The operator ends, if there is one. */
  async halt(): Promise<void> {
    await this.#operator?.stop();
    this.#operator = undefined;
  }

  async isServed(...names: readonly string[]): Promise<void> {
    for (const [namespace, others] of Object.entries(OTHERS))
      await this.#has(namespace, names, [...others, ...names]);
  }

  /** Nothing that was not there before; of our own in the namespaces not a word. @param kept what may be there */
  async nothingIsLeft(...kept: readonly string[]): Promise<void> {
    let left: string[] = [];
    const look = async () => {
      left = (await census(this.cluster)).filter(one => !this.#earlier.includes(one));
      return String(left) === String(kept);
    };
    await until('nothing is left', look, PATIENCE).catch((cause: Error) => {
      throw new Error(`still there: ${left.join('; ')}`, { cause });
    });
    for (const [namespace, others] of Object.entries(OTHERS)) {
      await this.#has(namespace, [], others);
      const account = await this.run('-n', namespace, 'get', 'serviceaccount', 'default', '-o', 'yaml');
      if (account.includes('regcred')) throw new Error(`${namespace}/default still names us:\n${account}`);
    }
  }

  async #has(namespace: string, secrets: readonly string[], entries: readonly string[]): Promise<void> {
    const of = (...args: readonly string[]) => this.run('-n', namespace, 'get', ...args);
    const sorted = (text: string) => text.split(' ').sort().join(' ');
    const look = async () => {
      const there = await of('secrets', '-o', 'jsonpath={.items[*].metadata.name}');
      const listed = await of('serviceaccount', 'default', '-o', 'jsonpath={.imagePullSecrets[*].name}');
      return there === secrets.toSorted().join(' ') && sorted(listed) === entries.toSorted().join(' ');
    };
    await until(`${namespace} has ${secrets.join() || 'no Secret'}`, look, PATIENCE);
  }
}

export const credential = (name: string, spec: object = {}) => ({
  apiVersion: 'regcred.dev/v1alpha1',
  kind: 'RegistryCredential',
  metadata: { name },
  spec: { registries: [SOURCE], ...spec },
});
