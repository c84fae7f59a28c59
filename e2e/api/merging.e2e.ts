// Several registries, and several RegistryCredentials, make one Secret: what is in it, who wins, and what stays
// when one of them goes.

import { expect } from 'chai';
import { credentialPath, secretPath } from '../../src/controller/paths.ts';
import { remove } from './admin.ts';
import { eventually } from './eventually.ts';
import { operator } from './operator.ts';
import {
  basic,
  docker,
  type Logins,
  OPERATOR_NAMESPACE,
  pullSecretsOf,
  Scenario,
  setLabels,
  setSpec,
  statusOf,
} from './scenario.ts';
import { isClean, isReady, isServed, registryMessagesOf, secretIn, setSource, uidIn } from './served.ts';

const login = (server: string, username = 'user', password = 'not-a-real-one') => ({
  server,
  username,
  password,
});
const REAL = ['user', 'not-a-real-one'] as const;

const CONTRIBUTORS = 'regcred.dev/credentials';

describe('what is for one Secret is merged', () => {
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
  const wins = (server: string, winner: string): string =>
    `${server} is left out: RegistryCredential ${winner} is for the same server and comes first by name`;

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

  it('so that the first by name wins a server, however it is spelled, and the next follows it', async () => {
    const namespace = await story.namespace('a');
    const b = await story.credential('b', {
      registries: [docker(await story.dockerSource('s', login('r.io', 'second'), login('only-b.io')))],
    });
    await isServed(namespace, { 'r.io': ['second', 'not-a-real-one'], 'only-b.io': REAL });
    const a = await story.credential('a', {
      registries: [basic(await story.basicSource('t', 'first', 'not-a-real-one'), 'https://r.io/v1/')],
    });
    await isServed(namespace, { 'https://r.io/v1/': ['first', 'not-a-real-one'], 'only-b.io': REAL });
    await says(b, [wins('r.io', a)]);
    await says(a, [undefined]);
    await isReady(b, 'True Synced');
    const uid = await uidIn(namespace);
    await remove(credentialPath(a));
    await isServed(namespace, { 'r.io': ['second', 'not-a-real-one'], 'only-b.io': REAL });
    await says(b, [undefined]);
    expect(await uidIn(namespace)).to.equal(uid);
  });

  it('so that the next serves while the first has no login yet', async () => {
    const namespace = await story.namespace('a');
    const a = await story.credential('a', { registries: [basic(`${story.id}-late`, 'r.io')] });
    const b = await story.credential('b', {
      registries: [basic(await story.basicSource('s', 'second', 'not-a-real-one'), 'http://r.io')],
    });
    await isServed(namespace, { 'http://r.io': ['second', 'not-a-real-one'] });
    await isReady(b, 'True Synced');
    expect(await isReady(a, 'False SourceFailed')).to.contain('create it with kubectl');
    await says(b, [undefined]);
    await story.basicSource('late', 'first', 'not-a-real-one');
    await isServed(namespace, { 'r.io': ['first', 'not-a-real-one'] });
    await isReady(a, 'True Synced');
    await says(b, [wins('http://r.io', a)]);
  });

  it('so that a winner whose source fails later goes on winning', async () => {
    const namespace = await story.namespace('a');
    const source = await story.basicSource('s', 'first', 'not-a-real-one');
    const a = await story.credential('a', { registries: [basic(source, 'r.io')] });
    const b = await story.credential('b', {
      registries: [docker(await story.dockerSource('t', login('https://r.io', 'second'), login('b.io')))],
    });
    const all: Logins = { 'r.io': ['first', 'not-a-real-one'], 'b.io': REAL };
    await isServed(namespace, all);
    await setSource(source, { password: null });
    await eventually('the failing source is told', async () =>
      expect((await registryMessagesOf(a))[0]).to.contain('last known good login stays in use'),
    );
    await isServed(namespace, all);
    await isServed(await story.namespace('late'), all);
    await says(b, [wins('https://r.io', a)]);
  });

  it('so that the first item of one RegistryCredential wins a server that its docker configs bring again', async () => {
    const namespace = await story.namespace('a');
    const second = await story.dockerSource('t', login('https://r.io/v1/', 'second'), login('t.io'));
    const name = await story.credential('x', {
      registries: [basic(await story.basicSource('s', 'first', 'not-a-real-one'), 'r.io'), docker(second)],
    });
    await isServed(namespace, { 'r.io': ['first', 'not-a-real-one'], 't.io': REAL });
    const lost = 'https://r.io/v1/ is left out: an earlier item of spec.registries is for the same server';
    await says(name, [undefined, lost]);
    await isReady(name, 'True Synced');
    await setSpec(name, { registries: [docker(second)] });
    await isServed(namespace, { 'https://r.io/v1/': ['second', 'not-a-real-one'], 't.io': REAL });
    await says(name, [undefined]);
  });

  it('so that one with another path, port or host is another server', async () => {
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

  it('so that what would take the Secret over its size is left out and named', async () => {
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

  it('so that a namespace which moves from one to the other keeps its Secret', async () => {
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
