// docs/gitops.md: what it says of Secrets, ServiceAccounts and health, with the tools of which it speaks as far as they
// run here: Helm 4, which waits by kstatus, the Lua of Argo CD, and a server-side apply as Flux makes it.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { credentialPath, secretPath, serviceAccountPath } from '../../src/controller/paths.ts';
import { apply, read } from '../api/admin.ts';
import { cluster } from '../api/cluster.ts';
import { eventually, holdsFor } from '../api/eventually.ts';
import { operator, stopOperator } from '../api/operator.ts';
import { KEPT_OUT, LOGIN, makeForeign, oneLogin, removeCredential } from '../api/ownership.ts';
import { docker, ownedOf, pullSecretsOf, Scenario, setSpec } from '../api/scenario.ts';
import { isReady, secretIn } from '../api/served.ts';
import { findHelm } from '../cluster/helm-program.ts';
import { findLua } from '../cluster/lua-program.ts';
import { outputOf } from '../cluster/program-output.ts';
import { type Health, healthOf } from './argo-health.ts';

/** On a new machine Helm and Lua are built first. */
const LONGEST_START = 20 * 60_000;
const TRACKING = {
  'app.kubernetes.io/instance': 'an-application',
  'kustomize.toolkit.fluxcd.io/name': 'apps',
};

interface Outcome {
  readonly ok: boolean;
  /** What Helm prints, or why it fails. */
  readonly said: string;
}

