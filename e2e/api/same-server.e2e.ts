// The same server in several places, in whatever spelling: one login is written, and the losers say whose it is.

import { expect } from 'chai';
import { credentialPath } from '../../src/controller/paths.ts';
import { remove } from './admin.ts';
import { eventually } from './eventually.ts';
import { operator } from './operator.ts';
import { basic, docker, type Logins, Scenario, setSpec } from './scenario.ts';
import { isReady, isServed, registryMessagesOf, setSource, uidIn } from './served.ts';

const login = (server: string, username = 'user', password = 'not-a-real-one') => ({
  server,
  username,
  password,
});
const REAL = ['user', 'not-a-real-one'] as const;

describe('of several logins for one server', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('same-server');
  });
  afterEach(() => story.end());

  const says = (credential: string, messages: (string | undefined)[]): Promise<unknown> =>
    eventually(`${credential} says what becomes of each registry`, async () =>
      expect(await registryMessagesOf(credential)).to.deep.equal(messages),
    );
  const wins = (server: string, winner: string): string =>
    `${server} is left out: RegistryCredential ${winner} is for the same server and comes first by name`;

  it('the first by name wins, however the server is spelled, and the next follows it', async () => {
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

  it('the next serves while the first has none yet', async () => {
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

  it('the first goes on winning when its source fails later', async () => {
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

  it('the first item wins in one RegistryCredential whose docker config brings the server again', async () => {
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
});
