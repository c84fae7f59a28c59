// What is kept of the logins of a RegistryCredential lives as long as that does, and no longer.

import { expect } from 'chai';
import { ApiError } from '../kube/errors.ts';
import { aCredential, aDockerConfigSecret, aNamespace, OPERATOR_NAMESPACE } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

describe('the logins that are kept, and the end of their RegistryCredential', () => {
  let rig: OperatorRig;

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aCredential('team').withBasic('r.io', 'login'));
  });
  afterEach(() => rig.stop());

  it('go with it, and not before the undo is through', async () => {
    await rig.start();
    rig.server.before = ({ path, method }) => {
      if (method === 'DELETE' && path.endsWith('/apps/secrets/regcred')) throw new ApiError(500, 'no', 'no');
    };
    rig.server.delete('registrycredentials', 'team');
    await rig.settle();
    expect(rig.kept()).to.have.length(1);
    rig.server.before = undefined;
    await rig.settle(40_000);
    expect([rig.kept(), rig.server.get('registrycredentials', 'team')]).to.deep.equal([[], undefined]);
  });

  // A docker config could have had any server in it: only what is known of the other tells whose login is whose.
  for (const [orphan, deleted] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const)
    it(`let one go without its login where another is orphaned, both while no operator ran (${orphan} stays)`, async () => {
      rig.server.delete('registrycredentials', 'team');
      rig.server.given(
        aDockerConfigSecret('mine').withLogin('o.io', 'robot', 'mine'),
        aCredential(orphan).withDockerConfig('mine').orphaning(),
        aCredential(deleted).withBasic('d.io', 'login'),
      );
      await rig.start();
      expect(rig.logins('apps')).to.equal('d.io=old o.io=mine');
      await rig.stop();
      for (const name of [orphan, deleted]) rig.server.delete('registrycredentials', name);
      await rig.start();
      expect(rig.logins('apps')).to.equal('o.io=mine');
      expect(rig.server.list('registrycredentials')).to.deep.equal([]);
      expect(rig.server.get('secrets', 'apps', 'regcred')?.metadata.labels).to.equal(undefined);
    });

  const vanish = (): void => {
    rig.server.delete('registrycredentials', 'team');
    rig.server.update('registrycredentials', 'team', ({ metadata }) => {
      metadata.finalizers = [];
    });
  };

  it('go also when it went while no operator ran', async () => {
    await rig.start();
    await rig.stop();
    vanish();
    await rig.start();
    expect(rig.kept()).to.deep.equal([]);
  });

  it('go also when it went between two terms of a replica', async () => {
    await rig.start();
    rig.controller.standBy();
    vanish();
    await rig.settle();
    expect(rig.kept()).to.have.length(1);
    rig.controller.lead();
    await rig.settle();
    expect(rig.kept()).to.deep.equal([]);
  });

  it('are not those of a successor of the same name', async () => {
    await rig.start();
    await rig.stop();
    vanish();
    rig.server.delete('secrets', OPERATOR_NAMESPACE, 'login');
    rig.server.create('registrycredentials', aCredential('team').withBasic('r.io', 'login'));
    rig.server.given(aNamespace('late').optedIn());
    await rig.start();
    expect([rig.logins('late'), rig.kept()]).to.deep.equal([undefined, []]);
  });

  it('stay while it is stalled or suspended', async () => {
    await rig.start();
    for (const change of [{ secretName: 'unknown' }, { secretName: 'regcred', suspend: true }]) {
      rig.server.update('registrycredentials', 'team', object => {
        object.spec = { ...object.spec, ...change };
      });
      await rig.restart();
      expect(rig.kept()).to.have.length(1);
    }
  });
});
