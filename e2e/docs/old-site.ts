// A cluster in which another operator was at work: its objects, its Secrets, its entries in ServiceAccounts.

import type { Cluster } from '../cluster/cluster.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { until } from '../cluster/until.ts';
import { definitionOf, type Peer } from './peers.ts';

export const TEAMS = ['team-a', 'team-b'] as const;
/** Kept out by an annotation of theirs, where they have one. */
export const KEPT_OUT = 'legacy';
/** The login that it handed out. */
export const LOGIN = {
  auths: {
    'private-registry.io': { username: 'u', password: 'not-a-real-one', auth: 'dTpub3QtYS1yZWFsLW9uZQ==' },
  },
};
const DOCKER = 'kubernetes.io/dockerconfigjson';

export class OldSite {
  readonly #cluster: Cluster;
  readonly #peer: Peer;

  constructor(cluster: Cluster, peer: Peer) {
    this.#cluster = cluster;
    this.#peer = peer;
  }

  readonly #run = (...args: readonly string[]) => kubectl(this.#cluster, args);

  async apply(text: string): Promise<void> {
    await kubectl(this.#cluster, ['apply', '-f', '-'], { input: text });
  }

  /** What it is configured by, as the document has it; its Secrets and entries come from `playIt`. */
  async install(configuration: string): Promise<void> {
    const { kind, source, keepsOut } = this.#peer;
    if (kind) {
      await this.apply(JSON.stringify(definitionOf(kind)));
      const name = `crd/${kind.plural}.${kind.group}`;
      await this.#run('wait', '--for=condition=Established', name, '--timeout=30s');
    }
    if (source) {
      await this.apply(JSON.stringify(namespace(source.namespace)));
      await this.apply(JSON.stringify(secret(source.namespace, source.name)));
    }
    const [annotation, value] = keepsOut ?? ['nothing', 'is-kept-out'];
    for (const name of [...TEAMS, KEPT_OUT])
      await this.apply(JSON.stringify(namespace(name, { team: name.at(-1) ?? '' })));
    await this.#run('annotate', 'namespace', KEPT_OUT, `${annotation}=${value}`);
    for (const name of [...TEAMS, KEPT_OUT, 'default'])
      await this.#run('-n', name, 'wait', '--for=create', 'serviceaccount/default', '--timeout=30s');
    await this.apply(configuration);
  }

  /** Its controller, once through. */
  async playIt(): Promise<void> {
    const { secretName, marks, attaches, kind } = this.#peer;
    const owners = kind ? [await this.#owner()] : [];
    for (const team of TEAMS) {
      const metadata = { ...marks, ownerReferences: owners };
      await this.apply(JSON.stringify(secret(team, secretName, metadata)));
      if (attaches) await this.#patchAccount(team, [{ name: 'of-the-team' }, { name: secretName }]);
    }
  }

  async uidOf(team: string): Promise<string> {
    return this.#run('-n', team, 'get', 'secret', this.#peer.secretName, '-o', 'jsonpath={.metadata.uid}');
  }

  async secretsIn(team: string): Promise<string> {
    return this.#run('-n', team, 'get', 'secrets', '-o', 'jsonpath={.items[*].metadata.name}');
  }

  /** Of the ServiceAccount default, in their order. */
  async entriesIn(team: string): Promise<string> {
    return this.#run(
      '-n',
      team,
      'get',
      'serviceaccount',
      'default',
      '-o',
      'jsonpath={.imagePullSecrets[*].name}',
    );
  }

  /** Everything as before, for the next one. */
  async clear(): Promise<void> {
    await this.#run('delete', 'registrycredentials', '--all', '--timeout=30s');
    await this.#run('-n', 'regcred-system', 'delete', 'secrets', '--all');
    await this.#run('-n', 'default', 'delete', 'deployments', '--all');
    const { kind } = this.#peer;
    if (kind) await this.#run('delete', 'crd', `${kind.plural}.${kind.group}`);
    for (const team of TEAMS) {
      await this.#patchAccount(team, null);
      await this.#run('-n', team, 'delete', 'secrets', '--all');
      await until(`${team} is empty`, async () => (await this.secretsIn(team)) === '', 30);
    }
    const [annotation] = this.#peer.keepsOut ?? ['nothing'];
    await this.#run('annotate', 'namespace', KEPT_OUT, `${annotation}-`);
    await this.#run('label', 'namespace', KEPT_OUT, 'regcred.dev/sync-');
  }

  async #patchAccount(team: string, imagePullSecrets: readonly object[] | null): Promise<void> {
    const patch = ['--type=merge', `--patch=${JSON.stringify({ imagePullSecrets })}`];
    await this.#run('-n', team, 'patch', 'serviceaccount', 'default', ...patch);
  }

  async #owner(): Promise<object> {
    const { items } = JSON.parse(await this.#run('get', this.#peer.kind?.plural ?? '', '-o', 'json'));
    const [{ apiVersion, kind, metadata }] = items;
    return { apiVersion, kind, name: metadata.name, uid: metadata.uid };
  }
}

const namespace = (name: string, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

const secret = (inNamespace: string, name: string, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: inNamespace, ...metadata },
  type: DOCKER,
  stringData: { '.dockerconfigjson': JSON.stringify(LOGIN) },
});
