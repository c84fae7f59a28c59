// What a replica does before it leads, while it leads, and after another one took over.

import { expect } from 'chai';
import { aCredential, aNamespace } from '../testing/builders.ts';
import { settle } from '../testing/fake-clock.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

const team = () => aCredential('team').withBasic('r.io', 'login');

describe('a replica', () => {
  let rig: OperatorRig;

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), team());
  });
  afterEach(() => rig.stop());

  it('that does not lead follows the cluster, is ready, and writes nothing', async () => {
    const writes = await rig.writesDuring(async () => {
      await rig.startStandby();
      rig.server.given(aNamespace('web').optedIn());
      rig.newPassword('new');
      await rig.settle();
    });
    expect(writes).to.deep.equal([]);
    expect(rig.controller.unready()).to.deep.equal([]);
  });

  it('that comes to lead serves what is there, without listing it again', async () => {
    await rig.startStandby();
    rig.server.given(aNamespace('web').optedIn());
    await rig.settle();
    const before = rig.server.requests.length;
    rig.controller.lead();
    await rig.settle();
    expect([rig.logins('apps'), rig.logins('web')]).to.deep.equal(['r.io=old', 'r.io=old']);
    expect(rig.told('team')).to.equal('True Synced 2/2');
    const reads = rig.server.requests.slice(before).filter(({ method }) => method === 'GET');
    expect(reads).to.deep.equal([]);
  });

  it('that comes to lead hears others between one RegistryCredential and the next', async () => {
    rig.server.given(aCredential('web').withBasic('w.io', 'login'));
    await rig.startStandby();
    const isMarked = () =>
      rig.server.list('registrycredentials').map(({ metadata }) => (metadata.finalizers ?? []).length);
    rig.controller.lead();
    await settle();
    expect(isMarked()).to.deep.equal([1, 0]);
    await rig.clock.advance(0);
    expect(isMarked()).to.deep.equal([1, 1]);
  });

  it('that leads before it knows the cluster waits until it does', async () => {
    let list = (): void => undefined;
    const isListed = new Promise<void>(resolve => (list = resolve));
    rig.server.beforeWatch = ({ path }) => (path.endsWith('/serviceaccounts') ? isListed : undefined);
    const writes = await rig.writesDuring(() => rig.start());
    expect(rig.controller.unready()).to.deep.equal(['serviceaccounts: not listed yet']);
    expect(writes).to.deep.equal([]);
    list();
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=old');
    expect(rig.pullSecrets('apps')).to.deep.equal(['regcred']);
  });

  it('that leads no more writes nothing, whatever happens', async () => {
    await rig.start();
    rig.controller.standBy();
    const writes = await rig.writesDuring(async () => {
      rig.server.given(aNamespace('web').optedIn());
      rig.server.delete('secrets', 'apps', 'regcred');
      rig.newPassword('new');
      await rig.settle(60_000);
    });
    expect(writes).to.deep.equal([]);
  });

  it('that leads again does what came about meanwhile, and nothing that is done already', async () => {
    await rig.start();
    rig.controller.standBy();
    rig.server.given(aNamespace('web').optedIn());
    await rig.settle();
    const writes = await rig.writesDuring(async () => {
      rig.controller.lead();
      await rig.settle();
    });
    expect(writes.filter(write => write.includes('/apps/'))).to.deep.equal([]);
    expect(rig.logins('web')).to.equal('r.io=old');
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('that leads again at once lets what is under way end first', async () => {
    await rig.start();
    let answer = (): void => undefined;
    rig.server.after = ({ method, path }) =>
      method === 'PATCH' && path.includes('/web/')
        ? new Promise<void>(resolve => (answer = resolve))
        : undefined;
    rig.server.given(aNamespace('web').optedIn(), aNamespace('late').optedIn());
    await rig.settle(1_000);
    const writes = await rig.writesDuring(async () => {
      rig.controller.standBy();
      rig.controller.lead();
      rig.server.delete('secrets', 'apps', 'regcred');
      await rig.settle(5_000);
    });
    expect(writes, 'while the answer is awaited').to.deep.equal([]);
    rig.server.after = undefined;
    answer();
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=old');
  });

  it('that is to stop begins nothing, though the Lease comes to it in that moment', async () => {
    await rig.startStandby();
    const { controller } = rig;
    const writes = await rig.writesDuring(async () => {
      const stopped = controller.stop();
      controller.lead();
      await stopped;
      await rig.settle();
    });
    expect(writes).to.deep.equal([]);
  });

  it('is told once to lead however often it is said', async () => {
    await rig.start();
    rig.controller.standBy();
    rig.controller.lead();
    rig.controller.standBy();
    rig.controller.lead();
    rig.controller.lead();
    await rig.settle();
    rig.server.given(aNamespace('web').optedIn());
    const writes = await rig.writesDuring(() => rig.settle());
    expect(writes.filter(write => write.endsWith('/web/secrets/regcred'))).to.have.length(1);
  });
});
