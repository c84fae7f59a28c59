// A token that an earlier run fetched, and a Secret in which there is another login by now: an edit, or what that run wrote
// last. Its source is asked which it is.

import { expect } from 'chai';
import { encodeEntry } from '../core/docker-config.ts';
import { failed } from '../sources/source-failure.ts';
import { aCredential, type CredentialFixture } from '../testing/builders.ts';
import { accepted, rejected } from '../testing/scripted-registry.ts';
import { TokenRig } from '../testing/token-rig.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('a Secret that is edited when a token of an earlier run is in use', () => {
  let rig: TokenRig;
  beforeEach(() => {
    rig = new TokenRig();
    rig.giver.life = 12 * HOUR;
  });
  afterEach(() => rig.stop());

  const begin = async (...others: CredentialFixture[]): Promise<void> => {
    rig.server.given(aCredential('team').withToken('r.io'), ...others);
    await rig.start();
    await rig.settle(MINUTE);
    await rig.restart();
    await rig.settle(MINUTE);
    expect(rig.giver.asked).to.have.lengthOf(1);
  };
  const edit = (password: string): void => {
    rig.server.update('secrets', 'apps/regcred', secret => {
      const auths = { 'r.io': JSON.parse(encodeEntry({ server: 'r.io', username: 'u', password }).json) };
      secret.data = { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') };
    });
  };
  const warnings = () => rig.events.filter(({ type }) => type === 'Warning');

  it('is repaired within seconds, by one fetch, and nobody is told to mend a source', async () => {
    await begin();
    rig.answerIn(SECOND);
    edit('edited');
    await rig.settle(5 * SECOND);
    expect([rig.logins('apps'), rig.logins('web')]).to.deep.equal(['r.io=token-2', 'r.io=token-2']);
    expect(rig.told('team')).to.equal('True Synced 2/2');
    edit('edited again');
    await rig.settle(5 * SECOND);
    expect(rig.logins('apps')).to.equal('r.io=token-2');
    expect(rig.giver.asked).to.have.lengthOf(2);
    expect(warnings()).to.deep.equal([]);
  });

  it('is no source that fails for as long as an answer may take, and is one when that does not come', async () => {
    await begin();
    rig.answerIn(25 * SECOND);
    edit('edited');
    await rig.settle(24 * SECOND);
    expect([rig.logins('apps'), rig.told('team'), warnings()]).to.deep.equal([
      'r.io=edited',
      'True Synced 2/2',
      [],
    ]);
    await rig.settle(3 * SECOND);
    expect([rig.logins('apps'), rig.told('team'), warnings()]).to.deep.equal([
      'r.io=token-2',
      'True Synced 2/2',
      [],
    ]);
    await rig.restart();
    rig.giver.answering = new Promise(() => undefined);
    edit('edited again');
    await rig.settle(45 * SECOND);
    expect([rig.logins('apps'), rig.told('team')]).to.deep.equal([
      'r.io=edited again',
      'False SourceFailed 1/2',
    ]);
  });

  it('is repaired too where its source gives the very same token again', async () => {
    await begin();
    const { ask } = rig.giver;
    rig.giver.ask = async (source, registry, context) => {
      const fetched = await ask(source, registry, context);
      const entries = [encodeEntry({ server: 'r.io', username: 'robot', password: 'token-1' })];
      return fetched.ok ? { ...fetched, entries } : fetched;
    };
    edit('edited');
    await rig.settle(5 * SECOND);
    expect(rig.logins('apps')).to.equal('r.io=token-1');
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('does not hold up another RegistryCredential that is merged into it', async () => {
    await begin(aCredential('basic').withBasic('x.io', 'login'));
    edit('edited');
    rig.newPassword('new');
    await rig.settle(5 * SECOND);
    expect(rig.logins('apps')).to.equal('r.io=token-2 x.io=new');
    expect([rig.told('team'), rig.told('basic')]).to.deep.equal(['True Synced 2/2', 'True Synced 2/2']);
  });

  describe('and the registry rejects what its source gives then, under Enforce', () => {
    beforeEach(async () => {
      rig.checkLogin = async ({ password }) => (password === 'token-1' ? accepted : rejected);
      await begin();
      rig.setSpec({ verification: { mode: 'Enforce' } });
      await rig.settle(MINUTE);
    });

    it('is repaired with the one that is in use', async () => {
      edit('edited');
      await rig.settle(5 * SECOND);
      expect([rig.logins('apps'), rig.logins('web')]).to.deep.equal(['r.io=token-1', 'r.io=token-1']);
      expect([rig.told('team'), rig.condition('SourceFailing')?.reason]).to.deep.equal([
        'True Synced 2/2',
        'LastKnownGoodServed',
      ]);
    });

    it('stays as it is where that one was to be renewed, for it may hold a newer one', async () => {
      rig.giver.failure = failed('TokenUnavailable', 'the token server is away');
      await rig.settle(10 * HOUR);
      rig.giver.failure = undefined;
      edit('edited');
      await rig.settle(HOUR);
      expect(rig.logins('web')).to.equal('r.io=token-1');
      expect(rig.logins('apps')).to.equal('r.io=edited');
    });
  });

  it('stays as it is while the source fails, for it may hold the newer token, and is repaired with its next one', async () => {
    await begin();
    rig.giver.failure = failed('TokenUnavailable', 'the token server is away');
    edit('newer');
    await rig.settle(10 * MINUTE);
    expect(rig.logins('web')).to.equal('r.io=token-1');
    expect(rig.logins('apps')).to.equal('r.io=newer');
    expect(rig.told('team')).to.equal('False SourceFailed 1/2');
    rig.giver.failure = undefined;
    await rig.settle(6 * MINUTE);
    expect(rig.logins('apps')).to.equal(`r.io=token-${rig.giver.asked.length}`);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });
});
