// Tokens that their registries reject under Enforce: the one in use stays, and ends like any other.

import { expect } from 'chai';
import { encodeEntry } from '../core/docker-config.ts';
import { aCredential } from '../testing/builders.ts';
import { accepted, rejected } from '../testing/scripted-registry.ts';
import { TokenRig } from '../testing/token-rig.ts';
import type { AskToken } from './ask-source.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a token that its registry rejects under Enforce', () => {
  let rig: TokenRig;
  /** Passwords that are rejected. */
  let isWrong: (password: string, server: string) => boolean;

  beforeEach(() => {
    rig = new TokenRig();
    isWrong = () => false;
    rig.checkLogin = async ({ password, server }) => (isWrong(password, server) ? rejected : accepted);
    rig.server.given(aCredential('team').withToken('r.io').verifying({ mode: 'Enforce' }));
  });
  afterEach(() => rig.stop());

  const failing = () => rig.condition('SourceFailing');
  const asked = () => rig.giver.asked.length;

  it('leaves the one in use, and its end is told when it comes', async () => {
    await rig.start();
    isWrong = password => password !== 'token-1';
    await rig.settle(44 * MINUTE);
    expect(asked()).to.equal(2);
    expect([rig.told('team'), failing()?.reason]).to.deep.equal(['True Synced 2/2', 'LastKnownGoodServed']);
    const expiring = await rig.eventsDuring(() => rig.settle(2 * MINUTE));
    expect(expiring.map(event => event.split(' ')[0])).to.deep.equal(['LoginExpiring']);
    await rig.settle(14 * MINUTE);
    expect([rig.told('team'), failing()?.reason]).to.deep.equal(['False Expired 2/2', 'Expired']);
    expect(failing()?.message).to.match(
      /rejects the login .*; the last known good login ended at .*, and is left in place$/,
    );
    expect(rig.logins('apps')).to.equal('r.io=token-1');
    isWrong = () => false;
    await rig.settle(HOUR);
    expect([rig.told('team'), failing()]).to.deep.equal(['True Synced 2/2', undefined]);
    expect(rig.logins('apps')).to.equal(`r.io=token-${asked()}`);
  });

  describe('for one of its servers', () => {
    const ask: AskToken = async (...wanted) => {
      const fetched = await rig.giver.ask(...wanted);
      if (!fetched.ok) return fetched;
      const password = `token-${asked()}`;
      const entries = ['a.io', 'b.io'].map(server => encodeEntry({ server, username: 'robot', password }));
      return { ...fetched, entries };
    };

    beforeEach(async () => {
      rig.ask = ask;
      // Whose servers come with the login.
      rig.server.update('registrycredentials', 'team', object => {
        object.spec = { ...object.spec, registries: [{ ecr: { region: 'eu-central-1' } }] };
      });
      await rig.start();
      isWrong = (password, server) => server === 'b.io' && password === 'token-2';
      await rig.settle(44 * MINUTE);
      expect([rig.logins('apps'), failing()?.reason]).to.deep.equal([
        'a.io=token-2 b.io=token-1',
        'EntryLeftOut',
      ]);
    });

    it('goes out for the others, and the end of the one that stays is told', async () => {
      rig.giver.life = 24 * HOUR;
      isWrong = (_, server) => server === 'b.io';
      await rig.settle(17 * MINUTE);
      expect([rig.told('team'), failing()?.reason]).to.deep.equal(['False Expired 2/2', 'Expired']);
    });

    it('is not taken for whole when it is resumed', async () => {
      rig.setSpec({ suspend: true });
      await rig.settle();
      rig.setSpec({ suspend: false });
      await rig.settle();
      expect([rig.logins('apps'), failing()]).to.deep.equal(['a.io=token-3 b.io=token-3', undefined]);
    });

    it('is not kept as a whole one over a restart', async () => {
      await rig.restart();
      expect([rig.logins('apps'), failing()]).to.deep.equal(['a.io=token-3 b.io=token-3', undefined]);
    });

    it('stays as it is over a restart while its source is away', async () => {
      rig.giver.failure = { ok: false, reason: 'TokenUnavailable', message: 'the token server is away' };
      await rig.restart();
      expect(rig.logins('apps')).to.equal('a.io=token-2 b.io=token-1');
      expect(failing()?.reason).to.equal('LastKnownGoodServed');
    });
  });
});
