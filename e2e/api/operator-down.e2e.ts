// The operator is down for an hour while everything changes. The hour itself need not pass: what it leaves does. The
// Lease is over, the token of the operator is another one, etcd has compacted what happened, and the API server
// remembers nothing of it.

import { expect } from 'chai';
import { DOCKER_CONFIG_KEY } from '../../src/api/names.ts';
import {
  credentialPath,
  NAMESPACES_PATH,
  secretPath,
  serviceAccountPath,
} from '../../src/controller/paths.ts';
import { create, find, patch, remove } from './admin.ts';
import { markAuditLog, writesSince } from './audit.ts';
import { cluster } from './cluster.ts';
import { eventually, holdsFor } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { operator, restartOperator } from './operator.ts';
import {
  isGone,
  isUnreferenced,
  KEPT_OUT,
  LOGINS,
  makeForeign,
  NO_LONGER_KEPT_OUT,
  oneLogin,
  setPullSecrets,
} from './ownership.ts';
import {
  docker,
  dockerConfig,
  type Logins,
  loginsIn,
  pullSecretsOf,
  SCENARIO_LABEL,
  Scenario,
  setLabels,
} from './scenario.ts';
import {
  isClean,
  isReady,
  isServed,
  makeAccount,
  secretIn,
  setAccountLabels,
  setSource,
  uidIn,
} from './served.ts';

const OTHER = { server: 'other.io', username: 'u', password: 'another-one' };
const OTHERS: Logins = { 'other.io': ['u', 'another-one'] };

/** Names of what there was before, and of what was made meanwhile. */
type World = Record<
  | ('same' | 'optsOut' | 'goes' | 'tampered' | 'wiped' | 'later' | 'rotated' | 'abandoned')
  | ('changes' | 'removed'),
  string
>;
type Made = Record<'arrives' | 'foreign' | 'fresh' | 'made', string>;

