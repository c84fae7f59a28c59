// Logins that a registry keeps rejecting: it is not asked again by each start of an operator, for it locks accounts; and
// that it is left alone lets no further wrong login out.

import { expect } from 'chai';
import { LoginChecks } from '../registry/login-checks.ts';
import { inconclusive } from '../registry/verdict.ts';
import { aBasicSecret, aCredential, OPERATOR_NAMESPACE } from '../testing/builders.ts';
import { accepted, rejected } from '../testing/scripted-registry.ts';
import { VerificationRig } from '../testing/verification-rig.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('a login that its registry rejects', () => {
  let rig: VerificationRig;

  beforeEach(() => {
    rig = new VerificationRig();
    rig.registry.says = { wrong: rejected, wronger: rejected, wrongest: rejected, worst: rejected };
  });
  afterEach(() => rig.stop());

  const asked = (password: string): number => rig.registry.asked.filter(one => one === password).length;

  describe('over a restart', () => {
    for (const mode of ['Report', 'Enforce'] as const)
      it(`is not asked for again at once, by ${mode}, and a corrected one is`, async () => {
        rig.given({ mode });
        await rig.start();
        await rig.change('wrong');
        const before = [rig.logins('apps'), rig.condition('Verified'), rig.condition('SourceFailing')];
        for (let start = 0; start < 5; start++) {
          const writes = await rig.writesDuring(() => rig.restart());
          expect(writes).to.deep.equal([]);
          await rig.settle(2 * MINUTE);
        }
        expect([rig.logins('apps'), rig.condition('Verified'), rig.condition('SourceFailing')]).to.deep.equal(
          before,
        );
        expect(asked('wrong')).to.equal(1);
        await rig.settle(15 * MINUTE);
        expect(asked('wrong')).to.equal(2);
        await rig.stop();
        rig.newPassword('good');
        await rig.start();
        expect([rig.logins('apps'), rig.reason()]).to.deep.equal(['r.io=good', 'True LoginAccepted']);
        expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
      });

    it('is not asked for again either where there was none before', async () => {
      rig.newPassword('wrong');
      rig.given({ mode: 'Enforce' });
      await rig.start();
      const before = [rig.told('team'), rig.condition('Verified')];
      for (let start = 0; start < 5; start++)
        expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
      expect([rig.told('team'), rig.condition('Verified')]).to.deep.equal(before);
      expect([rig.logins('apps'), asked('wrong')]).to.deep.equal([undefined, 1]);
      rig.registry.says.wrong = accepted;
      await rig.settle(15 * MINUTE);
      expect(rig.logins('apps')).to.equal('r.io=wrong');
    });

    it('is not asked for again when it is suspended meanwhile', async () => {
      rig.given({ mode: 'Enforce' });
      await rig.start();
      await rig.change('wrong');
      await rig.set({ suspend: true });
      await rig.restart();
      await rig.set({ suspend: false });
      expect([rig.logins('apps'), asked('wrong'), rig.reason()]).to.deep.equal([
        'r.io=old',
        1,
        'False LoginRejected',
      ]);
    });
  });

  describe('under Enforce, and its registry is left alone', () => {
    beforeEach(async () => {
      const checks = new LoginChecks(rig.registry.check, rig.clock);
      rig.checkLogin = (login, options) => checks.verdict(login, options);
      rig.given({ mode: 'Enforce' });
      await rig.start();
    });

    it('is followed by no other wrong one of that user, and a good one waits until it may be asked for', async () => {
      for (const password of ['wrong', 'wronger', 'wrongest', 'worst']) await rig.change(password);
      await rig.settle(5 * MINUTE);
      expect([rig.logins('apps'), rig.reason()]).to.deep.equal(['r.io=old', 'Unknown HeldBack']);
      expect(rig.condition('SourceFailing')).to.match(
        /^True LastKnownGoodServed: .* rejected logins of this account/,
      );
      await rig.change('good');
      expect([rig.logins('apps'), rig.registry.asked]).to.deep.equal([
        'r.io=old',
        ['old', 'wrong', 'wronger', 'wrongest'],
      ]);
      await rig.settle(6 * MINUTE);
      expect([rig.logins('apps'), rig.condition('SourceFailing')]).to.deep.equal(['r.io=good', undefined]);
    });

    it('is followed by none of that user while others always have the turn before it', async () => {
      const later = inconclusive('HeldBack', 'asked often enough', 30 * SECOND);
      rig.checkLogin = async ({ password }) => ({ ...later, isSuspect: password === 'wronger' });
      await rig.change('wronger');
      await rig.settle(5 * MINUTE);
      expect([rig.logins('apps'), rig.reason('SourceFailing')]).to.deep.equal([
        'r.io=old',
        'True LastKnownGoodServed',
      ]);
      await rig.change('of somebody who was never rejected');
      await rig.settle(9 * MINUTE);
      expect(rig.logins('apps')).to.equal('r.io=old');
      await rig.settle(2 * MINUTE);
      expect(rig.logins('apps')).to.equal('r.io=of somebody who was never rejected');
    });

    it('keeps none back for a server that has none yet', async () => {
      for (const password of ['wrong', 'wronger', 'wrongest']) await rig.change(password);
      rig.server.given(aBasicSecret('other', 'robot', 'good'));
      rig.server.given(aCredential('other').withBasic('r.io/team', 'other').verifying({ mode: 'Enforce' }));
      await rig.settle(5 * SECOND);
      expect(rig.logins('apps')).to.equal('r.io=old r.io/team=good');
    });

    it('holds up nobody else', async () => {
      for (const password of ['wrong', 'wronger', 'wrongest']) await rig.change(password);
      rig.server.update('secrets', `${OPERATOR_NAMESPACE}/login`, secret => {
        secret.data = aBasicSecret('login', 'somebody-else', 'good').data;
      });
      await rig.settle();
      expect(rig.logins('apps')).to.equal('r.io=good');
    });
  });
});
