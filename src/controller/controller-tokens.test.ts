// The whole loop with a source whose logins end: what is in the namespaces, what status says, and what is written.

import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { ApiError } from '../kube/errors.ts';
import { failed } from '../sources/source-failure.ts';
import { aBasicSecret, aCredential, aNamespace, aSecret, OPERATOR_NAMESPACE } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { TokenGiver } from '../testing/token-source.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const away = failed('TokenUnavailable', 'the token server is away');

describe('a RegistryCredential with a source of tokens', () => {
  let rig: OperatorRig;
  let giver: TokenGiver;

  beforeEach(() => {
    rig = new OperatorRig();
    giver = new TokenGiver();
    rig.ask = (...asked) => giver.ask(...asked);
    rig.server.given(aNamespace('apps').optedIn());
    rig.server.given(aNamespace('web').optedIn());
    rig.server.given(aSecret('client').with('client_id', 'regcred').with('client_secret', 'p'));
  });
  afterEach(() => rig.stop());

  const status = (name = 'team') => rig.server.get('registrycredentials', name)?.status;
  const condition = (type: string, name = 'team') => status(name)?.conditions.find(one => one.type === type);
  const setSpec = (change: object, name = 'team') =>
    rig.server.update('registrycredentials', name, object => {
      object.spec = { ...object.spec, ...change };
    });
  const annotate = (value: string) =>
    rig.server.update('registrycredentials', 'team', ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, 'regcred.dev/refresh': value };
    });
  const slowly = (milliseconds: number) => {
    giver.answering = new Promise(resolve => rig.clock.setTimeout(() => resolve(undefined), milliseconds));
  };
  const secretWrites = (writes: readonly string[]) => writes.filter(write => write.includes('/secrets/'));

  it('serves its namespaces, and says when the login ends and when the next one is to come', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    expect(rig.logins('apps')).to.equal('r.io=token-1');
    expect(rig.pullSecrets('apps')).to.deep.equal(['regcred']);
    expect(rig.told('team')).to.equal('True Synced 2/2');
    const { expiresAt, lastRefreshTime = '', nextRefreshTime = '', registries } = status() ?? {};
    expect(registries?.[0]).to.include({ server: 'r.io', source: 'oauth', expiresAt });
    expect(Date.parse(lastRefreshTime)).to.be.within(Date.UTC(2026, 0, 1), rig.clock.now());
    expect(Date.parse(nextRefreshTime) - Date.parse(lastRefreshTime)).to.be.within(30 * MINUTE, 45 * MINUTE);
  });

  it('is refreshed in place: one write a namespace, the uid stays, no ServiceAccount is touched', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    const uid = () => rig.server.get('secrets', 'apps', 'regcred')?.metadata.uid;
    const before = uid();
    const writes = await rig.writesDuring(() => rig.settle(46 * MINUTE));
    expect(rig.logins('apps')).to.equal('r.io=token-2');
    expect(uid()).to.equal(before);
    expect(secretWrites(writes)).to.have.lengthOf(2);
    expect(writes.filter(write => write.includes('/serviceaccounts/'))).to.deep.equal([]);
    expect(giver.asked).to.have.lengthOf(2);
  });

  it('what is to come is not said to have failed, and not written in part', async () => {
    slowly(2 * SECOND);
    rig.server.given(aCredential('team').withBasic('b.io', 'login').withToken('r.io'));
    await rig.start();
    expect(rig.events.filter(({ type }) => type === 'Warning')).to.deep.equal([]);
    expect(rig.logins('apps')).to.equal('b.io=old r.io=token-1');
    const writes = secretWrites(rig.server.writes.map(({ path }) => path));
    expect(writes.filter(path => path.includes('/apps/'))).to.have.lengthOf(1);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('while it is to come, Ready is Progressing', async () => {
    slowly(20 * SECOND);
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    expect(rig.told('team')).to.match(/^False Progressing/);
    expect(rig.logins('apps')).to.equal(undefined);
    await rig.settle(20 * SECOND);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('one that takes long does not hold the others up', async () => {
    slowly(20 * SECOND);
    rig.server.given(aCredential('team').withBasic('b.io', 'login').withToken('r.io'));
    await rig.start();
    await rig.settle(SECOND);
    expect(rig.logins('apps')).to.equal('b.io=old');
    await rig.settle(20 * SECOND);
    expect(rig.logins('apps')).to.equal('b.io=old r.io=token-1');
  });

  it('one that never answers keeps no other RegistryCredential waiting', async () => {
    giver.answering = new Promise(() => undefined);
    for (const index of [1, 2, 3, 4, 5, 6, 7, 8])
      rig.server.given(aCredential(`slow-${index}`).withToken(`r${index}.io`));
    rig.server.given(aCredential('team').withBasic('b.io', 'login').into('team-login'));
    await rig.start();
    expect(rig.logins('apps', 'team-login')).to.equal('b.io=old');
  });

  it('two with the same source share one fetch', async () => {
    rig.server.given(aCredential('one').withToken('r.io'));
    rig.server.given(aCredential('two').withToken('r.io').into('team-login'));
    await rig.start();
    expect(giver.asked).to.have.lengthOf(1);
    expect(rig.logins('apps', 'team-login')).to.equal('r.io=token-1');
  });

  it('a source that fails from the start is told, and goes well as soon as it does', async () => {
    giver.failure = away;
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    expect(rig.told('team')).to.equal('False SourceFailed 0/2');
    expect(condition('Ready')?.message).to.equal('registries[0]: the token server is away');
    giver.failure = undefined;
    await rig.settle(10 * SECOND);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('while it fails the last login stays, a new namespace gets it, and status says since when and until when', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    giver.failure = away;
    await rig.settle(44 * MINUTE);
    rig.server.given(aNamespace('late').optedIn());
    await rig.settle();
    expect([rig.logins('apps'), rig.logins('late')]).to.deep.equal(['r.io=token-1', 'r.io=token-1']);
    expect(rig.told('team')).to.equal('True Synced 3/3');
    const { expiresAt, nextRefreshTime } = status() ?? {};
    expect(condition('SourceFailing')).to.include({
      status: 'True',
      reason: 'LastKnownGoodServed',
      message: `registries[0]: the token server is away; the last known good login stays in use, and ends at ${expiresAt}`,
    });
    expect(nextRefreshTime).to.equal(undefined);
    const since = Date.parse(condition('SourceFailing')?.lastTransitionTime ?? '');
    expect(since - Date.UTC(2026, 0, 1)).to.be.within(30 * MINUTE, 45 * MINUTE);
  });

  it('warns once when a quarter of its life is left, and says that it has ended; the login is left in place', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    giver.failure = away;
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
    expect(condition('SourceFailing')?.reason).to.equal('Expired');
    expect(rig.logins('apps')).to.equal('r.io=token-1');
    giver.failure = undefined;
    rig.events.length = 0;
    await rig.settle(6 * MINUTE);
    expect(rig.told('team')).to.equal('True Synced 2/2');
    expect(condition('SourceFailing')).to.equal(undefined);
    expect(rig.events.map(({ reason }) => reason)).to.deep.equal(['SourceRecovered', 'Synced']);
  });

  it('while it goes on failing in the same way nothing is written', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    giver.failure = away;
    await rig.settle(62 * MINUTE);
    const writes = await rig.writesDuring(() => rig.settle(60 * MINUTE));
    expect(writes).to.deep.equal([]);
  });

  it('a source Secret that changes has it fetched at once, and a typo in it takes nothing away', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    giver.failure = failed('TokenRefused', 'the client is not known');
    const client = (secret: string) =>
      rig.server.update('secrets', `${OPERATOR_NAMESPACE}/client`, object => {
        object.data = { ...object.data, client_secret: Buffer.from(secret).toString('base64') };
      });
    client('typo');
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=token-1');
    expect(condition('SourceFailing')?.reason).to.equal('LastKnownGoodServed');
    giver.failure = undefined;
    client('mended');
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=token-3');
    expect(condition('SourceFailing')).to.equal(undefined);
  });

  it('the annotation has it fetched once for each new value, and not again after a restart', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    annotate('now');
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=token-2');
    expect(status()?.lastHandledRefresh).to.equal('now');
    await rig.settle(10 * MINUTE);
    expect(giver.asked).to.have.lengthOf(2);
    await rig.restart();
    const asked = giver.asked.length;
    await rig.settle(10 * MINUTE);
    expect(giver.asked).to.have.lengthOf(asked);
    annotate('once more');
    await rig.settle();
    expect(giver.asked).to.have.lengthOf(asked + 1);
    expect(status()?.lastHandledRefresh).to.equal('once more');
  });

  it('a long annotation is remembered by its beginning, and makes no status that is written for ever', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    annotate('😀'.repeat(500));
    await rig.settle();
    expect(status()?.lastHandledRefresh).to.equal('😀'.repeat(128));
    expect(await rig.writesDuring(() => rig.settle(10 * MINUTE))).to.deep.equal([]);
    expect(giver.asked).to.have.lengthOf(2);
  });

  it('a schedule has it fetched besides, and status says when', async () => {
    rig.server.given(aCredential('team').withToken('r.io').refreshedAt('20 * * * *'));
    await rig.start();
    expect(status()?.nextRefreshTime).to.equal('2026-01-01T00:20:00.000Z');
    await rig.settle(20 * MINUTE);
    expect(rig.logins('apps')).to.equal('r.io=token-2');
  });

  it('a schedule that means nothing is said to, and everything else is obeyed', async () => {
    rig.server.given(aCredential('team').withToken('r.io').refreshedAt('0 0 30 2 *'));
    await rig.start();
    expect(rig.told('team')).to.equal('False ScheduleInvalid 2/2');
    expect(condition('Stalled')?.message).to.contain('write five fields');
    expect(rig.logins('apps')).to.equal('r.io=token-1');
    rig.server.given(aNamespace('late').optedIn());
    await rig.settle(46 * MINUTE);
    expect(rig.logins('late')).to.equal('r.io=token-2');
    setSpec({ refresh: { schedule: '0 0 1 2 *' } });
    await rig.settle();
    expect(rig.told('team')).to.equal('True Synced 3/3');
  });

  it('a suspended one is not fetched for, and catches up when it is resumed', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    setSpec({ suspend: true });
    await rig.settle(3 * 60 * MINUTE);
    expect(giver.asked).to.have.lengthOf(1);
    const { expiresAt } = status() ?? {};
    expect(expiresAt).to.be.a('string');
    setSpec({ suspend: false });
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=token-2');
  });

  it('one that is suspended when the operator starts is not fetched for', async () => {
    rig.server.given(aCredential('team').withToken('r.io').suspended());
    await rig.start();
    expect(rig.told('team')).to.match(/^Unknown Suspended/);
    expect(giver.asked).to.deep.equal([]);
  });

  it('one whose undo is held up is fetched for no more', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    rig.server.before = ({ method, path }) => {
      if (method === 'DELETE' && path.includes('/secrets/')) throw new ApiError(403, 'Forbidden', 'not now');
    };
    rig.server.delete('registrycredentials', 'team');
    await rig.settle(3 * 60 * MINUTE);
    expect(rig.told('team')).to.match(/^False Deleting/);
    expect(giver.asked).to.have.lengthOf(1);
  });

  it('one that is deleted is undone and fetched for no more', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    rig.server.delete('registrycredentials', 'team');
    await rig.settle(3 * 60 * MINUTE);
    expect(rig.logins('apps')).to.equal(undefined);
    expect(giver.asked).to.have.lengthOf(1);
  });

  it('a replica that leads no more fetches no more', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    rig.controller.standBy();
    await rig.settle(3 * 60 * MINUTE);
    expect(giver.asked).to.have.lengthOf(1);
  });

  it('after a restart nothing is taken away while it is fetched anew, nor when that fails', async () => {
    rig.server.given(aCredential('team').withBasic('b.io', 'login').withToken('r.io'));
    await rig.start();
    await rig.stop();
    slowly(40 * SECOND);
    const writes = await rig.writesDuring(async () => {
      await rig.start();
      await rig.settle(20 * SECOND);
    });
    expect(writes).to.deep.equal([]);
    giver.failure = away;
    await rig.settle(60 * SECOND);
    expect(rig.logins('apps')).to.equal('b.io=old r.io=token-1');
    giver.failure = undefined;
    giver.answering = Promise.resolve();
    await rig.settle(3 * MINUTE);
    expect(rig.logins('apps')).to.match(/^b.io=old r.io=token-[2-9]$/);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('with stored logins only the annotation is answered, and fetches nothing', async () => {
    rig.server.given(aBasicSecret('other', 'robot', 'p'), aCredential('team').withBasic('r.io', 'other'));
    await rig.start();
    annotate('now');
    await rig.settle();
    expect(status()?.lastHandledRefresh).to.equal('now');
    expect(giver.asked).to.deep.equal([]);
  });
});
