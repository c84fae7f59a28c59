// The whole loop with a source of tokens that is slow or away: nothing is taken away, nor written in part, nor said too soon.

import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { failed } from '../sources/source-failure.ts';
import { aCredential, aNamespace } from '../testing/builders.ts';
import { TokenRig } from '../testing/token-rig.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const away = failed('TokenUnavailable', 'the token server is away');

describe('a source of tokens that is slow or away', () => {
  let rig: TokenRig;
  beforeEach(() => {
    rig = new TokenRig();
  });
  afterEach(() => rig.stop());

  const secretWrites = (writes: readonly string[]) => writes.filter(write => write.includes('/secrets/'));

  it('what is to come is not said to have failed, and not written in part', async () => {
    rig.answerIn(2 * SECOND);
    rig.server.given(aCredential('team').withBasic('b.io', 'login').withToken('r.io'));
    await rig.start();
    expect(rig.events.filter(({ type }) => type === 'Warning')).to.deep.equal([]);
    expect(rig.logins('apps')).to.equal('b.io=old r.io=token-1');
    const writes = secretWrites(rig.server.writes.map(({ path }) => path));
    expect(writes.filter(path => path.includes('/apps/'))).to.have.lengthOf(1);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('while it is to come, Ready is Progressing', async () => {
    rig.answerIn(20 * SECOND);
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    expect(rig.told('team')).to.match(/^False Progressing/);
    expect(rig.logins('apps')).to.equal(undefined);
    await rig.settle(20 * SECOND);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('one that takes long does not hold the others up', async () => {
    rig.answerIn(20 * SECOND);
    rig.server.given(aCredential('team').withBasic('b.io', 'login').withToken('r.io'));
    await rig.start();
    await rig.settle(SECOND);
    expect(rig.logins('apps')).to.equal('b.io=old');
    await rig.settle(20 * SECOND);
    expect(rig.logins('apps')).to.equal('b.io=old r.io=token-1');
  });

  it('one that never answers keeps no other RegistryCredential waiting', async () => {
    rig.giver.answering = new Promise(() => undefined);
    for (const index of [1, 2, 3, 4, 5, 6, 7, 8])
      rig.server.given(aCredential(`slow-${index}`).withToken(`r${index}.io`));
    rig.server.given(aCredential('team').withBasic('b.io', 'login').into('team-login'));
    await rig.start();
    expect(rig.logins('apps', 'team-login')).to.equal('b.io=old');
  });

  it('a source that fails from the start is told, and goes well as soon as it does', async () => {
    rig.giver.failure = away;
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    expect(rig.told('team')).to.equal('False SourceFailed 0/2');
    expect(rig.condition('Ready')?.message).to.equal('registries[0]: the token server is away');
    rig.giver.failure = undefined;
    await rig.settle(10 * SECOND);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('while it fails the last login stays, a new namespace gets it, and status says since when and until when', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    rig.giver.failure = away;
    await rig.settle(44 * MINUTE);
    rig.server.given(aNamespace('late').optedIn());
    await rig.settle();
    expect([rig.logins('apps'), rig.logins('late')]).to.deep.equal(['r.io=token-1', 'r.io=token-1']);
    expect(rig.told('team')).to.equal('True Synced 3/3');
    const { expiresAt, nextRefreshTime } = rig.status ?? {};
    expect(rig.condition('SourceFailing')).to.include({
      status: 'True',
      reason: 'LastKnownGoodServed',
      message: `registries[0]: the token server is away; the last known good login stays in use, and ends at ${expiresAt}`,
    });
    expect(nextRefreshTime).to.equal(undefined);
    const since = Date.parse(rig.condition('SourceFailing')?.lastTransitionTime ?? '');
    expect(since - Date.UTC(2026, 0, 1)).to.be.within(30 * MINUTE, 45 * MINUTE);
  });

  it('warns once when a quarter of its life is left, and says that it has ended; the login is left in place', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    rig.giver.failure = away;
    const warnings = async (minutes: number) => {
      rig.events.length = 0;
      await rig.settle(minutes * MINUTE);
      return rig.events.filter(({ type }) => type === 'Warning').map(({ reason }) => reason);
    };
    expect(await warnings(44)).to.deep.equal(['LastKnownGoodServed']);
    expect(await warnings(2)).to.deep.equal(['LoginExpiring']);
    expect(await warnings(13)).to.deep.equal([]);
    expect(rig.told('team')).to.equal('True Synced 2/2');
    expect(await warnings(2)).to.deep.equal(['Expired']);
    expect(rig.told('team')).to.equal('False Expired 2/2');
    expect(rig.condition('SourceFailing')?.reason).to.equal('Expired');
    expect(rig.logins('apps')).to.equal('r.io=token-1');
    rig.giver.failure = undefined;
    rig.events.length = 0;
    await rig.settle(6 * MINUTE);
    expect(rig.told('team')).to.equal('True Synced 2/2');
    expect(rig.condition('SourceFailing')).to.equal(undefined);
    expect(rig.events.map(({ reason }) => reason)).to.deep.equal(['SourceRecovered', 'Synced']);
  });

  it('while it goes on failing in the same way nothing is written', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    rig.giver.failure = away;
    await rig.settle(62 * MINUTE);
    const writes = await rig.writesDuring(() => rig.settle(60 * MINUTE));
    expect(writes).to.deep.equal([]);
  });

  it('a source Secret that changes has it fetched at once, and a typo in it takes nothing away', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    rig.giver.failure = failed('TokenRefused', 'the client is not known');
    rig.setClient('typo');
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=token-1');
    expect(rig.condition('SourceFailing')?.reason).to.equal('LastKnownGoodServed');
    rig.giver.failure = undefined;
    rig.setClient('mended');
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=token-3');
    expect(rig.condition('SourceFailing')).to.equal(undefined);
  });

  it('after a restart that finds nothing kept nothing is taken away while it is fetched anew, nor when that fails', async () => {
    rig.server.given(aCredential('team').withBasic('b.io', 'login').withToken('r.io'));
    await rig.start();
    await rig.stop();
    rig.forgetKept();
    rig.answerIn(40 * SECOND);
    const writes = await rig.writesDuring(async () => {
      await rig.start();
      await rig.settle(20 * SECOND);
    });
    // But what the other source gives is kept at once.
    expect(writes.filter(write => !write.includes('/regcred-kept-'))).to.deep.equal([]);
    rig.giver.failure = away;
    await rig.settle(60 * SECOND);
    expect(rig.logins('apps')).to.equal('b.io=old r.io=token-1');
    rig.giver.failure = undefined;
    rig.giver.answering = Promise.resolve();
    await rig.settle(3 * MINUTE);
    expect(rig.logins('apps')).to.match(/^b.io=old r.io=token-[2-9]$/);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });
});
