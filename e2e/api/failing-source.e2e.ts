// A source that was good and fails: what it gave last stays everywhere and goes to new namespaces too, and status tells.

import { expect } from 'chai';
import { DOCKER_CONFIG_KEY } from '../../src/api/names.ts';
import { secretPath } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { remove } from './admin.ts';
import { eventually } from './eventually.ts';
import { operator } from './operator.ts';
import { basic, conditionOf, docker, dockerConfig, Scenario, setSpec } from './scenario.ts';
import { isFailing, isServed, isWell, registryMessagesOf, secretIn, setSource } from './served.ts';

const LOGIN = { server: 'private-registry.io', username: 'registry-user', password: 'not-a-real-one' };
const OTHER = { ...LOGIN, server: 'other.io' };
const REAL = ['registry-user', 'not-a-real-one'] as const;
const LOGINS = { 'private-registry.io': REAL };

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const config = (entry: unknown): string => JSON.stringify({ auths: { 'private-registry.io': entry } });
const kept = 'the last known good login stays in use';

/** What becomes of the docker config, and what is said. Text that is no JSON is refused by the API server itself. */
const MALFORMED: Readonly<Record<string, [string, string]>> = {
  'JSON without auths': ['{}', 'is not a JSON object with an object "auths": correct it'],
  'auths that are empty': ['{"auths":{}}', 'has no login in auths'],
  'an entry that is no object': [config('text'), 'it needs username and password, or auth'],
  'an auth that is not base64': [config({ auth: '%%%' }), 'auth is not base64 of username:password'],
  'an auth without a colon': [config({ auth: base64('not-a-real-one') }), 'auth has no colon once decoded'],
  'nothing but an identitytoken': [config({ identitytoken: 'not-a-real-one' }), 'give username and password'],
  'a login that docker keeps elsewhere': [config({}), 'docker may keep it in a credential store'],
  'more than a Secret takes': [
    config({ username: 'user', password: 'x'.repeat(430_000) }),
    'a Secret holds 1000000: remove some of them',
  ],
};

