// Tools that write a ServiceAccount in the very moments in which the operator does, and controllers that
// do so every second or at once: nothing of theirs is lost, and the fight is bounded and told.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { serviceAccountPath } from '../../src/controller/paths.ts';
import { follow, patch } from './admin.ts';
import { markAuditLog, writesSince } from './audit.ts';
import { eventually } from './eventually.ts';
import { operator } from './operator.ts';
import { expectMoments, Film, manifest, summary, TOOLS } from './other-tools.ts';
import { failuresOf, LOGIN } from './ownership.ts';
import { conditionOf, docker, pullSecretsOf, Scenario, setLabels, statusOf } from './scenario.ts';
import { makeAccount } from './served.ts';

const OUT = { 'regcred.dev/sync': 'false' };
const IN = { 'regcred.dev/sync': null };
/** Of each tool. */
const ROUNDS = 12;
/** Milliseconds: about what a kubectl takes, so that the two meet at every point of it. */
const SPREAD = 120;
/** The refusals that are left, by part of the title of a tool (docs/adr/0009). */
const LEFT: Readonly<Record<string, RegExp>> = {
  // In the few milliseconds between our two writes.
  'without force': /conflict with "(regcred|before-first-apply)"/,
  // kubectl reads the object for its resourceVersion, and somebody else writes before it does.
  'kubectl replace': /the object has been modified/,
};

describe('a ServiceAccount that is applied meanwhile', () => {
  let story: Scenario;
  let credential: string;

  before(operator);
  beforeEach(async () => {
    story = new Scenario('meanwhile');
    credential = await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
  });
  afterEach(() => story.end());

  const has = (film: Film, ...list: string[]) =>
    film.until(`the list is ${list}`, frame => {
      expect(frame.list).to.deep.equal(list);
      expect(frame.isHandedBack).to.equal(true);
    });

  for (const [title, tool] of Object.entries(TOOLS))
    it(`loses nothing to ${title} while our entry comes and goes`, async function () {
      this.timeout(60_000);
      const namespace = await story.namespace('a', OUT);
      const film = new Film(namespace);
      const refused: string[] = [];
      try {
        await tool(manifest(namespace, ['own']));
        for (let round = 0; round < ROUNDS; round += 1) {
          const own = `own-${round}`;
          const written = tool(manifest(namespace, [own])).catch(async (error: Error) => {
            refused.push(error.message);
            // Whoever says it again is heard.
            await tool(manifest(namespace, [own]));
          });
          await sleep((round * SPREAD) / ROUNDS);
          await setLabels(namespace, round % 2 === 0 ? IN : OUT);
          await written;
          await (round % 2 === 0
            ? has(film, own, 'regcred')
            : film.until('ours is gone', frame => {
                expect(frame.list).to.deep.equal([own]);
                expect(frame.isWithoutUs).to.equal(true);
              }));
        }
      } finally {
        film.stop();
      }
      console.log(`      ${refused.length} of ${ROUNDS} were refused`);
      const [, left] = Object.entries(LEFT).find(([part]) => title.includes(part)) ?? [];
      if (left === undefined) expect(refused).to.deep.equal([]);
      else for (const message of refused) expect(message).to.match(left);
    });

  it('has ours back each time, when a tool is run every second', async function () {
    this.timeout(60_000);
    const absences = await Promise.all(
      Object.entries(TOOLS).map(async ([title, tool], index) => {
        const namespace = await story.namespace(`n${index}`);
        const film = new Film(namespace);
        try {
          await tool(manifest(namespace, ['own']));
          await has(film, 'own', 'regcred');
          const from = film.frames.length;
          for (let turn = 0; turn < 6; turn += 1) {
            const own = [`own-${turn}`, 'own'];
            const [, said] = await Promise.all([sleep(1_000), tool(manifest(namespace, own))]);
            expect(said, title).to.match(/configured|serverside-applied|replaced/);
            await has(film, ...own, 'regcred');
          }
          for (const { list } of film.frames.slice(from)) expect(list).to.include('own');
          return film.absences(from);
        } finally {
          film.stop();
        }
      }),
    );
    console.log(`      back in the list after ${summary(absences.flat())}`);
    expect(absences.map(one => one.length)).to.deep.equal(Object.keys(TOOLS).map(() => 6));
    expectMoments(absences.flat());
  });

  it('is fought over twice a minute and no more with a controller that never rests, and status says so', async function () {
    this.timeout(180_000);
    const namespace = await story.namespace('fight');
    const rival = new Rival(namespace);
    await eventually('status says so', async () => {
      expect(await conditionOf(credential, 'Conflict')).to.equal('True Contested');
      const [failure] = await failuresOf(credential);
      expect(failure).to.include({ namespace, reason: 'Contested' });
      expect(failure?.message).to.contain(`kubectl -n ${namespace} get serviceaccount default`);
    });
    expect(await conditionOf(credential, 'Ready')).to.equal('False Conflict');
    // The others of the namespace do not wait for it.
    await makeAccount(namespace, 'fresh');
    await eventually('another ServiceAccount has ours', async () =>
      expect(await pullSecretsOf(namespace, 'fresh')).to.deep.equal(['regcred']),
    );
    await eventually('status counts it', async () =>
      expect((await statusOf(credential)).serviceAccounts.selected).to.equal(2),
    );
    const quiet = await markAuditLog(this);
    await sleep(35_000);
    const writes = (await writesSince(quiet)).map(({ what }) => what);
    // One repair and its hand-back, each refused at most a few times by the pace of the other.
    expect(writes.filter(what => what.startsWith('patch serviceaccounts')).length).to.be.within(2, 8);
    expect(writes.filter(what => what.includes('status'))).to.deep.equal([]);
    await rival.stop();
    await eventually(
      'it is well again',
      async () => {
        expect(await conditionOf(credential, 'Conflict')).to.equal(undefined);
        expect(await conditionOf(credential, 'Ready')).to.equal('True Synced');
        expect(await pullSecretsOf(namespace)).to.deep.equal(['own', 'regcred']);
      },
      65_000,
    );
  });
});

/** Takes our entry out as soon as a watch shows it. */
class Rival {
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;

  constructor(namespace: string) {
    this.#done = this.#fight(namespace);
  }

  async #fight(namespace: string): Promise<void> {
    const own = { imagePullSecrets: [{ name: 'own' }] };
    const collection = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    for await (const { imagePullSecrets = [] } of follow(collection, 'default', this.#abort.signal))
      if (imagePullSecrets.some(({ name }: { name: string }) => name === 'regcred'))
        await patch(serviceAccountPath(namespace, 'default'), own);
  }

  stop(): Promise<void> {
    this.#abort.abort();
    return this.#done;
  }
}
