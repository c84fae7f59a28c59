// What holds of every plan, whatever it is told: tried on some hundreds of random
// views, each carried out change by change until nothing is left to do.

import { expect } from 'chai';
import { randomView } from '../testing/random-view.ts';
import { writesOf } from '../testing/told-plan.ts';
import type { ApplySecret, Change, Plan } from './change.ts';
import { contentOf } from './docker-config.ts';
import { createMerge } from './merge.ts';
import { plan } from './plan.ts';
import type { SecretRecord, ServiceAccountRecord } from './records.ts';
import type { NamespaceView } from './view.ts';

const SEEDS = Array.from({ length: 600 }, (_, seed) => seed);
/** The part of one that was undone goes before the rest is released. */
const MOST_ROUNDS = 2;

interface Round {
  readonly before: NamespaceView;
  readonly planned: Plan;
  /** Between `changes` and `afterReferences`. */
  readonly between: NamespaceView;
}

/** Until nothing is left to do, or there is no end. */
function roundsOf(seed: number): Round[] {
  const merge = createMerge();
  const rounds: Round[] = [];
  for (let before = randomView(seed); ; ) {
    const planned = plan(before, merge);
    const between = applied(before, planned.changes);
    rounds.push({ before, planned, between });
    if (writesOf(planned).length === 0 || rounds.length > MOST_ROUNDS + 3) return rounds;
    before = applied(between, planned.afterReferences);
  }
}

const applied = (view: NamespaceView, changes: readonly Change[]): NamespaceView =>
  changes.reduce(after, view);

function after(view: NamespaceView, change: Change): NamespaceView {
  const others = view.secrets.filter(({ name }) => name !== change.name);
  const observed = view.secrets.find(({ name }) => name === change.name);
  switch (change.kind) {
    case 'PatchServiceAccount':
      return { ...view, serviceAccounts: view.serviceAccounts.map(one => patched(one, change)) };
    case 'ApplySecret':
      return { ...view, secrets: [...others, written(change, observed)] };
    case 'DeleteSecret':
      return { ...view, secrets: others };
    case 'ReleaseSecret': {
      const released = { managed: false, ownsLabel: false, handedOver: false, credentials: [] };
      return { ...view, secrets: [...others, { ...(observed as SecretRecord), ...released }] };
    }
  }
}

const next = (version: string): string => String(Number(version) + 1);

/** apply does it with every patch. */
const HANDED_BACK = { owners: [], isInTheWay: false };

const patched = (
  one: ServiceAccountRecord,
  { name, pullSecrets, ownPullSecrets }: Change & { kind: 'PatchServiceAccount' },
) =>
  one.name === name
    ? {
        ...one,
        pullSecrets,
        ownPullSecrets,
        ownership: HANDED_BACK,
        resourceVersion: next(one.resourceVersion),
      }
    : one;

/** As the API server has it after a forced apply: our field manager owns the label too. */
function written(change: ApplySecret, observed: SecretRecord | undefined): SecretRecord {
  const { namespace, name, credentials, handedOver, merged } = change;
  const content = contentOf(Buffer.from(merged.base64, 'base64').toString());
  const made = { type: 'kubernetes.io/dockerconfigjson', immutable: false, terminating: false };
  const fresh = { namespace, name, uid: 'new', resourceVersion: '0', ...made };
  const { resourceVersion, ...kept } = observed ?? fresh;
  const marks = { managed: true, ownsLabel: true, handedOver, credentials, content };
  return { ...kept, resourceVersion: next(resourceVersion), ...marks };
}

/** Entries without the one of each name that is marked as ours. */
function foreignEntries({ pullSecrets, ownPullSecrets }: ServiceAccountRecord): string[] {
  const ours = ownPullSecrets.map(name => pullSecrets.lastIndexOf(name));
  return pullSecrets.filter((_, index) => !ours.includes(index));
}

const runs = new Map<number, Round[]>();

function everyRound(check: (round: Round) => void): void {
  for (const [seed, rounds] of runs)
    for (const round of rounds) {
      try {
        check(round);
      } catch (error) {
        throw new Error(`seed ${seed}: [${writesOf(round.planned).join('; ')}]`, { cause: error });
      }
    }
}

