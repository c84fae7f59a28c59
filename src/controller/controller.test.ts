// The loop from end to end: what the cluster looks like once the operator had time
// to look at it, whatever it was that happened.

import { expect } from 'chai';
import { TransportError } from '../kube/errors.ts';
import { aCredential, aDockerConfigSecret, aNamespace, aServiceAccount } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

const team = () => aCredential('team').withBasic('r.io', 'login');

describe('the operator', () => {
  let rig: OperatorRig;

  beforeEach(async () => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aNamespace('web').optedIn(), aNamespace('other'), team());
    await rig.start();
  });
  afterEach(() => rig.stop());

  it('serves the namespaces that opted in, and no other', () => {
    for (const namespace of ['apps', 'web']) {
      expect(rig.logins(namespace)).to.equal('r.io=old');
      expect(rig.pullSecrets(namespace)).to.deep.equal(['regcred']);
    }
    expect([rig.logins('other'), rig.pullSecrets('other')]).to.deep.equal([undefined, []]);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('makes three writes for a namespace', async () => {
    const writes = await rig.writesDuring(async () => {
      rig.server.given(aNamespace('fresh').optedIn());
      await rig.settle(100);
    });
    expect(writes.sort()).to.deep.equal([
      'PATCH /api/v1/namespaces/fresh/secrets/regcred',
      'PATCH /api/v1/namespaces/fresh/serviceaccounts/default',
      // Whose its list is (docs/adr/0009).
      'PATCH /api/v1/namespaces/fresh/serviceaccounts/default',
    ]);
  });

  it('serves a new ServiceAccount', async () => {
    rig.server.given(aServiceAccount('apps', 'ci').pullingWith('mine'));
    await rig.settle();
    expect(rig.pullSecrets('apps', 'ci')).to.deep.equal(['mine', 'regcred']);
  });

  it('rolls a new password out into the same Secrets', async () => {
    const uid = rig.server.get('secrets', 'apps', 'regcred')?.metadata.uid;
    rig.newPassword('new');
    await rig.settle();
    expect([rig.logins('apps'), rig.logins('web')]).to.deep.equal(['r.io=new', 'r.io=new']);
    expect(rig.server.get('secrets', 'apps', 'regcred')?.metadata.uid).to.equal(uid);
  });

  it('says that a new password is on its way, also when the first write takes its time', async () => {
    const second = () => new Promise<void>(resolve => void rig.clock.setTimeout(resolve, 1_000));
    rig.server.before = ({ path }) => (path.endsWith('/secrets/regcred') ? second() : undefined);
    const last = aNamespace('zoo').optedIn();
    rig.server.given(...['a', 'b', 'c', 'd', 'e', 'f'].map(name => aNamespace(name).optedIn()), last);
    await rig.settle(5_000);
    rig.newPassword('new');
    await rig.settle(1_500);
    expect(rig.told('team')).to.equal('False Progressing 9/9');
    await rig.settle(5_000);
    expect(rig.told('team')).to.equal('True Synced 9/9');
    rig.server.before = undefined;
  });

  it('repairs what drifts', async () => {
    rig.server.update('secrets', 'apps/regcred', secret => {
      secret.data = { '.dockerconfigjson': Buffer.from('{}').toString('base64') };
    });
    rig.server.delete('secrets', 'web', 'regcred');
    rig.server.update('serviceaccounts', 'web/default', account => {
      account.imagePullSecrets = [{ name: 'mine' }];
    });
    await rig.settle();
    expect([rig.logins('apps'), rig.logins('web')]).to.deep.equal(['r.io=old', 'r.io=old']);
    expect(rig.pullSecrets('web')).to.deep.equal(['mine', 'regcred']);
  });

  it('takes everything back where the label is taken off', async () => {
    rig.server.label('namespaces', 'apps', { 'regcred.dev/sync': null });
    await rig.settle();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal([undefined, []]);
    expect(rig.server.get('serviceaccounts', 'apps', 'default')?.metadata.annotations).to.equal(undefined);
    expect(rig.told('team')).to.equal('True Synced 1/1');
  });

  it('writes nothing when there is nothing to do', async () => {
    const writes = await rig.writesDuring(async () => {
      rig.server.label('namespaces', 'apps', { team: 'a' });
      rig.server.annotate('serviceaccounts', 'apps/default', { note: 'x' });
      rig.server.endWatches();
      await rig.settle(120_000);
      rig.server.compact();
      rig.server.endWatches();
      await rig.settle(120_000);
    });
    expect(writes).to.deep.equal([]);
  });

  it('writes nothing at a restart', async () => {
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('cleans up at a start what nobody wants any more', async () => {
    await rig.stop();
    rig.server.update('registrycredentials', 'team', object => {
      delete object.metadata.finalizers;
    });
    rig.server.delete('registrycredentials', 'team');
    await rig.start();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal([undefined, []]);
  });

  it('forgets a namespace that refused once it is not selected any more', async () => {
    // So it carries no mark of ours.
    rig.server.given(aNamespace('late').labelled({ 'regcred.dev/sync': 'true', team: 'b' }));
    rig.server.given(aDockerConfigSecret('regcred').in('late').withLogin('x.io', 'u', 'p'));
    await rig.settle();
    expect(rig.told('team')).to.equal('True Synced 2/3');
    rig.server.update('registrycredentials', 'team', object => {
      object.spec.namespaceSelector = { matchLabels: { team: 'none' } };
    });
    await rig.settle();
    expect(rig.told('team')).to.equal('True NoNamespaceSelected 0/0');
  });

  it('is ready when everything was listed, and not before', async () => {
    await rig.stop();
    rig.server.beforeWatch = ({ path }) => {
      if (path.endsWith('/namespaces')) throw new TransportError('down');
    };
    await rig.start();
    expect(rig.controller.unready().map(text => text.split(':')[0])).to.deep.equal(['namespaces']);
    rig.server.beforeWatch = undefined;
    await rig.settle(60_000);
    expect(rig.controller.unready()).to.deep.equal([]);
  });
});
