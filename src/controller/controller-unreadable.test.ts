// A RegistryCredential that this version of the operator cannot read, as after a rollback, or before the upgrade that
// belongs to a new CRD: nothing of it is lost, nobody else is held up, and its status says what is wrong.

import { expect } from 'chai';
import { aCredential, aNamespace } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { seenAs } from '../testing/seen-as.ts';

describe('the operator with a RegistryCredential that it cannot read', () => {
  let rig: OperatorRig;

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aNamespace('web').optedIn());
    rig.server.given(aCredential('odd').withBasic('z.io', 'login'));
    rig.server.given(aCredential('alone').withBasic('r.io', 'login').into('team-login'));
  });
  afterEach(() => rig.stop());

  const BASIC_OF_ANOTHER_VERSION = {
    registries: [{ server: 'z.io', basic: { vaultRef: 'login' } }],
    secretName: 'regcred',
    namespaceSelector: {},
    deletionPolicy: 'Delete',
  };
  const stalled = () =>
    rig.server.get('registrycredentials', 'odd')?.status?.conditions.find(({ type }) => type === 'Stalled');

  for (const [title, spec] of Object.entries({
    'a source': BASIC_OF_ANOTHER_VERSION,
    'a selector': { ...BASIC_OF_ANOTHER_VERSION, registries: [{}], namespaceSelector: null },
    'all of it': undefined,
  }))
    it(`serves the others, also with a new password, when it cannot read ${title}`, async () => {
      rig.client = seenAs(rig.client, 'odd', spec);
      await rig.start();
      rig.newPassword('new');
      rig.server.given(aNamespace('fresh').optedIn());
      await rig.settle();
      for (const namespace of ['apps', 'web', 'fresh'])
        expect(rig.logins(namespace, 'team-login')).to.equal('r.io=new');
      expect(rig.told('alone')).to.equal('True Synced 3/3');
      expect(rig.log.filter(line => line.startsWith('error'))).to.deep.equal([]);
    });

  it('says which field it cannot read, and what to do', async () => {
    rig.client = seenAs(rig.client, 'odd', BASIC_OF_ANOTHER_VERSION);
    await rig.start();
    expect(rig.told('odd')).to.match(/^False SpecUnreadable/);
    expect(stalled()?.message).to.contain('spec.registries[0].basic.secretRef').and.contain('operator');
  });

  it('leaves what was given before, as after a rollback, and takes no new namespace', async () => {
    await rig.start();
    await rig.stop();
    const { client } = rig;
    rig.client = seenAs(client, 'odd', BASIC_OF_ANOTHER_VERSION);
    const writes = await rig.writesDuring(() => rig.start());
    expect(writes.filter(write => !write.endsWith('/status'))).to.deep.equal([]);
    rig.server.given(aNamespace('fresh').optedIn());
    await rig.settle();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal([
      'z.io=old',
      ['regcred', 'team-login'],
    ]);
    expect([rig.logins('fresh'), rig.pullSecrets('fresh')]).to.deep.equal([undefined, ['team-login']]);
    await rig.stop();
    rig.client = client;
    await rig.start();
    expect([rig.told('odd'), rig.logins('fresh')]).to.deep.equal(['True Synced 3/3', 'z.io=old']);
    expect(stalled()).to.equal(undefined);
  });

  it('undoes it when it is deleted', async () => {
    await rig.start();
    await rig.stop();
    rig.client = seenAs(rig.client, 'odd', BASIC_OF_ANOTHER_VERSION);
    await rig.start();
    rig.server.delete('registrycredentials', 'odd');
    await rig.settle();
    expect(rig.server.get('registrycredentials', 'odd')).to.equal(undefined);
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal([undefined, ['team-login']]);
  });
});
