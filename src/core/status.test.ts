// What `kubectl get -o yaml` shows: the conditions beside Ready, the counts, what is
// said of each registry, and that nothing in it is unbounded or moves by itself.

import { expect } from 'chai';
import { aRecord, aReport, aSituation, failure, verdict } from '../testing/situations.ts';
import type { Situation } from './readiness.ts';
import { statusOf } from './status.ts';

const NOON = Date.UTC(2026, 0, 1, 12);
const LATER = NOON + 60_000;
const foreign = failure('ForeignSecret', 'it is foreign');
const kept = aReport({ state: 'kept', message: 'Secret gone' });

const conditions = (situation: Situation, now = NOON): string[] =>
  statusOf(situation, now).conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
const conditionOf = (situation: Situation, type: string, now = NOON) =>
  statusOf(situation, now).conditions.find(one => one.type === type);

describe('the conditions', () => {
  const rows: Record<string, [situation: Situation, expected: string[]]> = {
    'are Ready alone when all is well': [aSituation(), ['Ready=True Synced']],
    'are Ready alone when none is selected': [aSituation().nowhere(), ['Ready=True NoNamespaceSelected']],
    'say Reconciling while something is on its way': [
      aSituation().rollingOut(),
      ['Ready=False Progressing', 'Reconciling=True Progressing'],
    ],
    'say Reconciling while it is undone': [
      aSituation().deleted(),
      ['Ready=False Deleting', 'Reconciling=True Deleting'],
    ],
    'say SourceFailing when nothing is kept': [
      aSituation().reporting(aReport({ state: 'failed', message: 'gone' })),
      ['Ready=False SourceFailed', 'SourceFailing=True SourceFailed'],
    ],
    'say SourceFailing when the last known good is served': [
      aSituation().reporting(kept),
      ['Ready=True Synced', 'SourceFailing=True LastKnownGoodServed'],
    ],
    'say SourceFailing when one entry is left out': [
      aSituation().reporting(aReport({ state: 'partial', message: 'x.io: bad' })),
      ['Ready=True Synced', 'SourceFailing=True EntryLeftOut'],
    ],
    'say after a restart that a source fails whose login stands in the namespaces': [
      aSituation()
        .reporting(aReport({ state: 'unknown', message: 'gone' }))
        .in({ a: { ...verdict(), servedUnknown: [0] } }),
      ['Ready=True Synced', 'SourceFailing=True LastKnownGoodServed'],
    ],
    'say after a restart that a source never gave a login, though another one serves the namespaces': [
      aSituation()
        .reporting(aReport(), aReport({ state: 'unknown', message: 'gone' }))
        .in({ a: verdict() }),
      ['Ready=False SourceFailed', 'SourceFailing=True SourceFailed'],
    ],
    'say while suspended what was last said of conflicts and sources': [
      aSituation()
        .reporting(kept)
        .in({ a: verdict(foreign), b: verdict() })
        .said()
        .in({})
        .suspended(),
      ['Ready=Unknown Suspended', 'SourceFailing=True LastKnownGoodServed', 'Conflict=True ForeignSecret'],
    ],
    'say of one that was deleted what was last said of sources, which nobody asks any more': [
      aSituation()
        .reporting(kept)
        .said()
        .reporting(aReport({ state: 'unknown', isUnasked: true }))
        .deleted(),
      ['Ready=False Deleting', 'Reconciling=True Deleting', 'SourceFailing=True LastKnownGoodServed'],
    ],
    'say after a restart that a source fails whose login does not': [
      aSituation()
        .reporting(aReport({ state: 'unknown', message: 'gone' }))
        .in({ a: verdict(), b: verdict(failure('SourceFailed')) }),
      ['Ready=False SourceFailed', 'SourceFailing=True SourceFailed'],
    ],
    'say after a restart that a source fails, where nobody is served': [
      aSituation()
        .reporting(aReport({ state: 'unknown', message: 'gone' }))
        .nowhere(),
      ['Ready=False SourceFailed', 'SourceFailing=True SourceFailed'],
    ],
    'say of a source that fails where nobody is selected what is said after a restart too': [
      aSituation().reporting(kept).nowhere(),
      ['Ready=False SourceFailed', 'SourceFailing=True SourceFailed'],
    ],
    'say SourceFailing when the Secret has no room for all, and stay ready': [
      aSituation().in({ a: verdict(undefined, [{ server: 'r.io', registry: 0, winner: undefined }]) }),
      ['Ready=True Synced', 'SourceFailing=True EntryLeftOut'],
    ],
    'say Conflict when a namespace refuses': [
      aSituation().in({ a: verdict(foreign), b: verdict() }),
      ['Ready=True Synced', 'Conflict=True ForeignSecret'],
    ],
    'say Conflict when all refuse': [
      aSituation().in({ a: verdict(foreign) }),
      ['Ready=False Conflict', 'Conflict=True ForeignSecret'],
    ],
    'say no Conflict when it is we who are refused': [
      aSituation().in({ a: verdict(failure('Forbidden')), b: verdict(failure('WriteFailed')) }),
      ['Ready=False Forbidden'],
    ],
    'say Stalled under a spec that cannot be obeyed': [
      aSituation().stalled().nowhere(),
      ['Ready=False SecretNameNotServed', 'Stalled=True SecretNameNotServed'],
    ],
    'say nothing but Ready while suspended': [aSituation().suspended(), ['Ready=Unknown Suspended']],
  };
  for (const [sentence, [situation, expected]] of Object.entries(rows))
    it(sentence, () => expect(conditions(situation)).to.deep.equal(expected));

  it('count the namespaces that refuse', () => {
    expect(conditionOf(aSituation().in({ a: verdict(foreign), b: verdict() }), 'Conflict')?.message).to.equal(
      '1 of 2 selected namespaces: it is foreign',
    );
  });

  it('keep their time as long as they are as they were', () => {
    const before = statusOf(aSituation().reporting(kept), NOON);
    const after = statusOf(aSituation().saying(before), LATER);
    expect(after.conditions[0]?.lastTransitionTime).to.equal('2026-01-01T12:00:00.000Z');
    const ready = conditionOf(aSituation().saying(before).rollingOut(), 'Ready', LATER);
    expect(ready?.lastTransitionTime).to.equal('2026-01-01T12:01:00.000Z');
  });

  it('are of the generation that was looked at', () => {
    const status = statusOf(aSituation(), NOON);
    expect([status.observedGeneration, status.conditions[0]?.observedGeneration]).to.deep.equal([3, 3]);
  });
});

