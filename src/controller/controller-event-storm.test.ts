// How many Events are in the cluster after a storm: controller and recorder together.

import { expect } from 'chai';
import { EventRecorder } from '../kube/event-recorder.ts';
import { aBasicSecret, aCredential, aNamespace, aSecret, OPERATOR_NAMESPACE } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { seeded } from '../testing/random.ts';

const STORM = 100;

describe('the Events of a storm', () => {
  let rig: OperatorRig;
  let recorder: EventRecorder;

  beforeEach(async () => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('default'), aNamespace('apps').optedIn(), aNamespace('late').optedIn());
    rig.server.given(aCredential('team').withBasic('r.io', 'login'));
    recorder = new EventRecorder({
      client: rig.server.client('events'),
      clock: rig.clock,
      random: seeded(1),
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      redact: text => text,
      regarding: { apiVersion: 'regcred.dev/v1alpha1', kind: 'RegistryCredential' },
      reportingController: 'regcred.dev/operator',
      reportingInstance: 'regcred-0',
    });
    rig.recorder = recorder;
    await rig.start();
  });
  afterEach(async () => {
    await rig.stop();
    await recorder.stop();
  });

  const written = (): string[] =>
    rig.server.list('events').map(({ reason, series }) => `${reason} ${series?.count ?? 1}`);
  const removeSource = async (): Promise<void> => {
    rig.server.delete('secrets', OPERATOR_NAMESPACE, 'login');
    await rig.settle();
  };
  const makeSource = async (): Promise<void> => {
    rig.server.given(aBasicSecret('login', 'robot', 'old'));
    await rig.settle();
  };
  /** As a tenant might, with other words in the message each time. */
  const makeWrong = async (type: string): Promise<void> => {
    rig.server.delete('secrets', 'late', 'regcred');
    const secret = aSecret('regcred').in('late').ofType(type);
    rig.server.given(secret.labelled({ 'app.kubernetes.io/managed-by': 'regcred' }));
    await rig.settle();
  };
  /** Seldom enough for the Secret to be made anew at once each time. */
  const makeRight = async (): Promise<void> => {
    rig.server.delete('secrets', 'late', 'regcred');
    await rig.settle(31_000);
  };

  it('are two with a count when a source fails and recovers over and over', async () => {
    for (let time = 0; time < STORM; time++) {
      await removeSource();
      await makeSource();
    }
    await recorder.stop();
    expect(written().sort()).to.deep.equal([
      `LastKnownGoodServed ${STORM}`,
      `SourceRecovered ${STORM}`,
      'Synced 1',
    ]);
    expect(rig.server.writes.filter(({ user }) => user === 'events').length).to.be.at.most(10);
  });

  it('are few when a namespace refuses in ever new words, and hide no source that fails', async () => {
    for (let time = 0; time < STORM; time++) {
      await makeWrong(`example.com/type-${time}`);
      await makeRight();
    }
    // 25 at once and one every five minutes; those that it is resolved take their share.
    const conflicts = written().filter(event => event.startsWith('WrongSecretType'));
    expect(conflicts.length).to.be.within(25, 36);
    await removeSource();
    expect(written()).to.include('LastKnownGoodServed 1');
  });
});
