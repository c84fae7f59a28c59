// What the registries say to the logins, and that it is said once.

import { expect } from 'chai';
import { aNamespace, aSecret, OPERATOR_NAMESPACE } from '../testing/builders.ts';
import { accepted, away, rejected } from '../testing/scripted-registry.ts';
import { AUTHORITY_A } from '../testing/test-certificates.ts';
import { VerificationRig } from '../testing/verification-rig.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('the verification of logins', () => {
  let rig: VerificationRig;

  beforeEach(() => {
    rig = new VerificationRig();
  });
  afterEach(() => rig.stop());

  it('is off where the spec says so, and where it says nothing and the operator was started so', async () => {
    rig.given({ mode: 'Off' });
    await rig.start();
    expect([rig.registry.asked, rig.condition('Verified'), rig.line()]).to.deep.equal([
      [],
      undefined,
      undefined,
    ]);
    await rig.set({ verification: {} });
    expect(rig.registry.asked).to.deep.equal([]);
    await rig.stop();
    rig.defaultVerification = 'Report';
    await rig.start();
    expect(rig.registry.asked).to.deep.equal(['old']);
  });

  describe('by Report', () => {
    it('says what the registry says, and gives the login out meanwhile', async () => {
      rig.registry.says.old = 'nothing yet';
      rig.given({ mode: 'Report' });
      await rig.start();
      expect([rig.logins('apps'), rig.told('team')]).to.deep.equal(['r.io=old', 'True Synced 1/1']);
      expect([rig.condition('Verified'), rig.line()]).to.deep.equal([undefined, undefined]);
      rig.registry.answer('old', accepted);
      await rig.settle();
      expect(rig.condition('Verified')).to.equal(
        'True LoginAccepted: every login was taken by its registry when it was last tried',
      );
      expect(rig.line()).to.equal('True LoginAccepted');
    });

    it('tells of a login that is rejected by one Event, and of a good one after it', async () => {
      rig.registry.says.wrong = rejected;
      rig.given({ mode: 'Report' });
      await rig.start();
      const events = await rig.eventsDuring(() => rig.change('wrong'));
      expect(events).to.deep.equal([
        'LoginRejected of team: registries[0]: r.io rejects the login (401): correct it',
        'Synced of team: 1 of 1 selected namespaces have their login',
      ]);
      expect([rig.logins('apps'), rig.told('team')]).to.deep.equal(['r.io=wrong', 'True Synced 1/1']);
      expect(rig.condition('Verified')).to.match(/^False LoginRejected: registries\[0\]: r.io rejects/);
      expect(rig.condition('SourceFailing')).to.equal(undefined);
      expect(await rig.eventsDuring(() => rig.settle(3 * HOUR))).to.deep.equal([]);
      expect(await rig.eventsDuring(() => rig.change('new'))).to.deep.equal([
        'LoginsVerified of team: every login was taken by its registry when it was last tried',
        'Synced of team: 1 of 1 selected namespaces have their login',
      ]);
    });

    it('says by no Event and in one write that a registry cannot be asked, however often that is tried', async () => {
      rig.registry.says.old = away;
      rig.given({ mode: 'Report' });
      await rig.start();
      expect(rig.condition('Verified')).to.equal('Unknown Unreachable: registries[0]: could not reach r.io');
      expect(rig.log.filter(entry => /^(warn|error)/.test(entry))).to.deep.equal([]);
      const told = rig.events.length;
      expect(await rig.writesDuring(() => rig.settle(2 * DAY))).to.deep.equal([]);
      expect(rig.events.length).to.equal(told);
      // 1, 2, 4 … 32 minutes, then an hour each time.
      expect(rig.registry.asked).to.have.length(1 + 6 + 46);
    });

    it('takes nothing back when the registry cannot be asked later, and tells when a login is revoked', async () => {
      rig.given({ mode: 'Report' });
      await rig.start();
      rig.registry.says.old = away;
      expect(await rig.writesDuring(() => rig.settle(2 * DAY))).to.deep.equal([]);
      expect(rig.condition('Verified')).to.match(/^True /);
      rig.registry.says.old = rejected;
      await rig.settle(2 * DAY);
      expect(rig.condition('Verified')).to.match(/^False LoginRejected/);
      expect([rig.logins('apps'), rig.told('team')]).to.deep.equal(['r.io=old', 'True Synced 1/1']);
    });

    it('asks for a good login once a day', async () => {
      rig.given({ mode: 'Report' });
      await rig.start();
      await rig.settle(20 * HOUR);
      expect(rig.registry.asked).to.have.length(1);
      await rig.settle(2 * DAY);
      expect(rig.registry.asked).to.have.length(3);
    });
  });

  describe('with what the spec says of a registry', () => {
    const registry = { server: 'r.io', basic: { secretRef: { name: 'login' } } };

    it('tries again as soon as the CA is there, and by plain http as soon as that is said', async () => {
      rig.given({ mode: 'Report' });
      await rig.start();
      await rig.set({ registries: [{ ...registry, caSecretRef: { name: 'ca' } }] });
      expect(rig.reason()).to.equal('Unknown CAUnusable');
      rig.server.given(aSecret('ca').with('ca.crt', AUTHORITY_A.cert));
      await rig.settle();
      expect(rig.reason()).to.equal('True LoginAccepted');
      await rig.set({ registries: [{ ...registry, insecure: true }] });
      expect(rig.registry.asked).to.deep.equal(['old', 'old', 'old']);
    });

    it('keeps the last known good login when that changes, wherever it stands then', async () => {
      rig.given({ mode: 'Report' });
      await rig.start();
      rig.server.delete('secrets', OPERATOR_NAMESPACE, 'login');
      const other = { ...registry, server: 'other.io' };
      await rig.set({ registries: [other, { ...registry, insecure: true }] });
      rig.server.given(aNamespace('late').optedIn());
      await rig.settle();
      expect([rig.logins('apps'), rig.logins('late')]).to.deep.equal(['r.io=old', 'r.io=old']);
    });
  });

  describe('over a restart', () => {
    const said = {
      True: accepted,
      False: rejected,
      Unknown: away,
    };
    for (const mode of ['Report', 'Enforce'] as const) {
      for (const [status, verdict] of Object.entries(said)) {
        it(`asks once, and writes nothing where the answer is ${status} as before, by ${mode}`, async () => {
          rig.registry.says.new = verdict;
          rig.given({ mode });
          await rig.start();
          await rig.change('new');
          await rig.stop();
          const before = [rig.condition('Verified'), rig.line()];
          rig.registry.asked.length = 0;
          rig.registry.says.new = 'nothing yet';
          const writes = await rig.writesDuring(async () => {
            await rig.start();
            await rig.settle(20_000);
            rig.registry.answer('new', verdict);
            await rig.settle();
          });
          expect(writes).to.deep.equal([]);
          // What was rejected has time: controller-rejected.test.ts.
          expect(rig.registry.asked).to.deep.equal(status === 'False' ? [] : ['new']);
          expect([rig.condition('Verified'), rig.line()]).to.deep.equal(before);
        });
      }
    }

    it('says what is said now, and that it does not know it of a login that is new', async () => {
      rig.given({ mode: 'Report' });
      await rig.start();
      rig.registry.says.old = rejected;
      await rig.restart();
      expect(rig.condition('Verified')).to.match(/^False LoginRejected/);
      rig.registry.says.old = away;
      const writes = await rig.writesDuring(() => rig.restart());
      expect([writes, rig.reason()]).to.deep.equal([[], 'False LoginRejected']);
      await rig.stop();
      rig.newPassword('new');
      rig.registry.says.new = away;
      await rig.start();
      expect(rig.condition('Verified')).to.match(/^Unknown Unreachable/);
    });

    it('keeps a login back that came while no operator ran', async () => {
      rig.given({ mode: 'Enforce' });
      await rig.start();
      await rig.stop();
      rig.newPassword('wrong');
      rig.registry.says.wrong = rejected;
      await rig.start();
      expect([rig.logins('apps'), rig.told('team')]).to.deep.equal(['r.io=old', 'True Synced 1/1']);
    });
  });
});
