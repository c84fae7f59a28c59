// Tokens that their registries reject under Enforce: the one in use stays, and ends like any other.

import { expect } from 'chai';
import { encodeEntry } from '../core/docker-config.ts';
import type { CheckLogin } from '../registry/login-checks.ts';
import { failed } from '../sources/source-failure.ts';
import { aCredential } from '../testing/builders.ts';
import { accepted, denied, rejected } from '../testing/scripted-registry.ts';
import { TokenRig } from '../testing/token-rig.ts';
import type { AskToken } from './ask-source.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('a token that its registry rejects under Enforce', () => {
  let rig: TokenRig;
  /** Passwords that are rejected. */
  let isWrong: (password: string, server: string) => boolean;

  /** Servers and passwords, in the order in which they were tried. */
  let sent: { readonly server: string; readonly password: string }[];

  beforeEach(() => {
    rig = new TokenRig();
    isWrong = () => false;
    sent = [];
    rig.checkLogin = async ({ password, server }) => {
      sent.push({ password, server });
      return isWrong(password, server) ? rejected : accepted;
    };
    rig.server.given(aCredential('team').withToken('r.io').verifying({ mode: 'Enforce' }));
  });
  afterEach(() => rig.stop());

  const failing = () => rig.condition('SourceFailing');
  /** Where it was tried. */
  const tried = (token: string) => sent.filter(one => one.password === token).map(({ server }) => server);
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

  it('is told no more when its source fails: that is what has to be mended now', async () => {
    await rig.start();
    isWrong = password => password !== 'token-1';
    await rig.settle(46 * MINUTE);
    expect(failing()?.message).to.match(/rejects the login/);
    rig.giver.failure = failed('TokenRefused', 'the client is not known');
    rig.setClient('a typo');
    await rig.settle(MINUTE);
    expect([failing()?.message, rig.logins('apps')]).to.satisfy(
      ([message, logins]: string[]) =>
        message?.includes('the client is not known') && logins === 'r.io=token-1',
    );
  });

  it('leaves the one in use, and its end is told though somebody sets the clock back', async () => {
    await rig.start();
    isWrong = password => password !== 'token-1';
    await rig.settle(44 * MINUTE);
    rig.clock.set(-2 * HOUR);
    await rig.settle(2 * MINUTE);
    expect(failing()?.reason).to.equal('LoginExpiring');
    await rig.settle(15 * MINUTE);
    expect([rig.told('team'), failing()?.reason]).to.deep.equal(['False Expired 2/2', 'Expired']);
  });

  it('is neither fetched nor tried anew by a restart, however many there are', async () => {
    await rig.start();
    isWrong = password => password !== 'token-1';
    await rig.settle(44 * MINUTE);
    const writes = await rig.writesDuring(async () => {
      for (let restart = 0; restart < 6; restart++) await rig.restart();
    });
    expect(writes).to.deep.equal([]);
    expect([asked(), tried('token-2'), rig.logins('apps')]).to.deep.equal([2, ['r.io'], 'r.io=token-1']);
    // It may have been granted meanwhile, and goes out then as it is.
    isWrong = () => false;
    await rig.settle(15 * MINUTE);
    expect([asked(), rig.logins('apps'), failing()]).to.deep.equal([2, 'r.io=token-2', undefined]);
  });

  it('is not fetched anew by a restart where it is the first', async () => {
    isWrong = () => true;
    await rig.start();
    for (let restart = 0; restart < 6; restart++) await rig.restart();
    expect([asked(), tried('token-1'), rig.logins('apps')]).to.deep.equal([1, ['r.io'], undefined]);
    isWrong = () => false;
    await rig.settle(15 * MINUTE);
    expect([asked(), rig.logins('apps')]).to.deep.equal([1, 'r.io=token-1']);
  });

  const others: readonly (readonly [string, CheckLogin])[] = [
    ['that may not pull', async () => denied],
    ['of which nothing is said yet', () => new Promise(() => undefined)],
  ];
  for (const [which, verdict] of others) {
    it(`is not fetched anew by a restart either where it is one ${which}, and it is the first`, async () => {
      rig.checkLogin = verdict;
      await rig.start();
      for (let restart = 0; restart < 6; restart++) await rig.restart();
      expect([asked(), rig.logins('apps')]).to.deep.equal([1, undefined]);
      rig.checkLogin = async () => accepted;
      await rig.restart();
      expect([asked(), rig.logins('apps')]).to.deep.equal([1, 'r.io=token-1']);
    });

    it(`is not fetched anew by a restart either where it is one ${which}, and another one is in use`, async () => {
      await rig.start();
      rig.checkLogin = verdict;
      while (asked() < 2) await rig.settle(SECOND);
      for (let restart = 0; restart < 6; restart++) await rig.restart();
      expect([asked(), rig.logins('apps')]).to.deep.equal([2, 'r.io=token-1']);
      rig.checkLogin = async () => accepted;
      await rig.restart();
      expect([asked(), rig.logins('apps')]).to.deep.equal([2, 'r.io=token-2']);
    });
  }

  it('is replaced at once after a restart where its Secret has changed meanwhile', async () => {
    await rig.start();
    isWrong = password => password === 'token-2';
    await rig.settle(44 * MINUTE);
    await rig.stop();
    rig.setClient('another');
    await rig.start();
    expect([rig.logins('apps'), failing()]).to.deep.equal(['r.io=token-3', undefined]);
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

    const isRenewed = async () => {
      await rig.settle(44 * MINUTE);
      expect([rig.logins('apps'), failing()]).to.deep.equal(['a.io=token-3 b.io=token-3', undefined]);
    };

    it('is neither fetched nor tried anew when it is resumed, and renewed in its time', async () => {
      rig.setSpec({ suspend: true });
      await rig.settle();
      await rig.restart();
      rig.setSpec({ suspend: false });
      await rig.settle();
      expect([rig.logins('apps'), asked()]).to.deep.equal(['a.io=token-2 b.io=token-1', 2]);
      await isRenewed();
    });

    it('is neither fetched nor written anew by a restart, nor is what was rejected tried, and it is renewed', async () => {
      expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
      expect([rig.logins('apps'), failing()?.reason]).to.deep.equal([
        'a.io=token-2 b.io=token-1',
        'EntryLeftOut',
      ]);
      expect([asked(), tried('token-2')]).to.deep.equal([2, ['a.io', 'b.io', 'a.io']]);
      await isRenewed();
    });
  });
});
