// The undo of one RegistryCredential, while the login of another in the same Secret is not known any more: rule 5
// keeps the Secret as it is, so the undo is not over, and status says what it waits for.

import { expect } from 'chai';
import { aBasicSecret, aCredential, aNamespace, OPERATOR_NAMESPACE } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { rejected } from '../testing/scripted-registry.ts';

describe('an undo that waits for the source of another RegistryCredential', () => {
  let rig: OperatorRig;

  beforeEach(async () => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aBasicSecret('other', 'bot', 'first'));
    rig.server.given(aCredential('a-first').withBasic('r.io', 'other'));
    rig.server.given(aCredential('b-second').withBasic('s.io', 'login'));
    await rig.start();
  });
  afterEach(() => rig.stop());

  const isThere = (): boolean => rig.server.get('registrycredentials', 'a-first') !== undefined;
  const status = () => rig.server.get('registrycredentials', 'a-first')?.status;
  const mend = (): void => rig.server.given(aBasicSecret('login', 'robot', 'new'));
  const setSpec = (change: object): void => {
    rig.server.update('registrycredentials', 'b-second', object => {
      object.spec = { ...object.spec, ...change };
    });
  };
  /** The source of b-second fails from before a restart on. */
  async function deletedAfterRestart(before = async (): Promise<void> => undefined): Promise<void> {
    rig.server.delete('secrets', OPERATOR_NAMESPACE, 'login');
    await rig.settle();
    await rig.restartWithoutKept();
    await before();
    rig.server.delete('registrycredentials', 'a-first');
    await rig.settle(60_000);
  }

  it('is not over while its login stays, and says where and for whose sake', async () => {
    await deletedAfterRestart();
    expect(rig.logins('apps')).to.equal('r.io=first s.io=old');
    expect(isThere()).to.equal(true);
    expect(rig.events.map(({ reason }) => reason)).to.not.include('Undone');
    expect(status()?.failures.map(({ namespace, reason }) => `${namespace} ${reason}`)).to.deep.equal([
      'apps SourceFailed',
    ]);
    const ready = status()?.conditions.find(({ type }) => type === 'Ready');
    expect(ready).to.include({ status: 'False', reason: 'Deleting' });
    expect(ready?.message).to.match(/apps: Secret apps\/regcred .* of RegistryCredential b-second: mend/);
  });

  it('asks no registry meanwhile', async () => {
    const asked: string[] = [];
    rig.checkLogin = async ({ server }) => {
      asked.push(server);
      return rejected;
    };
    rig.defaultVerification = 'Report';
    await deletedAfterRestart();
    expect(asked.splice(0)).to.contain('r.io');
    await rig.settle(12 * 60_000);
    expect(isThere()).to.equal(true);
    expect(asked).to.deep.equal([]);
  });

  it('is over as soon as that source is mended', async () => {
    await deletedAfterRestart();
    mend();
    await rig.settle(1_000);
    expect(rig.logins('apps')).to.equal('s.io=new');
    expect(isThere()).to.equal(false);
    expect(rig.events.filter(({ reason }) => reason === 'Undone')).to.have.length(1);
  });

  it('is over as soon as the other one is deleted too', async () => {
    await deletedAfterRestart();
    rig.server.delete('registrycredentials', 'b-second');
    await rig.settle(1_000);
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal([undefined, []]);
    expect(rig.server.snapshot('registrycredentials')).to.deep.equal([]);
  });

  it('is over as soon as somebody deletes the Secret', async () => {
    await deletedAfterRestart();
    rig.server.delete('secrets', 'apps', 'regcred');
    await rig.settle(1_000);
    expect(isThere()).to.equal(false);
  });

  it('writes nothing while it waits, nor at another restart', async () => {
    await deletedAfterRestart();
    const writes = await rig.writesDuring(async () => {
      await rig.settle(60_000);
      await rig.restart();
      await rig.settle(60_000);
    });
    expect(writes).to.deep.equal([]);
    expect(isThere()).to.equal(true);
  });

  it('says after another restart what it said of its own source, which is not asked any more', async () => {
    await deletedAfterRestart(async () => {
      rig.server.delete('secrets', OPERATOR_NAMESPACE, 'other');
      await rig.settle();
    });
    const failing = () => status()?.conditions.find(({ type }) => type === 'SourceFailing')?.message;
    expect(failing()).to.contain('registries[0]: Secret regcred-system/other not found');
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
    expect(failing()).to.contain('registries[0]: Secret regcred-system/other not found');
    expect(status()?.registries[0]?.message).to.contain('Secret regcred-system/other not found');
  });

  it('waits in the same way for one that is suspended and whose login is not known any more', async () => {
    setSpec({ suspend: true });
    await rig.settle();
    await deletedAfterRestart();
    expect([rig.logins('apps'), isThere()]).to.deep.equal(['r.io=first s.io=old', true]);
    mend();
    setSpec({ suspend: false });
    await rig.settle(1_000);
    expect([rig.logins('apps'), isThere()]).to.deep.equal(['s.io=new', false]);
  });

  it('waits for nobody where the login of the other one was kept', async () => {
    rig.server.delete('secrets', OPERATOR_NAMESPACE, 'login');
    await rig.settle();
    await rig.restart();
    rig.server.delete('registrycredentials', 'a-first');
    await rig.settle();
    expect([rig.logins('apps'), isThere()]).to.deep.equal(['s.io=old', false]);
  });

  it('waits for nobody where the login of the other one is known', async () => {
    setSpec({ suspend: true });
    await rig.settle();
    rig.server.delete('registrycredentials', 'a-first');
    await rig.settle();
    expect([rig.logins('apps'), isThere()]).to.deep.equal(['s.io=old', false]);
  });
});
