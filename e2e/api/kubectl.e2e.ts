// What people see of it with kubectl, and what a pod gets: the whole point of it all.

import { expect } from 'chai';
import { NAMESPACES_PATH } from '../../src/controller/paths.ts';
import { create } from './admin.ts';
import { eventually } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { operator } from './operator.ts';
import { docker, Scenario, setSpec } from './scenario.ts';
import { isReady, isServed } from './served.ts';

const LOGIN = { server: 'r.example.com', username: 'u', password: 'p' };
const LOGINS = { 'r.example.com': ['u', 'p'] } as const;
const COLUMNS = ['NAME', 'READY', 'SECRET', 'NAMESPACES', 'SERVICEACCOUNTS', 'EXPIRES', 'AGE'];

/** The rows of a table by its columns: a value stands below its heading, or there is none. */
function table(text: string): Record<string, string>[] {
  const [heading = '', ...rows] = text.trimEnd().split('\n');
  const columns = [...heading.matchAll(/\S+(?: \S+)*\s*/g)];
  return rows.map(row =>
    Object.fromEntries(
      columns.map(({ 0: name, index }, at) => [name.trim(), row.slice(index, columns[at + 1]?.index).trim()]),
    ),
  );
}

describe('kubectl', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('kubectl');
  });
  afterEach(() => story.end());

  const credential = async (spec = {}): Promise<string> =>
    story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))], ...spec });

  it('wait resolves when every namespace has its login', async () => {
    const namespaces = await Promise.all(
      Array.from({ length: 20 }, (_, index) => story.namespace(`n${index}`)),
    );
    const name = await credential();
    const said = await kubectl([
      'wait',
      '--for=condition=Ready',
      `registrycredential/${name}`,
      '--timeout=30s',
    ]);
    expect(said).to.equal(`registrycredential.regcred.dev/${name} condition met\n`);
    // Not "in the end": now. That is what it was waited for.
    for (const namespace of namespaces)
      expect(await kubectl(['-n', namespace, 'get', 'secret', 'regcred', '-o', 'name'])).to.equal(
        'secret/regcred\n',
      );
  });

  it('wait for a new login does not resolve on the old one', async () => {
    const namespaces = await Promise.all(
      Array.from({ length: 20 }, (_, index) => story.namespace(`n${index}`)),
    );
    const name = await credential();
    await isReady(name, 'True Synced');
    const next = await story.dockerSource('next', { ...LOGIN, password: 'q' });
    const { metadata } = await setSpec(name, { registries: [docker(next)] });
    await kubectl([
      'wait',
      `--for=jsonpath={.status.observedGeneration}=${metadata.generation}`,
      `regcred/${name}`,
    ]);
    await kubectl(['wait', '--for=condition=Ready', `regcred/${name}`, '--timeout=30s']);
    for (const namespace of namespaces) {
      const data = await kubectl(['-n', namespace, 'get', 'secret', 'regcred', '-o', 'jsonpath={.data.*}']);
      expect(Buffer.from(data, 'base64').toString()).to.contain('"password":"q"');
    }
  });

  it('get shows one line that says it all, by the short name too, and more when it is wide', async () => {
    await story.namespace('a');
    const refusing = await story.namespace('b');
    await create(`${NAMESPACES_PATH}/${refusing}/secrets`, { metadata: { name: 'regcred' } });
    const name = await credential();
    const row = {
      NAME: name,
      READY: 'True',
      SECRET: 'regcred',
      NAMESPACES: '1/2',
      SERVICEACCOUNTS: '1/2',
      EXPIRES: '',
    };
    await eventually('it is shown', async () => {
      for (const kind of ['registrycredentials', 'registrycredential', 'regcred']) {
        const text = await kubectl(['get', kind, name]);
        expect(text.split('\n')[0]?.split(/\s+/)).to.deep.equal(COLUMNS);
        const [{ AGE, ...shown } = {}] = table(text);
        expect(shown).to.deep.equal(row);
        expect(AGE).to.match(/^\d+s$/);
      }
    });
    const [wide] = table(await kubectl(['get', 'regcred', name, '-o', 'wide']));
    expect(wide).to.deep.include({ ...row, REASON: 'Synced' });
  });

  it('describe shows what is in status in words, and nothing of the inside', async () => {
    const namespace = await story.namespace('a');
    await create(`${NAMESPACES_PATH}/${namespace}/secrets`, { metadata: { name: 'regcred' } });
    const name = await credential();
    await isReady(name, 'False Conflict');
    const text = await kubectl(['describe', 'registrycredential', name]);
    expect(text).to.contain(
      `kubectl -n ${namespace} label secret regcred app.kubernetes.io/managed-by=regcred --overwrite`,
    );
    for (const garbage of ['undefined', '[object', 'NaN', '<invalid>', 'null'])
      expect(text.replace('<none>', '')).to.not.contain(garbage);
  });

  it('create of a pod is enough: the API server puts the pull secret into its spec', async () => {
    const namespace = await story.namespace('a');
    await credential();
    await isServed(namespace, LOGINS);
    const image = 'r.example.com/apps/internal-app';
    await kubectl(['-n', namespace, 'run', 'app', `--image=${image}`]);
    const spec = await kubectl([
      '-n',
      namespace,
      'get',
      'pod',
      'app',
      '-o',
      'jsonpath={.spec.imagePullSecrets}',
    ]);
    expect(JSON.parse(spec)).to.deep.equal([{ name: 'regcred' }]);
  });

  it('label is the command that status names, and it works as it is written there', async () => {
    const name = await credential();
    const message = await isReady(name, 'True NoNamespaceSelected');
    const [, command = ''] = /: kubectl (label namespace NAME .*)$/.exec(message) ?? [];
    const namespace = `${story.id}-named`;
    await story.make(NAMESPACES_PATH, { metadata: { name: namespace } });
    await kubectl(command.replace('NAME', namespace).split(' '));
    await isServed(namespace, LOGINS);
    await isReady(name, 'True Synced');
  });

  it('label is the command that a conflict names, and it hands the Secret over', async () => {
    const namespace = await story.namespace('a');
    const type = 'kubernetes.io/dockerconfigjson';
    const stringData = { '.dockerconfigjson': '{"auths":{}}' };
    await create(`${NAMESPACES_PATH}/${namespace}/secrets`, {
      metadata: { name: 'regcred' },
      type,
      stringData,
    });
    const name = await credential();
    const message = await isReady(name, 'False Conflict');
    const [, command = ''] = /: kubectl (-n \S+ label .*)$/.exec(message) ?? [];
    await kubectl(command.split(' '));
    await isServed(namespace, LOGINS);
    await isReady(name, 'True Synced');
  });
});
