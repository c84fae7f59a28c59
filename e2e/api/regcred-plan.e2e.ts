// kubectl regcred plan: what it says would change is what changes, and it changes nothing itself.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { CREDENTIALS_PATH, NAMESPACES_PATH } from '../../src/controller/paths.ts';
import { create, remove } from './admin.ts';
import { cluster } from './cluster.ts';
import { kubectl } from './kubectl.ts';
import { operator } from './operator.ts';
import { golden, regcred, type Said, tenantOf } from './regcred.ts';
import { basic, docker, Scenario } from './scenario.ts';
import { isClean, isReady, isServed, makeAccount, setSource } from './served.ts';

const LOGIN = { server: 'r.example.com', username: 'robot', password: 'geheimes-Wort' };
const LOGINS = { 'r.example.com': ['robot', 'geheimes-Wort'] } as const;
const RBAC = '/apis/rbac.authorization.k8s.io/v1';

describe('kubectl regcred plan', () => {
  let story: Scenario;
  let names: Record<string, string>;
  before(operator);
  beforeEach(() => {
    story = new Scenario('plan');
    names = { [story.id]: 'ID' };
  });
  afterEach(async () => {
    await goes();
    await story.end();
  });

  const manifest = (spec: object) => ({
    apiVersion: 'regcred.dev/v1alpha1',
    kind: 'RegistryCredential',
    metadata: { name: `${story.id}-team` },
    spec: { namespaceSelector: story.selector, ...spec },
  });
  const write = async (...objects: object[]): Promise<string> => {
    const file = join(cluster().folder, `${story.id}.yaml`);
    await writeFile(file, objects.map(object => stringify(object)).join('---\n'));
    return file;
  };
  const lines = ({ out }: Said): string[] => golden(out, names);
  const applied = async (file: string): Promise<string> => {
    await kubectl(['apply', '-f', file]);
    return `${story.id}-team`;
  };
  const goes = () => remove(`${CREDENTIALS_PATH}/${story.id}-team`);

  it('says what a new one would do, then a changed one, then its end', async () => {
    const namespace = await story.namespace('a');
    await create(`${NAMESPACES_PATH}/${await story.namespace('b')}/secrets`, {
      metadata: { name: 'regcred' },
    });
    await makeAccount(namespace, 'build');
    const registries = [docker(await story.dockerSource('s', LOGIN))];
    const file = await write(manifest({ registries }));
    const fresh = await regcred(['plan', '-f', file]);
    expect([fresh.err, fresh.code]).to.deep.equal(['', 2]);
    expect(lines(fresh)).to.deep.equal([
      'ID-a  ServiceAccount build  +regcred',
      'ID-a  ServiceAccount default  +regcred',
      'ID-a  Secret regcred is made  +r.example.com',
      'ID-b  ID-team is refused  ForeignSecret: Secret ID-b/regcred was made by somebody else and is left alone; to hand it over: kubectl -n ID-b label secret regcred app.kubernetes.io/managed-by=regcred --overwrite',
      '',
      '1 namespace would change: 1 Secret made, 2 ServiceAccounts changed; 1 namespace would refuse',
    ]);
    await isReady(await applied(file), 'True Synced');
    await isServed(namespace, LOGINS);
    const settled = await regcred(['plan', '-f', file]);
    expect([lines(settled), settled.code]).to.deep.equal([['nothing would change'], 0]);

    const hub = basic(await story.basicSource('hub', 'robot', 'noch-eins'));
    const other = await write(
      manifest({ registries: [...registries, hub], serviceAccounts: { names: ['default'] } }),
    );
    expect(lines(await regcred(['plan', '-f', other]))).to.deep.equal([
      'ID-a  ServiceAccount build  -regcred',
      'ID-a  Secret regcred is updated  +index.docker.io',
      '',
      '1 namespace would change: 1 Secret updated, 1 ServiceAccount changed',
    ]);
    const end = await regcred(['plan', '--delete', `${story.id}-team`, '-o', 'json']);
    expect(JSON.parse(end.out).counts).to.deep.equal({
      namespaces: 1,
      secrets: { made: 0, updated: 0, released: 0, deleted: 1 },
      serviceAccounts: 2,
      refusing: 0,
    });
    expect(end.code).to.equal(2);
    await isServed(namespace, LOGINS);
    await goes();
    await isClean(namespace);
  });

  it('knows of another login, without showing it', async () => {
    await story.namespace('a');
    const first = await story.dockerSource('s', LOGIN);
    const second = await story.dockerSource('t', { ...LOGIN, password: 'ein-anderes' });
    await isReady(await applied(await write(manifest({ registries: [docker(first)] }))), 'True Synced');
    const said = await regcred(['plan', '-f', await write(manifest({ registries: [docker(second)] }))]);
    expect(lines(said)[0]).to.equal('ID-a  Secret regcred is updated  ~r.example.com');
    expect(said.out + said.err)
      .to.not.contain('geheim')
      .and.not.contain('anderes');
  });

  it('keeps the last login of a source that is broken, as the operator does', async () => {
    await story.namespace('a');
    const source = await story.dockerSource('s', LOGIN);
    const file = await write(manifest({ registries: [docker(source)] }));
    await isReady(await applied(file), 'True Synced');
    await setSource(source, { '.dockerconfigjson': '{}' });
    expect(lines(await regcred(['plan', '-f', file]))).to.deep.equal(['nothing would change']);
  });

  it('says to who may not read the sources which logins would go where, and writes nothing', async () => {
    const namespace = await story.namespace('a');
    const kubeconfig = await tenantOf(namespace);
    await mayReadCredentials(namespace);
    const source = await story.basicSource('s', 'robot', 'geheimes-Wort');
    const file = await write(manifest({ registries: [basic(source, 'r.example.com')] }));
    const said = await regcred(['plan', '-f', file, '-n', namespace], { kubeconfig });
    expect(said.err).to.equal('');
    expect(lines(said).slice(0, 5)).to.deep.equal([
      'ID-a  ServiceAccount default  +regcred',
      'ID-a  ServiceAccount tenant-edit  +regcred',
      'ID-a  Secret regcred is made  +r.example.com',
      '',
      '1 namespace would change: 1 Secret made, 2 ServiceAccounts changed',
    ]);
    expect(lines(said)[5]).to.match(
      /^note: ID-team was not checked by the API server: .* cannot patch resource/,
    );
    expect(lines(said)[6]).to.match(/^note: Secret regcred-system\/ID-s \(forbidden\) could not be read/);
    expect(said.code).to.equal(2);
    const all = await regcred(['plan', '-f', file], { kubeconfig });
    expect(all.err).to.match(
      /^error: could not read namespaces, which a plan needs \(forbidden\): [^\n]+\n$/,
    );
    expect(all.code).to.equal(1);
  });

  it('passes on what the API server says of a bad one, in one line', async () => {
    const file = await write(manifest({ registries: [{ server: 'r.example.com:port', ...basic('s') }] }));
    const { err, code } = await regcred(['plan', '-f', file]);
    expect(err).to.match(/^error: .*server has something after the colon that is no port[^\n]*\n$/);
    expect(code).to.equal(1);
  });

  /** Somebody lets tenants see what the operator gives; what the sources hold stays with the admin. */
  async function mayReadCredentials(namespace: string): Promise<void> {
    const metadata = { name: `${story.id}-reader` };
    const rules = [
      { apiGroups: ['regcred.dev'], resources: ['registrycredentials'], verbs: ['get', 'list'] },
    ];
    await story.make(`${RBAC}/clusterroles`, { metadata, rules });
    await story.make(`${RBAC}/clusterrolebindings`, {
      metadata,
      subjects: [{ kind: 'ServiceAccount', name: 'tenant-edit', namespace }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: metadata.name },
    });
  }
});
