// Ready in every situation of the design's status table, and which of two troubles
// is told when there are both.

import { expect } from 'chai';
import { aReport, aSituation, failure, verdict } from '../testing/situations.ts';
import { readinessOf, type Situation } from './readiness.ts';

const foreign = failure('ForeignSecret');
const broken = aReport({ state: 'failed', message: 'Secret regcred-system/login not found: create it' });

function itIsReady(rows: Record<string, [situation: Situation, expected: string]>): void {
  for (const [sentence, [situation, expected]] of Object.entries(rows))
    it(sentence, () => {
      const { status, reason } = readinessOf(situation);
      expect(`${status} ${reason}`).to.equal(expected);
    });
}

describe('Ready', () => {
  itIsReady({
    'is True when all selected namespaces are served': [aSituation(), 'True Synced'],
    'is True when none is selected': [aSituation().nowhere(), 'True NoNamespaceSelected'],
    'is False while something is on its way': [aSituation().rollingOut(), 'False Progressing'],
    'is False when a source fails and nothing is kept': [
      aSituation().reporting(broken),
      'False SourceFailed',
    ],
    'is False when one source of two fails and nothing of it is kept': [
      aSituation().reporting(aReport(), broken),
      'False SourceFailed',
    ],
    'is False when the failing source of another keeps a login out of a Secret': [
      aSituation().in({ a: verdict(failure('SourceFailed')), b: verdict() }),
      'False SourceFailed',
    ],
    'is True when a source fails and its last known good is served': [
      aSituation().reporting(aReport({ state: 'kept', message: 'not found' })),
      'True Synced',
    ],
    'is True when one entry of a sound source is bad': [
      aSituation().reporting(aReport({ state: 'partial', message: 'x.io: bad' })),
      'True Synced',
    ],
    'stays True when a namespace refuses': [
      aSituation().in({ a: verdict(foreign), b: verdict() }),
      'True Synced',
    ],
    'is False when none could be served and at least one refuses': [
      aSituation().in({ a: verdict(foreign), b: verdict(failure('Refused')) }),
      'False Conflict',
    ],
    'is False when the API server refuses us in one namespace': [
      aSituation().in({ a: verdict(failure('Forbidden')), b: verdict() }),
      'False Forbidden',
    ],
    'is False when the API server keeps failing': [
      aSituation().in({ a: verdict(failure('WriteFailed')), b: verdict() }),
      'False WriteFailed',
    ],
    'is False when the API server refuses us altogether': [
      aSituation().refused(failure('Forbidden')),
      'False Forbidden',
    ],
    'is False under a spec that cannot be obeyed': [aSituation().stalled(), 'False SecretNameNotServed'],
    'is Unknown while suspended': [aSituation().suspended(), 'Unknown Suspended'],
    'is False while it is undone': [aSituation().deleted(), 'False Deleting'],
    'is False when only others keep it': [aSituation().undone('a.example/hold'), 'False Deleting'],
  });
});

describe('of two troubles Ready tells', () => {
  itIsReady({
    'the deletion rather than the suspension': [aSituation().suspended().deleted(), 'False Deleting'],
    'the deletion rather than the spec that cannot be obeyed': [
      aSituation().stalled().deleted(),
      'False Deleting',
    ],
    'the spec that cannot be obeyed rather than the suspension': [
      aSituation().suspended().stalled(),
      'False SecretNameNotServed',
    ],
    'the suspension rather than a source that fails': [
      aSituation().suspended().reporting(broken),
      'Unknown Suspended',
    ],
    'the refusal of everything rather than the progress': [
      aSituation().rollingOut().refused(failure('Forbidden')),
      'False Forbidden',
    ],
    'the progress rather than what still fails in single namespaces': [
      aSituation()
        .rollingOut()
        .in({ a: verdict(failure('WriteFailed')) }),
      'False Progressing',
    ],
    'the missing permission rather than the failing write': [
      aSituation().in({ a: verdict(failure('WriteFailed')), b: verdict(failure('Forbidden')) }),
      'False Forbidden',
    ],
    'the failing source rather than that nobody wants it': [
      aSituation().reporting(broken).nowhere(),
      'False SourceFailed',
    ],
    'the failing source rather than the conflict': [
      aSituation()
        .reporting(broken)
        .in({ a: verdict(foreign) }),
      'False SourceFailed',
    ],
  });
});

describe('the message of Ready', () => {
  const message = (situation: Situation): string => readinessOf(situation).message;

  it('has the command that opts a namespace in', () => {
    expect(message(aSituation().nowhere())).to.include('kubectl label namespace NAME regcred.dev/sync=true');
  });

  it('has the labels of the selector when it is another one', () => {
    const matchLabels = { team: 'a', tier: 'prod' };
    expect(message(aSituation().nowhere().specifying({ namespaceSelector: { matchLabels } }))).to.include(
      'kubectl label namespace NAME team=a tier=prod',
    );
  });

  it('points to the selector when labels alone do not say it', () => {
    const matchExpressions = [{ key: 'team', operator: 'Exists' as const }];
    expect(
      message(aSituation().nowhere().specifying({ namespaceSelector: { matchExpressions } })),
    ).to.include('spec.namespaceSelector');
  });

  it('says why not even a selector of all selects one', () => {
    expect(message(aSituation().nowhere().specifying({ namespaceSelector: {} }))).to.include(
      'regcred.dev/sync=false',
    );
  });

  it('says which registry fails, and what to do', () => {
    expect(message(aSituation().reporting(aReport(), broken))).to.equal(
      'registries[1]: Secret regcred-system/login not found: create it',
    );
  });

  it('says why no namespace takes it', () => {
    expect(message(aSituation().in({ a: verdict(foreign) }))).to.include('because of ForeignSecret');
  });

  it('says where an undo does not get on, and why', () => {
    expect(message(aSituation().deleted())).to.match(/is being undone$/);
    const stuck = aSituation()
      .deleted()
      .in({ a: verdict(failure('Forbidden')) });
    expect(message(stuck)).to.match(/is being undone; a: .*Forbidden/);
  });

  it('says that it is undone, and which finalizers of others keep the object', () => {
    const held = aSituation().undone('a.example/hold', 'b.example/hold');
    expect(message(held)).to.equal(
      'what was given to the namespaces is undone; only finalizers of others keep the object: a.example/hold, b.example/hold',
    );
    expect(message(held.rollingOut()), 'while namespaces are looked at').to.match(/is being undone$/);
  });

  it('does not call undone what was left on purpose, or under a name that is not served', () => {
    const held = () => aSituation().undone('a.example/hold');
    const left = /^what was given to the namespaces stays there.*: a\.example\/hold$/;
    expect(message(held().specifying({ deletionPolicy: 'Orphan' }))).to.match(left);
    expect(message(held().stalled())).to.match(left);
  });

  it('names the Secret names that are served', () => {
    expect(message(aSituation().stalled())).to.include('use one of regcred').and.include('--secret-names');
  });
});
