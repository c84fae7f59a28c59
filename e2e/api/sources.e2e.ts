// A source that is sound: read, changed, emptied of a login. And one that was never sound, until it is mended.

import { expect } from 'chai';
import { DOCKER_CONFIG_KEY } from '../../src/api/names.ts';
import type { RegistrySpec } from '../../src/api/types.ts';
import { secretPath } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { remove } from './admin.ts';
import { holdsFor } from './eventually.ts';
import { operator } from './operator.ts';
import {
  basic,
  conditionOf,
  docker,
  dockerConfig,
  loginsIn,
  Scenario,
  setSpec,
  statusOf,
} from './scenario.ts';
import {
  isClean,
  isReady,
  isServed,
  isUntouched,
  isWell,
  registryMessagesOf,
  secretIn,
  setSource,
  uidIn,
} from './served.ts';

const LOGIN = { server: 'private-registry.io', username: 'registry-user', password: 'not-a-real-one' };
const REAL = ['registry-user', 'not-a-real-one'] as const;
const LOGINS = { 'private-registry.io': REAL };

/** Milliseconds in which a new login has to be everywhere. */
const PROMPT = 2_000;

describe('a source', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('sources');
  });
  afterEach(() => story.end());

  const credential = (...registries: RegistrySpec[]): Promise<string> =>
    story.credential('x', { registries });

  it('that is changed reaches every namespace within 2 s, and the Secrets stay the same objects', async () => {
    const namespaces = await Promise.all(['a', 'b', 'c', 'd'].map(name => story.namespace(name)));
    const source = await story.dockerSource('s', LOGIN);
    await credential(docker(source));
    for (const namespace of namespaces) await isServed(namespace, LOGINS);
    const uids = await Promise.all(namespaces.map(uidIn));
    await setSource(source, { [DOCKER_CONFIG_KEY]: dockerConfig([{ ...LOGIN, password: 'a-newer-one' }]) });
    const changed = Date.now();
    const newer = { 'private-registry.io': ['registry-user', 'a-newer-one'] } as const;
    for (const namespace of namespaces) await isServed(namespace, newer);
    expect(Date.now() - changed).to.be.below(PROMPT);
    expect(await Promise.all(namespaces.map(uidIn))).to.deep.equal(uids);
    const written = await Promise.all(namespaces.map(async namespace => (await secretIn(namespace)).data));
    for (const data of written) expect(data).to.deep.equal(written[0]);
  });

  it('of the kind basic is changed key by key, and its server by the spec', async () => {
    const namespace = await story.namespace('a');
    const source = await story.basicSource('s', ...REAL);
    const name = await credential(basic(source));
    await isServed(namespace, { 'https://index.docker.io/v1/': REAL });
    await setSource(source, { password: 'a-newer-one' });
    await isServed(namespace, { 'https://index.docker.io/v1/': ['registry-user', 'a-newer-one'] });
    await setSource(source, { username: 'robot', password: 'a-newer-one' });
    await isServed(namespace, { 'https://index.docker.io/v1/': ['robot', 'a-newer-one'] });
    await story.credential('y', { registries: [basic(source, 'other.io')] });
    await isServed(namespace, {
      'https://index.docker.io/v1/': ['robot', 'a-newer-one'],
      'other.io': ['robot', 'a-newer-one'],
    });
    await isWell(name);
  });

  it('that loses one of its logins takes it from the namespaces', async () => {
    const namespace = await story.namespace('a');
    const other = { ...LOGIN, server: 'other.io' };
    const source = await story.dockerSource('s', LOGIN, other);
    const name = await credential(docker(source));
    await isServed(namespace, { ...LOGINS, 'other.io': REAL });
    await setSource(source, { [DOCKER_CONFIG_KEY]: dockerConfig([other]) });
    await isServed(namespace, { 'other.io': REAL });
    await isWell(name);
    expect((await statusOf(name)).registries.map(({ server }) => server)).to.deep.equal(['other.io']);
  });

  it('that is taken out of the spec is taken from the namespaces', async () => {
    const namespace = await story.namespace('a');
    const [kept, gone] = [await story.dockerSource('s', LOGIN), await story.basicSource('t', ...REAL)];
    const name = await credential(basic(gone, 'other.io'), docker(kept));
    await isServed(namespace, { ...LOGINS, 'other.io': REAL });
    await setSpec(name, { registries: [docker(kept)] });
    await isServed(namespace, LOGINS);
    await isWell(name);
  });

  it('may be of any type that has the keys, for basic', async () => {
    const namespace = await story.namespace('a');
    const values = { username: REAL[0], password: REAL[1], email: 'registry-user@org.com' };
    const source = await story.source('s', 'Opaque', values);
    await credential(basic(source, 'private-registry.io'));
    await isServed(namespace, LOGINS);
    const { auths } = JSON.parse(
      Buffer.from((await secretIn(namespace)).data[DOCKER_CONFIG_KEY], 'base64').toString(),
    );
    expect(auths['private-registry.io'].email).to.equal('registry-user@org.com');
  });

  const NEVER_SOUND: Readonly<Record<string, [(story: Scenario) => Promise<RegistrySpec>, string]>> = {
    'is not there, for dockerConfig': [
      async ({ id }) => docker(`${id}-s`),
      'not found: create it with kubectl -n regcred-system create secret docker-registry',
    ],
    'is not there, for basic': [
      async ({ id }) => basic(`${id}-s`),
      'not found: create it with kubectl -n regcred-system create secret generic',
    ],
    'is of a wrong type, for dockerConfig': [
      async story => docker(await story.basicSource('s', ...REAL)),
      'is of type kubernetes.io/basic-auth, not kubernetes.io/dockerconfigjson: delete it and run kubectl',
    ],
    'is of a wrong type, for basic': [
      async story => basic(await story.dockerSource('s', LOGIN)),
      'name it in dockerConfig.secretRef instead, or delete it and run kubectl',
    ],
    'lacks a key': [
      async story => basic(await story.source('s', 'Opaque', { username: 'user' })),
      'has no key password: correct it, basic needs the keys username and password',
    ],
    'has an empty key': [
      async story => basic(await story.basicSource('s', 'user', '')),
      'has an empty value of password: correct it',
    ],
    'has a line break behind its password': [
      async story => basic(await story.basicSource('s', 'user', 'not-a-real-one\n')),
      'has a line break at the end of password: correct it',
    ],
    'has a colon in its user name': [
      async story => basic(await story.basicSource('s', 'us:er', 'not-a-real-one')),
      'has a colon in username, which no registry login can have: correct it',
    ],
  };

  for (const [what, [make, message]] of Object.entries(NEVER_SOUND))
    it(`that ${what} from the start is told, and nothing is written before it is mended`, async () => {
      const namespace = await story.namespace('a');
      const registry = await make(story);
      const name = await credential(registry);
      const said = await isReady(name, 'False SourceFailed');
      expect(said)
        .to.contain(`registries[0]: Secret ${OPERATOR_NAMESPACE}/${story.id}-s `)
        .and.contain(message);
      expect(said).not.to.contain('not-a-real-one');
      expect(await conditionOf(name, 'SourceFailing')).to.equal('True SourceFailed');
      expect((await registryMessagesOf(name))[0]).to.contain(message);
      const { namespaces, serviceAccounts, failures } = await statusOf(name);
      expect(namespaces.summary).to.equal('0/1');
      expect(serviceAccounts.summary).to.equal('0/1');
      expect(failures.map(({ reason }) => reason)).to.deep.equal(['SourceFailed']);
      await holdsFor(300, () => isUntouched(namespace));
      await remove(secretPath(OPERATOR_NAMESPACE, `${story.id}-s`));
      await (registry.basic ? story.basicSource('s', ...REAL) : story.dockerSource('s', LOGIN));
      await isWell(name);
      expect(Object.values((await loginsIn(namespace)) ?? {})).to.deep.equal([REAL]);
      await setSpec(name, { namespaceSelector: { matchLabels: { nobody: 'here' } } });
      await isClean(namespace);
    });
});
