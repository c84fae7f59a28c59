// What a suspended RegistryCredential has where no Secret of ours says that it is its.

import { expect } from 'chai';
import { aCredential, aDockerConfigSecret, aNamespace } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

describe('the reference of a suspended RegistryCredential to a Secret that somebody else has put in its place', () => {
  let rig: OperatorRig;

  beforeEach(async () => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aCredential('team').withBasic('r.io', 'login'));
    await rig.start();
    edit({ suspend: true });
    await rig.settle();
    rig.server.delete('secrets', 'apps', 'regcred');
    rig.server.given(aDockerConfigSecret('regcred').in('apps').withLogin('x.io', 'u', 'theirs'));
    await rig.settle();
  });
  afterEach(() => rig.stop());

  const edit = (change: object): void => {
    rig.server.update('registrycredentials', 'team', object => {
      object.spec = { ...object.spec, ...change };
    });
  };

  it('stays, also over a restart', async () => {
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal(['x.io=theirs', ['regcred']]);
  });

  it('goes with the selection of its namespace, and not only at a restart', async () => {
    edit({ namespaceSelector: { matchLabels: { team: 'none' } } });
    await rig.settle();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal(['x.io=theirs', []]);
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
  });
});
