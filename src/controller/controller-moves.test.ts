// A namespace that goes from one RegistryCredential to another, as one `kubectl apply` of a file does
// it: the login that both give stays where it is.

import { expect } from 'chai';
import { ApiError } from '../kube/errors.ts';
import { sleep } from '../kube/sleep.ts';
import { aCredential, aNamespace } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

describe('a namespace that moves from one RegistryCredential to another', () => {
  let rig: OperatorRig;

  beforeEach(async () => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aCredential('old').withBasic('r.io', 'login'));
    await rig.start();
  });
  afterEach(() => rig.stop());

  const uid = () => rig.server.get('secrets', 'apps', 'regcred')?.metadata.uid;
  const leave = (): void => {
    rig.server.update('registrycredentials', 'old', ({ spec }) => {
      spec.namespaceSelector = { matchLabels: { team: 'none' } };
    });
  };
  const LEAVING = { leaves: leave, 'is deleted': () => rig.server.delete('registrycredentials', 'old') };

  for (const [how, goes] of Object.entries(LEAVING))
    it(`keeps Secret and references when the old one ${how} and the new one is seen, but not ready`, async () => {
      const before = uid();
      // Long enough for the namespace to be looked at in between.
      rig.server.before = ({ method, path }) =>
        method === 'PATCH' && path.endsWith('/new') ? sleep(100, rig.clock) : undefined;
      const writes = await rig.writesDuring(async () => {
        rig.server.create('registrycredentials', aCredential('new').withBasic('r.io', 'login'));
        goes();
        await rig.settle();
      });
      expect(before).not.to.equal(undefined);
      expect(uid()).to.equal(before);
      expect(writes.filter(write => /serviceaccounts|DELETE .*\/apps\//.test(write))).to.deep.equal([]);
      expect(rig.told('new')).to.equal('True Synced 1/1');
      expect(rig.server.get('secrets', 'apps', 'regcred')?.metadata.annotations).to.include({
        'regcred.dev/credentials': 'new',
      });
    });

  it('keeps them too when the new one was there without a login, and is changed as the old one goes', async () => {
    rig.server.create('registrycredentials', aCredential('new').withDockerConfig('missing'));
    await rig.settle();
    const before = [uid(), rig.told('new')];
    expect(before[1]).to.equal('False SourceFailed 0/1');
    const writes = await rig.writesDuring(async () => {
      rig.server.update('registrycredentials', 'new', ({ spec }) => {
        spec.registries = aCredential('new').withBasic('r.io', 'login').spec.registries;
      });
      rig.server.delete('registrycredentials', 'old');
      await rig.settle();
    });
    expect([uid(), rig.told('new')]).to.deep.equal([before[0], 'True Synced 1/1']);
    expect(writes.filter(write => /serviceaccounts|DELETE .*\/apps\//.test(write))).to.deep.equal([]);
  });

  it('does not wait for ever for one that cannot be made ready', async () => {
    rig.server.before = ({ method, path }) => {
      if (method === 'PATCH' && path.endsWith('/new')) throw new ApiError(403, 'Forbidden', 'no');
    };
    rig.server.create('registrycredentials', aCredential('new').withBasic('r.io', 'login'));
    leave();
    await rig.settle(10_000);
    expect([uid(), rig.pullSecrets('apps')]).to.deep.equal([undefined, []]);
  });
});