describe('under GitOps', () => {
  let story: Scenario;
  let folder: string;
  let helm: string;
  let lua: string;

  before(async function () {
    this.timeout(LONGEST_START);
    for (const [find, use] of [
      [findHelm, (path: string) => (helm = path)],
      [findLua, (path: string) => (lua = path)],
    ] as const) {
      const found = await find(line => console.error(line));
      if ('why' in found) {
        Object.assign(this.test?.parent ?? {}, { skipReason: found.why });
        return this.skip();
      }
      use(found.path);
    }
    await operator();
  });
  beforeEach(async () => {
    story = new Scenario('gitops');
    folder = await mkdtemp(join(tmpdir(), 'regcred-gitops-'));
  });
  afterEach(async () => {
    // Of a test that failed: its source would go, and it would fail for all that come after.
    await run('uninstall', story.id, '--ignore-not-found', '--wait', '--timeout', '20s');
    await story.end();
    await rm(folder, { recursive: true });
  });

  const argo = async (credential: string): Promise<Health> =>
    healthOf(lua, await read(credentialPath(credential)), folder);

  it('a Secret carries no label or annotation of the RegistryCredential or its source, and has no owner', async () => {
    const home = await story.namespace('home');
    const credential = await oneLogin(story, 'x');
    const tracking = {
      labels: TRACKING,
      annotations: { 'argocd.argoproj.io/tracking-id': 'an-application:…' },
    };
    const metadata = { name: `${story.id}-x`, ...tracking };
    const source = { apiVersion: 'v1', kind: 'Secret', metadata };
    await apply(secretPath('regcred-system', metadata.name), source, 'argocd-controller');
    const object = { apiVersion: 'regcred.dev/v1alpha1', kind: 'RegistryCredential', metadata };
    await apply(credentialPath(credential), object, 'argocd-controller');
    await isReady(credential, 'True Synced');
    const { metadata: made } = await secretIn(home);
    expect(made.labels).to.deep.equal({ 'app.kubernetes.io/managed-by': 'regcred' });
    for (const key of Object.keys(made.annotations ?? {})) expect(key).to.match(/^regcred\.dev\//);
    expect(made).not.to.have.property('ownerReferences');
  });

  it('a ServiceAccount that has the entry in Git is changed by nobody, and keeps it at the end', async () => {
    const home = await story.namespace('home', KEPT_OUT);
    const path = serviceAccountPath(home, 'default');
    const imagePullSecrets = [{ name: 'of-the-team' }, { name: 'regcred' }];
    const inGit = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default' },
      imagePullSecrets,
    };
    const flux = () => apply(path, inGit, 'kustomize-controller');
    await flux();
    const before = (await read(path)).metadata.resourceVersion;
    const other = await story.namespace('other');
    const credential = await oneLogin(story, 'x');
    await eventually('another one is served', async () =>
      expect(await pullSecretsOf(other)).to.contain('regcred'),
    );
    await apply(`/api/v1/namespaces/${home}`, namespaceOf(home, story), 'admin');
    await eventually('the Secret is there', () => secretIn(home));
    await flux();
    await holdsFor(1000, async () => expect((await read(path)).metadata.resourceVersion).to.equal(before));
    expect(await ownedOf(home)).to.equal(undefined);
    await removeCredential(credential);
    expect(await pullSecretsOf(home)).to.deep.equal(['of-the-team', 'regcred']);
  });

  it('Argo CD finds healthy what serves, and says of a namespace that refuses', async () => {
    await story.namespace('home');
    const theirs = await story.namespace('theirs');
    await makeForeign(theirs);
    const credential = await oneLogin(story, 'x');
    await isReady(credential, 'True Synced');
    await eventually('it says so', async () => {
      const { status, message } = await argo(credential);
      expect(status).to.equal('Healthy');
      expect(message).to.contain(`${theirs}/regcred`);
    });
  });

  it('Argo CD finds degraded what serves nobody, and suspended what is', async () => {
    await story.namespace('home');
    const credential = await story.credential('x', { registries: [docker('there-is-none')] });
    await isReady(credential, 'False SourceFailed');
    expect((await argo(credential)).status).to.equal('Degraded');
    await setSpec(credential, { suspend: true });
    await isReady(credential, 'Unknown Suspended');
    expect((await argo(credential)).status).to.equal('Suspended');
  });

  it('Argo CD finds progressing what no operator has looked at, or not at this spec', async () => {
    const metadata = { generation: 2 };
    const ready = { type: 'Ready', status: 'True', reason: 'Synced', message: 'served' };
    const status = { observedGeneration: 1, conditions: [ready] };
    const untold = { observedGeneration: 0, conditions: [] };
    for (const object of [{ metadata }, { metadata, status: untold }, { metadata, status }])
      expect((await healthOf(lua, object, folder)).status).to.equal('Progressing');
    const rolling = [
      { ...ready, status: 'False' },
      { ...ready, type: 'Reconciling' },
    ];
    const object = { metadata, status: { observedGeneration: 2, conditions: rolling } };
    expect((await healthOf(lua, object, folder)).status).to.equal('Progressing');
    const now = { metadata, status: { ...status, observedGeneration: 2 } };
    expect(await healthOf(lua, now, folder)).to.deep.equal({ status: 'Healthy', message: 'served' });
  });

  const name = () => `${story.id}-helm`;
  const sound = () => ({ registries: [docker(`${story.id}-s`)], namespaceSelector: story.selector });
  const run = (...args: readonly string[]): Promise<Outcome> => {
    const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: cluster().kubeconfig };
    return outputOf({ title: 'helm', command: helm, args: [...args, '-n', 'default'], env }).then(
      said => ({ ok: true, said }),
      (error: Error) => ({ ok: false, said: error.message }),
    );
  };

  /** A release with nothing but a RegistryCredential, by Helm 4, whose --wait is kstatus. */
  async function release(verb: string, spec: object, ...args: readonly string[]): Promise<Outcome> {
    const chart = join(folder, 'chart');
    await mkdir(join(chart, 'templates'), { recursive: true });
    await writeFile(join(chart, 'Chart.yaml'), `apiVersion: v2\nname: ${story.id}\nversion: 0.1.0\n`);
    const metadata = { name: name() };
    const object = { apiVersion: 'regcred.dev/v1alpha1', kind: 'RegistryCredential', metadata, spec };
    await writeFile(join(chart, 'templates/credential.yaml'), JSON.stringify(object));
    return run(verb, story.id, chart, ...args);
  }
  const uninstalled = async () => {
    const { ok, said } = await run('uninstall', story.id, '--wait', '--timeout', '20s');
    expect(ok, said).to.equal(true);
  };

  /** From a release that is well. */
  async function upgradeTo(spec: object, timeout = '8s'): Promise<Outcome> {
    await story.dockerSource('s', LOGIN);
    const { ok, said } = await release('install', sound());
    expect(ok, said).to.equal(true);
    await isReady(name(), 'True Synced');
    const outcome = await release('upgrade', spec, '--wait', '--timeout', timeout);
    await uninstalled();
    return outcome;
  }

  it('Helm 4 waits for one that no operator has looked at yet', async () => {
    await story.namespace('home');
    await story.dockerSource('s', LOGIN);
    await stopOperator();
    const early = await release('install', sound(), '--wait', '--timeout', '4s');
    const untold = await read(credentialPath(name()));
    const health = await argo(name());
    await operator();
    expect(early.said).to.contain('InProgress');
    expect(early.ok).to.equal(false);
    expect(untold.status.observedGeneration).to.equal(0);
    expect(health.status).to.equal('Progressing');
    const late = await release('upgrade', sound(), '--wait', '--timeout', '20s');
    expect(late.ok, late.said).to.equal(true);
    await uninstalled();
  });

  it('Helm 4 goes on when a changed RegistryCredential is Ready', async () => {
    await story.namespace('home');
    const { ok, said } = await upgradeTo({ ...sound(), serviceAccounts: { names: ['default'] } }, '30s');
    expect(ok, said).to.equal(true);
  });

  it('Helm 4 fails on one that is Stalled, before its timeout', async () => {
    await story.namespace('home');
    const began = performance.now();
    const { ok, said } = await upgradeTo({ ...sound(), secretName: 'not-served' }, '40s');
    expect(said).to.contain('Failed');
    expect(ok).to.equal(false);
    expect(performance.now() - began).to.be.lessThan(40_000);
  });

  it('Helm 4 waits until its timeout for one that is suspended', async () => {
    await story.namespace('home');
    const { ok, said } = await upgradeTo({ ...sound(), suspend: true });
    expect(said).to.contain('InProgress');
    expect(ok).to.equal(false);
  });

  it('Helm 4 waits until its timeout for one that serves nobody', async () => {
    await makeForeign(await story.namespace('theirs', { only: 'theirs' }));
    await story.namespace('home', { only: 'ours' });
    const { ok, said } = await upgradeTo({
      ...sound(),
      namespaceSelector: { matchLabels: { only: 'theirs' } },
    });
    expect(said).to.contain('InProgress');
    expect(ok).to.equal(false);
  });
});

const namespaceOf = (name: string, story: Scenario) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { ...story.selector.matchLabels, 'regcred.dev/sync': 'true' } },
});
