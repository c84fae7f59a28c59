// Under Enforce after a start: what is out already is tried again, and must not take the turns of what is new.

import { expect } from 'chai';
import { LoginChecks } from '../registry/login-checks.ts';
import { aBasicSecret, aCredential, aNamespace, OPERATOR_NAMESPACE } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { accepted, rejected } from '../testing/scripted-registry.ts';

const MINUTE = 60_000;
const names = Array.from({ length: 12 }, (_, index) => `team-${String(index).padStart(2, '0')}`);

describe('Enforce at a start, with more logins at one registry than it is asked in a minute', () => {
  it('holds a wrong login back that came while no operator ran', async () => {
    const rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn());
    // An answer takes 100 ms, as over a network.
    const check = async ({ password }: { password: string }) => {
      await new Promise<void>(resolve => rig.clock.setTimeout(() => resolve(), 100));
      return password === 'wrong' ? rejected : accepted;
    };
    const begin = async () => {
      const checks = new LoginChecks(check, rig.clock);
      rig.checkLogin = (login, options) => checks.verdict(login, options);
      await rig.start();
    };
    for (const name of names) {
      rig.server.given(aBasicSecret(name, name, 'good'));
      rig.server.given(aCredential(name).withBasic(`r.io/${name}`, name).verifying({ mode: 'Enforce' }));
    }
    await begin();
    await rig.settle(5 * MINUTE);
    await rig.stop();
    const last = names.at(-1) ?? '';
    rig.server.update('secrets', `${OPERATOR_NAMESPACE}/${last}`, secret => {
      secret.data = { ...secret.data, password: Buffer.from('wrong').toString('base64') };
    });
    await begin();
    await rig.settle(5 * MINUTE);
    expect(rig.logins('apps')).to.contain(`r.io/${last}=good`);
    await rig.stop();
  });
});
