// Somebody sets the clock of the node, or NTP does: nothing waits for the time to come round again.

import { expect } from 'chai';
import { aCredential, aNamespace } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

const HOUR = 3_600_000;

for (const [name, jump] of Object.entries({ back: -HOUR, forward: HOUR })) {
  describe(`a clock that is set ${name} by an hour`, () => {
    let rig: OperatorRig;

    beforeEach(async () => {
      rig = new OperatorRig();
      rig.server.given(aNamespace('apps').optedIn(), aCredential('team').withBasic('r.io', 'login'));
      await rig.start();
      rig.clock.set(jump);
    });
    afterEach(() => rig.stop());

    it('delays no repair', async () => {
      rig.server.delete('secrets', 'apps', 'regcred');
      await rig.settle();
      expect(rig.logins('apps')).to.equal('r.io=old');
    });

    it('delays no status', async () => {
      rig.server.given(aNamespace('web').optedIn());
      await rig.settle();
      expect(rig.told('team')).to.equal('True Synced 2/2');
    });
  });
}