describe('a source that was good', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('failing');
  });
  afterEach(() => story.end());

  const sourcePath = (): string => secretPath(OPERATOR_NAMESPACE, `${story.id}-s`);

  /** The failure is told, nothing is written where the login is, and a new namespace gets it too. */
  async function isKept(name: string, namespace: string, message: string, act: () => Promise<unknown>) {
    await isServed(namespace, LOGINS);
    await isWell(name);
    const before = await secretIn(namespace);
    await act();
    const said = await isFailing(name, 'LastKnownGoodServed');
    expect(said).to.contain('registries[0]').and.contain(message).and.contain(kept);
    expect(said).not.to.contain('not-a-real-one').and.not.to.contain(base64('not-a-real-one'));
    expect((await registryMessagesOf(name))[0])
      .to.contain(message)
      .and.contain(kept);
    expect(await conditionOf(name, 'Ready')).to.equal('True Synced');
    await isServed(await story.namespace('late'), LOGINS);
    expect(await conditionOf(name, 'Ready')).to.equal('True Synced');
    expect(await secretIn(namespace)).to.deep.equal(before);
  }

  for (const [what, [text, message]] of Object.entries(MALFORMED))
    it(`and comes to hold ${what} stays in use as it last was`, async () => {
      const namespace = await story.namespace('a');
      const source = await story.dockerSource('s', LOGIN);
      const name = await story.credential('x', { registries: [docker(source)] });
      await isKept(name, namespace, message, () => setSource(source, { [DOCKER_CONFIG_KEY]: text }));
      await setSource(source, { [DOCKER_CONFIG_KEY]: dockerConfig([{ ...LOGIN, username: 'robot' }]) });
      await isServed(namespace, { 'private-registry.io': ['robot', 'not-a-real-one'] });
      await isWell(name);
    });

  it('and is deleted stays in use as it last was, until it is made again', async () => {
    const namespace = await story.namespace('a');
    const name = await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
    const message = `create it with kubectl -n regcred-system create secret docker-registry ${story.id}-s`;
    await isKept(name, namespace, message, () => remove(sourcePath()));
    await story.dockerSource('s', LOGIN, OTHER);
    await isServed(namespace, { ...LOGINS, 'other.io': REAL });
    await isWell(name);
  });

  it('and is exchanged in the spec for one that is not there stays in use as it last was', async () => {
    const namespace = await story.namespace('a');
    const name = await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
    const message = `create it with kubectl -n regcred-system create secret docker-registry ${story.id}-t`;
    await isKept(name, namespace, message, () => setSpec(name, { registries: [docker(`${story.id}-t`)] }));
    await story.dockerSource('t', OTHER);
    await isServed(namespace, { 'other.io': REAL });
    await isWell(name);
  });

  it('and is made again with another type stays in use as it last was', async () => {
    const namespace = await story.namespace('a');
    const name = await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
    await isKept(name, namespace, 'is of type Opaque, not kubernetes.io/dockerconfigjson', async () => {
      await remove(sourcePath());
      await story.source('s', 'Opaque', { [DOCKER_CONFIG_KEY]: dockerConfig([OTHER]) });
    });
  });

  for (const [what, values, message] of [
    ['loses its password', { password: null }, 'has no key password'],
    ['loses its user name', { username: null }, 'has no key username'],
    ['gets an empty password', { password: '' }, 'has an empty value of password'],
  ] as const)
    it(`and ${what} stays in use as it last was`, async () => {
      const namespace = await story.namespace('a');
      const source = await story.basicSource('s', ...REAL);
      const name = await story.credential('x', { registries: [basic(source, 'private-registry.io')] });
      await isKept(name, namespace, message, () => setSource(source, values));
      await setSource(source, { username: REAL[0], password: REAL[1] });
      await isWell(name);
    });

  it('and gets one bad entry keeps that one as it last was, and follows the others', async () => {
    const namespace = await story.namespace('a');
    const source = await story.dockerSource('s', LOGIN, OTHER);
    const name = await story.credential('x', { registries: [docker(source)] });
    await isServed(namespace, { ...LOGINS, 'other.io': REAL });
    const auths = {
      'https://private-registry.io': { auth: '%%%' },
      'other.io': { username: 'robot', password: 'a-newer-one' },
      'third.io': { auth: base64('no colon') },
    };
    await setSource(source, { [DOCKER_CONFIG_KEY]: JSON.stringify({ auths }) });
    await isServed(namespace, { ...LOGINS, 'other.io': ['robot', 'a-newer-one'] });
    const said = await isFailing(name, 'EntryLeftOut');
    expect(said).to.contain('https://private-registry.io: auth is not base64').and.contain('1 more entr');
    expect(await conditionOf(name, 'Ready')).to.equal('True Synced');
    await isServed(await story.namespace('late'), { ...LOGINS, 'other.io': ['robot', 'a-newer-one'] });
    await setSource(source, { [DOCKER_CONFIG_KEY]: dockerConfig([OTHER]) });
    await isServed(namespace, { 'other.io': REAL });
    await isWell(name);
  });

  it('may have one bad entry from the start, which is left out and told', async () => {
    const namespace = await story.namespace('a');
    const auths = {
      'private-registry.io': { auth: base64(REAL.join(':')) },
      'bad.io': { identitytoken: 'no' },
    };
    const text = JSON.stringify({ auths });
    const source = await story.source('s', 'kubernetes.io/dockerconfigjson', { [DOCKER_CONFIG_KEY]: text });
    const name = await story.credential('x', { registries: [docker(source)] });
    await isServed(namespace, LOGINS);
    expect(await isFailing(name, 'EntryLeftOut')).to.contain(
      'bad.io: only a token, which the kubelet ignores',
    );
    expect(await conditionOf(name, 'Ready')).to.equal('True Synced');
  });

  it('and fails does not hold up the other registries of the same Secret', async () => {
    const namespace = await story.namespace('a');
    const other = await story.basicSource('t', ...REAL);
    const name = await story.credential('x', {
      registries: [docker(await story.dockerSource('s', LOGIN)), basic(other, 'other.io')],
    });
    await isServed(namespace, { ...LOGINS, 'other.io': REAL });
    await remove(sourcePath());
    await setSource(other, { password: 'a-newer-one' });
    await isServed(namespace, { ...LOGINS, 'other.io': ['registry-user', 'a-newer-one'] });
    await isFailing(name, 'LastKnownGoodServed');
    await eventually('only the failing one is told', async () =>
      expect((await registryMessagesOf(name)).map(message => message?.endsWith(kept))).to.deep.equal([
        true,
        undefined,
      ]),
    );
  });
});