const isOn = (change: Change, { name }: SecretRecord): boolean =>
  change.kind !== 'PatchServiceAccount' && change.name === name;

describe('of every plan it holds that', () => {
  before(() => {
    for (const seed of SEEDS) runs.set(seed, roundsOf(seed));
  });

  it(`after at most ${MOST_ROUNDS} times there is nothing left to do`, () => {
    let busy = 0;
    for (const [seed, rounds] of runs) {
      expect(rounds.length - 1, `seed ${seed}`).to.be.at.most(MOST_ROUNDS);
      if (rounds.length > 1) busy += 1;
    }
    expect(busy).to.be.greaterThan(SEEDS.length / 2);
  });

  it('no entry of somebody else is lost or moved, and only entries of ours are added', () => {
    everyRound(({ before, planned }) => {
      for (const change of planned.changes) {
        if (change.kind !== 'PatchServiceAccount') continue;
        const account = before.serviceAccounts.find(({ name }) => name === change.name);
        const theirs = foreignEntries(account as ServiceAccountRecord);
        const added = [...change.pullSecrets];
        // Each is found behind the one before it.
        let at = 0;
        for (const entry of theirs) {
          at = added.indexOf(entry, at);
          expect(at, `${entry} of [${theirs}]`).to.be.at.least(0);
          added.splice(at, 1);
        }
        expect(before.secretNames).to.include.members(added);
        expect(new Set(added).size).to.equal(added.length);
      }
    });
  });

  it('a foreign Secret, or one of another type, is never written', () => {
    everyRound(({ before, planned }) => {
      for (const secret of before.secrets)
        if (!secret.managed || secret.type !== 'kubernetes.io/dockerconfigjson')
          expect([...planned.changes, ...planned.afterReferences].some(one => isOn(one, secret))).to.equal(
            false,
          );
    });
  });

  it('a Secret that somebody handed over is never deleted', () => {
    everyRound(({ before, planned }) => {
      for (const secret of before.secrets)
        if (secret.handedOver || !secret.ownsLabel)
          expect(
            planned.afterReferences.filter(one => isOn(one, secret)).map(({ kind }) => kind),
          ).to.not.include('DeleteSecret');
    });
  });

  it('when a Secret goes, no reference of ours to it is left', () => {
    everyRound(({ planned, between }) => {
      for (const { name } of planned.afterReferences)
        for (const { ownPullSecrets } of between.serviceAccounts) expect(ownPullSecrets).to.not.include(name);
    });
  });

  it('a new reference is to a Secret that is there or is written beside it', () => {
    everyRound(({ before, planned, between }) => {
      const there = between.secrets.filter(({ managed }) => managed).map(({ name }) => name);
      const had = new Map(before.serviceAccounts.map(({ name, pullSecrets }) => [name, pullSecrets]));
      for (const change of planned.changes)
        if (change.kind === 'PatchServiceAccount')
          expect(there).to.include.members(
            change.pullSecrets.filter(one => !had.get(change.name)?.includes(one)),
          );
    });
  });

  it('no Secret is written without a login', () => {
    everyRound(({ planned }) => {
      for (const change of planned.changes)
        if (change.kind === 'ApplySecret') expect(change.merged.logins.size).to.be.greaterThan(0);
    });
  });

  it('each object is written at most once, and only as it was observed', () => {
    everyRound(({ before, planned }) => {
      const all = [...planned.changes, ...planned.afterReferences];
      const objects = all.map(({ kind, name }) => `${kind === 'PatchServiceAccount'} ${name}`);
      expect(new Set(objects).size).to.equal(objects.length);
      for (const change of all) {
        const list = change.kind === 'PatchServiceAccount' ? before.serviceAccounts : before.secrets;
        const observed = list.find(({ name }) => name === change.name);
        if ('uid' in change) expect(change.uid).to.equal(observed?.uid);
        if ('resourceVersion' in change) expect(change.resourceVersion).to.equal(observed?.resourceVersion);
      }
    });
  });

  it('the same view gives the same plan, whatever was planned before', () => {
    const shared = createMerge();
    for (const seed of SEEDS)
      expect(plan(randomView(seed), shared)).to.deep.equal(plan(randomView(seed), createMerge()));
  });
});