describe('the counts', () => {
  it('tell how many are selected, synced and failed', () => {
    const status = statusOf(aSituation().in({ a: verdict(foreign), b: verdict(), c: verdict() }), NOON);
    expect(status.namespaces).to.deep.equal({ selected: 3, synced: 2, failed: 1, summary: '2/3' });
    expect(status.serviceAccounts).to.deep.equal({ selected: 3, attached: 2, summary: '2/3' });
  });

  it('are followed by the first ten failures by name', () => {
    const names = Array.from({ length: 12 }, (_, index) => `n${String(11 - index).padStart(2, '0')}`);
    const { failures } = statusOf(
      aSituation().in(Object.fromEntries(names.map(name => [name, verdict(foreign)]))),
      NOON,
    );
    expect(failures.map(({ namespace }) => namespace)).to.deep.equal(names.sort().slice(0, 10));
    expect(failures[0]).to.deep.equal({
      namespace: 'n00',
      reason: 'ForeignSecret',
      message: 'it is foreign',
    });
  });

  it('stand as they were while it is suspended', () => {
    const before = statusOf(aSituation().in({ a: verdict(foreign), b: verdict() }), NOON);
    const after = statusOf(aSituation().saying(before).suspended().nowhere(), LATER);
    expect(after.namespaces).to.deep.equal(before.namespaces);
    expect(after.failures).to.deep.equal(before.failures);
  });
});

