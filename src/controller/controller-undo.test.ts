// The loop on its way out: undo is exact, in order, and sure to come to its end.

import { expect } from 'chai';
import { ApiError } from '../kube/errors.ts';
import { aBasicSecret, aCredential, aNamespace, aServiceAccount } from '../testing/builders.ts';
import { settle } from '../testing/fake-clock.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { keptSecretName } from './kept-secret.ts';

const team = () => aCredential('team').withBasic('r.io', 'login');

describe('the operator that undoes', () => {
  let rig: OperatorRig;

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(
      aNamespace('apps').optedIn(),
      aServiceAccount('apps', 'ci').pullingWith('mine', 'regcred'),
    );
  });
  afterEach(() => rig.stop());

  const setSpec = (change: object): void => {
    rig.server.update('registrycredentials', 'team', object => {
      object.spec = { ...object.spec, ...change };
    });
  };
  const letGo = (finalizer: string): void => {
    rig.server.update('registrycredentials', 'team', ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter(one => one !== finalizer);
    });
  };
  const world = () => [rig.logins('apps'), rig.pullSecrets('apps'), rig.pullSecrets('apps', 'ci')];
  const credential = () => rig.server.get('registrycredentials', 'team');

  it('takes references away before their Secret, and lets the RegistryCredential go last', async () => {
    rig.server.given(team());
    await rig.start();
    const writes = await rig.writesDuring(async () => {
      rig.server.delete('registrycredentials', 'team');
      await rig.settle();
    });
    expect(writes.filter(write => !write.endsWith('/status'))).to.deep.equal([
      'PATCH /api/v1/namespaces/apps/serviceaccounts/default',
      'DELETE /api/v1/namespaces/apps/secrets/regcred',
      'PATCH /apis/regcred.dev/v1alpha1/registrycredentials/team',
      `DELETE /api/v1/namespaces/regcred-system/secrets/${keptSecretName('team')}`,
    ]);
    expect(world()).to.deep.equal([undefined, [], ['mine', 'regcred']]);
    expect(credential()).to.equal(undefined);
  });

  it('learns of a deletion from the answer to its own status, when that comes before the watch', async () => {
    rig.server.given(team());
    const { request, watch } = rig.client;
    let isHeld = false;
    rig.client = {
      request,
      async *watch(wanted) {
        for await (const event of watch(wanted)) {
          while (isHeld) await settle();
          yield event;
        }
      },
    };
    rig.server.before = ({ path }) => {
      if (!path.endsWith('/status')) return;
      rig.server.before = undefined;
      isHeld = true;
      rig.server.delete('registrycredentials', 'team');
    };
    await rig.start();
    isHeld = false;
    await rig.settle();
    expect([...world(), credential()]).to.deep.equal([undefined, [], ['mine', 'regcred'], undefined]);
  });

  it('keeps the Secret as long as a reference cannot be taken away', async () => {
    rig.server.given(team());
    await rig.start();
    rig.server.before = ({ path, method }) => {
      if (method === 'PATCH' && path.includes('/serviceaccounts/'))
        throw new ApiError(422, 'Invalid', 'denied');
    };
    rig.server.delete('registrycredentials', 'team');
    await rig.settle(10_000);
    expect(world()).to.deep.equal(['r.io=old', ['regcred'], ['mine', 'regcred']]);
    expect(credential()?.metadata.finalizers).to.deep.equal(['regcred.dev/undo']);
    expect(rig.told('team'), 'status says where').to.equal('False Deleting 0/1');
    rig.server.before = undefined;
    await rig.settle(40_000);
    expect([rig.logins('apps'), credential()]).to.deep.equal([undefined, undefined]);
  });

  it('goes on after a restart in the middle of it', async () => {
    rig.server.given(team());
    await rig.start();
    await rig.stop();
    rig.server.delete('registrycredentials', 'team');
    await rig.start();
    expect([...world(), credential()]).to.deep.equal([undefined, [], ['mine', 'regcred'], undefined]);
  });

  it('does not wait for a namespace that goes at the same time', async () => {
    rig.server.given(team());
    rig.server.controllers.holdTermination = true;
    await rig.start();
    rig.server.delete('namespaces', 'apps');
    rig.server.delete('registrycredentials', 'team');
    await rig.settle();
    expect(credential()).to.equal(undefined);
  });

  it('leaves Secret and references as they are with Orphan, without our marks', async () => {
    rig.server.given(team().orphaning());
    await rig.start();
    rig.server.delete('registrycredentials', 'team');
    await rig.settle();
    expect(world()).to.deep.equal(['r.io=old', ['regcred'], ['mine', 'regcred']]);
    for (const object of [
      rig.server.get('secrets', 'apps', 'regcred'),
      rig.server.get('serviceaccounts', 'apps', 'default'),
    ])
      expect([object?.metadata.labels, object?.metadata.annotations]).to.deep.equal([undefined, undefined]);
    expect(credential()).to.equal(undefined);
  });

  it('takes a part out beside one that was new at the start and never had all of its logins', async () => {
    rig.server.given(team(), aCredential('zone').withBasic('z.io', 'login').withDockerConfig('missing'));
    await rig.start();
    expect(rig.logins('apps')).to.equal('r.io=old z.io=old');
    rig.server.delete('registrycredentials', 'team');
    await rig.settle();
    expect(rig.logins('apps')).to.equal('z.io=old');
  });

  it('undoes what was deleted while it was suspended', async () => {
    rig.server.given(team());
    await rig.start();
    setSpec({ suspend: true });
    await rig.settle();
    expect([rig.told('team'), rig.logins('apps')]).to.deep.equal(['Unknown Suspended 1/1', 'r.io=old']);
    rig.server.delete('registrycredentials', 'team');
    await rig.settle();
    expect([...world(), credential()]).to.deep.equal([undefined, [], ['mine', 'regcred'], undefined]);
  });

  it('catches up with what changed while it was suspended', async () => {
    rig.server.given(team());
    await rig.start();
    setSpec({ suspend: true });
    await rig.settle();
    rig.newPassword('new');
    rig.server.given(aNamespace('late').optedIn());
    await rig.settle();
    expect([rig.logins('apps'), rig.logins('late')]).to.deep.equal(['r.io=old', undefined]);
    setSpec({ suspend: false });
    await rig.settle();
    expect([rig.logins('apps'), rig.logins('late')]).to.deep.equal(['r.io=new', 'r.io=new']);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('moves everything to another secretName', async () => {
    rig.server.given(team());
    await rig.start();
    setSpec({ secretName: 'team-login' });
    await rig.settle();
    expect([rig.logins('apps'), rig.logins('apps', 'team-login')]).to.deep.equal([undefined, 'r.io=old']);
    expect(rig.pullSecrets('apps')).to.deep.equal(['team-login']);
  });

  it('undoes what it cannot obey, and says so', async () => {
    rig.server.given(team());
    await rig.start();
    setSpec({ secretName: 'unheard-of' });
    await rig.settle();
    expect(world()).to.deep.equal([undefined, [], ['mine', 'regcred']]);
    expect(rig.told('team')).to.equal('False SecretNameNotServed 0/0');
  });

  it('says that it is undone while only the finalizer of somebody else keeps it, over a restart without a write', async () => {
    rig.server.given(team().withBasic('z.io', 'missing').finalizedBy('a.example/hold', 'b.example/hold'));
    await rig.start();
    rig.server.delete('registrycredentials', 'team');
    await rig.settle();
    expect(world()).to.deep.equal([undefined, [], ['mine', 'regcred']]);
    expect(credential()?.metadata.finalizers).to.deep.equal(['a.example/hold', 'b.example/hold']);
    const message = () => credential()?.status?.conditions.find(({ type }) => type === 'Ready')?.message;
    const undone = /is undone; only finalizers of others keep the object: /;
    expect(message())
      .to.match(undone)
      .and.match(/: a\.example\/hold, b\.example\/hold$/);
    letGo('a.example/hold');
    await rig.settle();
    expect(message())
      .to.match(undone)
      .and.match(/: b\.example\/hold$/);
    await rig.stop();
    expect(await rig.writesDuring(() => rig.start())).to.deep.equal([]);
    expect(message(), 'after the restart').to.match(undone);
    letGo('b.example/hold');
    await rig.settle();
    expect(credential()).to.equal(undefined);
  });

  it('takes only its part out of a Secret that another one feeds', async () => {
    rig.server.given(aBasicSecret('second', 'robot', 'two'));
    rig.server.given(team(), aCredential('zone').withBasic('z.io', 'second').withBasic('r.io', 'second'));
    await rig.start();
    const uid = rig.server.get('secrets', 'apps', 'regcred')?.metadata.uid;
    expect(rig.logins('apps')).to.equal('r.io=old z.io=two');
    const { registries = [] } = rig.server.get('registrycredentials', 'zone')?.status ?? {};
    expect(registries[1]?.message).to.include('RegistryCredential team');
    rig.server.delete('registrycredentials', 'team');
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=two z.io=two');
    expect(rig.server.get('secrets', 'apps', 'regcred')?.metadata.uid).to.equal(uid);
    expect(rig.server.get('registrycredentials', 'zone')?.status?.registries[1]).not.to.have.property(
      'message',
    );
  });

  it('serves a successor of the same name that comes at once', async () => {
    rig.server.given(team());
    await rig.start();
    rig.server.delete('registrycredentials', 'team');
    rig.server.after = ({ path, method }) => {
      const isGone = rig.server.get('registrycredentials', 'team') === undefined;
      if (method === 'PATCH' && path.endsWith('/team') && isGone) rig.server.given(team());
    };
    await rig.settle();
    expect(world()).to.deep.equal(['r.io=old', ['regcred'], ['mine', 'regcred']]);
    expect(rig.told('team')).to.equal('True Synced 1/1');
  });
});
