// ServiceAccounts that others apply with a list of their own, before, while and after we are there: no
// command of theirs fails, no entry of theirs is lost, ours is back in a moment, and the list stays theirs.

import { expect } from 'chai';
import { eventually } from './eventually.ts';
import { kubectl, kubectlJson } from './kubectl.ts';
import { operator } from './operator.ts';
import { ACCOUNT, expectMoments, Film, type Frame, manifest, summary, TOOLS } from './other-tools.ts';
import { LOGIN } from './ownership.ts';
import { docker, Scenario, setLabels } from './scenario.ts';

const OUT = { 'regcred.dev/sync': 'false' };
const IN = { 'regcred.dev/sync': null };

describe('a ServiceAccount with a list of its own', () => {
  let story: Scenario;
  let film: Film;
  let namespace: string;
  const latencies: number[] = [];
  const holds: number[] = [];

  before(operator);
  beforeEach(async () => {
    story = new Scenario('applied');
    namespace = await story.namespace('a', { 'regcred.dev/sync': 'false' });
    film = new Film(namespace);
    await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
  });
  afterEach(async () => {
    film.stop();
    holds.push(...film.holds());
    await story.end();
  });
  after(() => {
    console.log(`      back in the list after ${summary(latencies)}`);
    console.log(`      the list handed back after ${summary(holds)}`);
  });

  const attached = (...own: string[]): Promise<Frame> =>
    film.until(`${own} and ours are in the list`, frame => {
      expect(frame).to.include({ annotation: 'regcred', isHandedBack: true });
      expect(frame.list).to.deep.equal([...own, 'regcred']);
    });
  const undone = (...own: string[]): Promise<Frame> =>
    film.until(`${own} alone are in the list`, frame => {
      expect(frame.list).to.deep.equal(own);
      expect(frame).to.include({ isWithoutUs: true });
    });
  /** The frame that the command made, which the operator then answered. */
  async function answered(from: number, ...own: string[]): Promise<Frame> {
    // The command may have ended before the watch shows what it did.
    const theirs = await eventually('the film shows what the command made', async () => {
      const frame = film.frames.slice(from).find(({ list }) => !list.includes('regcred'));
      if (frame === undefined) throw new Error('our entry is in every frame');
      return frame;
    });
    await attached(...own);
    for (const frame of film.frames.slice(from)) expect(frame.list).to.include.members(own);
    return theirs;
  }

  for (const [title, tool] of Object.entries(TOOLS))
    describe(`by ${title}`, () => {
      const write = (...list: string[]) => tool(manifest(namespace, list));

      it('keeps its owner when our entry comes and goes', async () => {
        await write('own');
        const { owners } = await undone('own');
        await setLabels(namespace, IN);
        expect((await attached('own')).owners).to.deep.equal(owners);
        await setLabels(namespace, OUT);
        expect((await undone('own')).owners).to.deep.equal(owners);
        await setLabels(namespace, IN);
        expect((await attached('own')).owners).to.deep.equal(owners);
      });

      it('takes the same list and others again while we are there, is theirs, and has ours back in a moment', async () => {
        await setLabels(namespace, IN);
        await write('own');
        await attached('own');
        const since = film.frames.length;
        for (const own of [['own'], ['own'], ['other'], ['own', 'other'], ['own', 'other']]) {
          const from = film.frames.length;
          await write(...own);
          const theirs = await answered(from, ...own);
          expect(film.last?.owners).to.deep.equal(theirs.owners);
        }
        const absences = film.absences(since);
        expectMoments(absences);
        latencies.push(...absences);
      });

      it('takes the same list and another after undo, with nothing left of us', async () => {
        await write('own');
        await setLabels(namespace, IN);
        await attached('own');
        await setLabels(namespace, OUT);
        await undone('own');
        await write('own');
        await undone('own');
        await write('other');
        await undone('other');
      });

      it('takes a file after undo that was exported before it, and we take ours out again', async () => {
        await write('own');
        await setLabels(namespace, IN);
        await attached('own');
        const exported = await kubectlJson(['-n', namespace, 'get', 'serviceaccount', ACCOUNT]);
        for (const field of ['resourceVersion', 'uid', 'creationTimestamp']) delete exported.metadata[field];
        await setLabels(namespace, OUT);
        await undone('own');
        await tool(exported);
        await undone('own');
        await write('own');
        await undone('own');
        await write('own', 'other');
        await undone('own', 'other');
      });
    });

  it('takes a first apply that nobody had made before, though our entry was first', async () => {
    for (const name of ['default', 'bare']) {
      if (name === 'bare') await kubectl(['-n', namespace, 'create', 'serviceaccount', name]);
      const its = new Film(namespace, name);
      try {
        const is = (...list: string[]) =>
          its.until(`${name} has ${list}`, frame => expect(frame.list).to.deep.equal(list));
        await setLabels(namespace, IN);
        await its.until('it is handed back', frame =>
          expect(frame).to.deep.include({ list: ['regcred'], owners: [], isHandedBack: true }),
        );
        for (const title of ['a server-side apply without force, as of Helm 4,', 'kubectl apply'])
          await TOOLS[title]?.(manifest(namespace, [title.slice(0, 1)], name));
        await is('k', 'regcred');
        await setLabels(namespace, OUT);
        await is('k');
      } finally {
        its.stop();
      }
    }
  });

  it('that was patched by hand, as the documentation of Kubernetes shows it, is as before at the end', async () => {
    const its = new Film(namespace, 'default');
    const withOwners = () =>
      kubectlJson(['-n', namespace, 'get', 'serviceaccount', 'default', '--show-managed-fields']);
    try {
      const patch = JSON.stringify({ imagePullSecrets: [{ name: 'own' }] });
      await kubectl(['-n', namespace, 'patch', 'serviceaccount', 'default', '-p', patch]);
      const before = await withOwners();
      await setLabels(namespace, IN);
      await its.until('ours is there', frame => expect(frame.list).to.deep.equal(['own', 'regcred']));
      await setLabels(namespace, OUT);
      await its.until('ours is gone', frame => {
        expect(frame.list).to.deep.equal(['own']);
        expect(frame).to.include({ isWithoutUs: true });
      });
      const after = await withOwners();
      expect(after).to.deep.equal({
        ...before,
        metadata: { ...before.metadata, resourceVersion: after.metadata.resourceVersion },
      });
    } finally {
      its.stop();
    }
  });
});