describe('a registry in status', () => {
  const registry = (situation: Situation) => statusOf(situation, NOON).registries[0];
  const lost = (server: string, winner: string | undefined) =>
    aSituation().in({ a: verdict(undefined, [{ server, registry: 0, winner }]) });

  it('has its server and source, and no message when all is well', () => {
    expect(registry(aSituation())).to.deep.equal({ server: 'r.io', source: 'basic' });
  });

  it('says when its login ends, and the earliest of all is in EXPIRES', () => {
    const [soon, late] = [new Date(NOON), new Date(LATER)];
    const status = statusOf(
      aSituation().reporting(aReport({ expiresAt: late }), aReport({ expiresAt: soon })),
      NOON,
    );
    expect(status.registries[0]?.expiresAt).to.equal(late.toISOString());
    expect(status.expiresAt).to.equal(soon.toISOString());
    expect(statusOf(aSituation(), NOON)).not.to.have.property('expiresAt');
  });

  it('says that the last known good login stays', () => {
    expect(registry(aSituation().reporting(kept))?.message).to.equal(
      'Secret gone; the last known good login stays in use',
    );
  });

  it('names the winner of a merge', () => {
    expect(registry(lost('r.io', 'first'))?.message).to.include('RegistryCredential first');
    expect(registry(lost('r.io', 'team'))?.message).to.include('an earlier item of spec.registries');
    expect(registry(lost('r.io', undefined))?.message).to.include('over 1 MiB');
  });

  it('says how many do not fit when they are many', () => {
    const leftOut = Array.from({ length: 5_000 }, (_, n) => ({
      server: `${n}.io`,
      registry: 0,
      winner: undefined,
    }));
    const message = registry(aSituation().in({ a: verdict(undefined, leftOut) }))?.message;
    expect(message)
      .to.match(/^5000 servers are left out/)
      .and.not.include('.io');
  });

  it('says what is left out once, and sorted, however many namespaces say so', () => {
    const leftOut = [
      { server: 'b.io', registry: 0, winner: 'z' },
      { server: 'a.io', registry: 0, winner: 'z' },
    ];
    const message = registry(
      aSituation().in({ a: verdict(undefined, leftOut), b: verdict(undefined, [...leftOut]) }),
    )?.message;
    expect(message?.split('; ').map(text => text.slice(0, 4))).to.deep.equal(['a.io', 'b.io']);
  });

  it('keeps the servers that were said before a restart, as long as its source is of the same kind', () => {
    const before = statusOf(aSituation(), NOON);
    const failing = aReport({ server: undefined, state: 'unknown', message: 'gone' });
    expect(registry(aSituation().saying(before).reporting(failing))?.server).to.equal('r.io');
    const other = { ...failing, source: 'dockerConfig' };
    expect(registry(aSituation().saying(before).reporting(other))?.server).to.equal('');
  });
});

describe('every text in status', () => {
  it('is cut to what the schema takes', () => {
    const long = 'x'.repeat(5000);
    const status = statusOf(
      aSituation()
        .reporting(aReport({ server: long, state: 'failed', message: long }))
        .in({ a: verdict(failure('Refused', long)) }),
      NOON,
    );
    const texts = [...status.conditions, ...status.failures, ...status.registries].map(
      ({ message }) => message ?? '',
    );
    expect(Math.max(...texts.map(text => text.length))).to.equal(1024);
    expect(status.registries[0]?.server.length).to.equal(1024);
  });

  it('is the same from run to run', () => {
    const situation = aSituation()
      .reporting(kept)
      .in({ a: verdict(foreign), b: verdict() });
    const first = statusOf(situation, NOON);
    expect(statusOf(situation.with({ record: aRecord({ status: first }) }), LATER)).to.deep.equal(first);
  });
});
