// Several registries, and several RegistryCredentials, make one Secret: what is in it, and what stays when one goes.

import { expect } from 'chai';
import { credentialPath, secretPath } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { remove } from './admin.ts';
import { eventually } from './eventually.ts';
import { operator } from './operator.ts';
import { basic, docker, pullSecretsOf, Scenario, setLabels, setSpec, statusOf } from './scenario.ts';
import { isClean, isReady, isServed, registryMessagesOf, secretIn, uidIn } from './served.ts';

const login = (server: string, username = 'user', password = 'not-a-real-one') => ({
  server,
  username,
  password,
});
const REAL = ['user', 'not-a-real-one'] as const;

const CONTRIBUTORS = 'regcred.dev/credentials';

describe('a Secret is merged', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('merging');
  });
  afterEach(() => story.end());

  const lists = async (namespace: string): Promise<string> =>
    (await secretIn(namespace)).metadata.annotations?.[CONTRIBUTORS] ?? '';
  const says = (credential: string, messages: (string | undefined)[]): Promise<unknown> =>
    eventually(`${credential} says what becomes of each registry`, async () =>
      expect(await registryMessagesOf(credential)).to.deep.equal(messages),
    );

  it('from several registries of one RegistryCredential, each with its own source', async () => {
    const namespace = await story.namespace('a');
    const name = await story.credential('x', {
      registries: [
        docker(await story.dockerSource('two', login('b.io'), login('https://a.io/v1/', 'robot'))),
        basic(await story.basicSource('one', 'user', 'not-a-real-one'), 'c.io:5000/team'),
        basic(await story.basicSource('hub', 'hubber', 'not-a-real-one')),
      ],
    });
    await isServed(namespace, {
      'b.io': REAL,
      'c.io:5000/team': REAL,
      'https://a.io/v1/': ['robot', 'not-a-real-one'],
      'https://index.docker.io/v1/': ['hubber', 'not-a-real-one'],
    });
    await isReady(name, 'True Synced');
    const { registries } = await statusOf(name);
    expect(registries.map(({ server, source }) => `${source} ${server}`)).to.deep.equal([
      'dockerConfig b.io, https://a.io/v1/',
      'basic c.io:5000/team',
      'basic https://index.docker.io/v1/',
    ]);
    await setSpec(name, { registries: [basic(`${story.id}-one`, 'c.io:5000/team')] });
    await isServed(namespace, { 'c.io:5000/team': REAL });
  });

  it('from two RegistryCredentials, and keeps the part of the one when the other goes', async () => {
    const namespace = await story.namespace('a');
    const x = await story.credential('x', {
      registries: [docker(await story.dockerSource('s', login('x.io')))],
    });
    await isServed(namespace, { 'x.io': REAL });
    const uid = await uidIn(namespace);
    const y = await story.credential('y', {
      registries: [docker(await story.dockerSource('t', login('y.io')))],
    });
    await isServed(namespace, { 'x.io': REAL, 'y.io': REAL });
    expect(await lists(namespace)).to.equal(`${x},${y}`);
    await remove(credentialPath(x));
    await isServed(namespace, { 'y.io': REAL });
    expect(await lists(namespace)).to.equal(y);
    expect(await uidIn(namespace)).to.equal(uid);
    await remove(credentialPath(y));
    await isClean(namespace);
  });

  it('where both select the namespace, and not where one does', async () => {
    const [both, one] = [await story.namespace('both', { more: 'yes' }), await story.namespace('one')];
    await story.credential('x', { registries: [docker(await story.dockerSource('s', login('x.io')))] });
    await story.credential('y', {
      registries: [docker(await story.dockerSource('t', login('y.io')))],
      namespaceSelector: { matchLabels: { ...story.selector.matchLabels, more: 'yes' } },
    });
    await isServed(both, { 'x.io': REAL, 'y.io': REAL });
    await isServed(one, { 'x.io': REAL });
    const uid = await uidIn(one);
    await setLabels(one, { more: 'yes' });
    await isServed(one, { 'x.io': REAL, 'y.io': REAL });
    await setLabels(one, { more: null });
    await isServed(one, { 'x.io': REAL });
    expect(await uidIn(one)).to.equal(uid);
  });

  it('and takes another path, port or host for another server', async () => {
    const namespace = await story.namespace('a');
    const servers = ['r.io', 'r.io/team', 'r.io:5000', '*.r.io'];
    await story.credential('x', {
      registries: await Promise.all(
        servers.map(async (server, index) =>
          basic(await story.basicSource(`s${index}`, `user-${index}`, 'not-a-real-one'), server),
        ),
      ),
    });
    await isServed(
      namespace,
      Object.fromEntries(servers.map((server, index) => [server, [`user-${index}`, 'not-a-real-one']])),
    );
  });

  it('and leaves out what would take the Secret over its size, and names it', async () => {
    const namespace = await story.namespace('a');
    // base64 in auth besides the password itself: about 2.4 times as long.
    const long = 'x'.repeat(250_000);
    const a = await story.credential('a', {
      registries: [docker(await story.dockerSource('s', login('a.io', 'user', long)))],
    });
    const b = await story.credential('b', {
      registries: [docker(await story.dockerSource('t', login('b.io', 'user', long), login('c.io')))],
    });
    await isServed(namespace, { 'a.io': ['user', long], 'c.io': REAL });
    await says(b, ['b.io is left out: the Secret would be over 1 MiB']);
    await says(a, [undefined]);
    await remove(secretPath(OPERATOR_NAMESPACE, `${story.id}-s`));
    await setSpec(a, { registries: [basic(await story.basicSource('small', ...REAL), 'a.io')] });
    await isServed(namespace, { 'a.io': REAL, 'b.io': ['user', long], 'c.io': REAL });
    await says(b, [undefined]);
    expect(await pullSecretsOf(namespace)).to.deep.equal(['regcred']);
  });

  it('and stays the same object when its namespace moves from one RegistryCredential to the other', async () => {
    const namespace = await story.namespace('a', { team: 'x' });
    const of = (team: string) => ({
      namespaceSelector: { matchLabels: { ...story.selector.matchLabels, team } },
    });
    const source = async (server: string) => [docker(await story.dockerSource(server, login(server)))];
    const x = await story.credential('x', { registries: await source('x.io'), ...of('x') });
    const y = await story.credential('y', { registries: await source('y.io'), ...of('y') });
    await isServed(namespace, { 'x.io': REAL });
    const uid = await uidIn(namespace);
    await setLabels(namespace, { team: 'y' });
    await isServed(namespace, { 'y.io': REAL });
    expect(await uidIn(namespace)).to.equal(uid);
    expect(await lists(namespace)).to.equal(y);
    await isReady(x, 'True NoNamespaceSelected');
    await isReady(y, 'True Synced');
  });
});