describe('an operator that was down for an hour', () => {
  let story: Scenario;

  before(async function () {
    if (cluster().controlPlane === undefined) {
      const skipReason = 'only the history of a control plane that the tests started can be compacted';
      Object.assign(this.test?.parent ?? {}, { skipReason });
      this.skip();
    }
    await operator();
  });
  beforeEach(() => {
    story = new Scenario('down');
  });
  afterEach(() => story?.end());

  /** Whoever asks for what was before gets "410 Expired", as after an hour. */
  async function forgetHistory(): Promise<void> {
    const { controlPlane } = cluster();
    const { metadata } = JSON.parse(await kubectl(['get', '--raw', `${NAMESPACES_PATH}?limit=1`]));
    const before = metadata.resourceVersion;
    await create(NAMESPACES_PATH, { metadata: { name: `${story.id}-passing` } });
    await remove(`${NAMESPACES_PATH}/${story.id}-passing`);
    await controlPlane?.compact();
    await controlPlane?.stop('kube-apiserver');
    await controlPlane?.start('kube-apiserver');
    await controlPlane?.untilReady();
    const since = `${NAMESPACES_PATH}?watch=1&timeoutSeconds=1&resourceVersion=${before}`;
    await eventually('what was before is forgotten', async () =>
      expect(await kubectl(['get', '--raw', since])).to.contain('"code":410'),
    );
  }

  /** Selected by what it is called, and by no other RegistryCredential of the story. */
  const alone = (name: string) => story.namespace(name, { [SCENARIO_LABEL]: 'none', [story.id]: name });
  const selecting = (name: string) => ({ namespaceSelector: { matchLabels: { [story.id]: name } } });
  const from = (source: string) => ({ registries: [docker(source)] });

  async function lastHour(): Promise<World> {
    const names = ['same', 'optsOut', 'goes', 'tampered', 'wiped'] as const;
    const made = await Promise.all(
      names.map(async name => [name, await story.namespace(name.toLowerCase())]),
    );
    const served = Object.fromEntries(made) as Record<(typeof names)[number], string>;
    const later = await story.namespace('later', KEPT_OUT);
    const [rotated, abandoned] = [await alone('rotated'), await alone('abandoned')];
    for (const name of ['labelled', 'deleted']) await makeAccount(served.same, name);
    const stays = await oneLogin(story, 'stays');
    const changes = await oneLogin(story, 'changes', selecting('rotated'), OTHER);
    const removed = await story.credential('removed', { ...from(changes), ...selecting('abandoned') });
    for (const namespace of Object.values(served)) await isServed(namespace, LOGINS);
    for (const namespace of [rotated, abandoned]) await isServed(namespace, OTHERS);
    for (const credential of [stays, changes, removed]) await isReady(credential, 'True Synced');
    return { ...served, later, rotated, abandoned, changes, removed };
  }

  async function thisHour(world: World): Promise<Made> {
    const { same, optsOut, goes, tampered, wiped, later, changes, removed } = world;
    await setLabels(optsOut, KEPT_OUT);
    await setLabels(later, NO_LONGER_KEPT_OUT);
    await remove(`${NAMESPACES_PATH}/${goes}`);
    const [arrives, foreign] = [await story.namespace('arrives'), await story.namespace('foreign')];
    await makeForeign(foreign);
    await setAccountLabels(same, 'labelled', KEPT_OUT);
    await remove(serviceAccountPath(same, 'deleted'));
    await makeAccount(same, 'made');
    const theirs = { stringData: { [DOCKER_CONFIG_KEY]: dockerConfig([OTHER]) } };
    await patch(secretPath(tampered, 'regcred'), theirs);
    await remove(secretPath(wiped, 'regcred'));
    await setPullSecrets(wiped, 'own');
    await setSource(changes, { [DOCKER_CONFIG_KEY]: dockerConfig([{ ...OTHER, password: 'newer' }]) });
    await remove(credentialPath(removed));
    expect(await find(credentialPath(removed)), 'its finalizer holds it').not.to.equal(undefined);
    const fresh = await alone('fresh');
    const made = await story.credential('made', { ...from(changes), ...selecting('fresh') });
    await forgetHistory();
    return { arrives, foreign, fresh, made };
  }

  async function isUpToDate(world: World, { arrives, foreign, fresh, made }: Made): Promise<void> {
    const { same, optsOut, tampered, wiped, later, rotated, abandoned, removed } = world;
    await isReady(made, 'True Synced');
    await isGone(credentialPath(removed));
    for (const namespace of [same, tampered, later, arrives]) await isServed(namespace, LOGINS);
    for (const namespace of [rotated, fresh]) await isServed(namespace, { 'other.io': ['u', 'newer'] });
    for (const namespace of [optsOut, abandoned]) await isClean(namespace);
    await eventually('a Secret that was deleted is there again, and lists are right', async () => {
      expect(await loginsIn(wiped)).to.deep.equal(LOGINS);
      expect(await pullSecretsOf(wiped)).to.have.members(['own', 'regcred']);
      expect(await pullSecretsOf(same, 'made')).to.deep.equal(['regcred']);
      expect(await pullSecretsOf(same, 'labelled')).to.deep.equal([]);
    });
    expect((await secretIn(foreign)).metadata.labels).to.deep.equal({ team: 'theirs' });
    await isUnreferenced(foreign);
  }

  it('finds all that changed meanwhile, and does that and no more', async function () {
    const world = await lastHour();
    const { same, rotated } = world;
    const uid = await uidIn(rotated);
    let mark = 0;
    let made: Made | undefined;
    await restartOperator(async () => {
      made = await thisHour(world);
      mark = await markAuditLog(this);
    });
    await isUpToDate(world, made as unknown as Made);
    expect(await uidIn(rotated), 'it was updated in place').to.equal(uid);

    // Status and Events of a roll-out come up to a second after it.
    await eventually('nothing is written any more', async () => {
      const last = Math.max(0, ...(await writesSince(mark)).map(({ answered }) => answered));
      expect(Date.now() - last).to.be.greaterThan(2_000);
    });
    const quiet = await markAuditLog(this);
    await holdsFor(3_000, async () => expect(await writesSince(quiet)).to.deep.equal([]));
    const done = (await writesSince(mark)).filter(({ code }) => code < 300).map(({ what }) => what);
    const writes = (namespace: string) =>
      [...new Set(done.filter(what => what.includes(` ${namespace}/`)))].toSorted();
    expect(writes(same)).to.deep.equal([
      `patch serviceaccounts ${same}/labelled`,
      `patch serviceaccounts ${same}/made`,
    ]);
    expect(writes(world.goes), 'it goes by itself').to.deep.equal([]);
    expect(writes(rotated)).to.deep.equal([`patch secrets ${rotated}/regcred`]);
    expect(writes(world.tampered)).to.deep.equal([`patch secrets ${world.tampered}/regcred`]);
  }).timeout(180_000);
});
