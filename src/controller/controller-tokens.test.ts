// The whole loop with a source whose logins end: what is in the namespaces, what status says, and what is written.

import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { ApiError } from '../kube/errors.ts';
import { aBasicSecret, aCredential, aNamespace } from '../testing/builders.ts';
import { TokenRig } from '../testing/token-rig.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('a RegistryCredential with a source of tokens', () => {
  let rig: TokenRig;
  beforeEach(() => {
    rig = new TokenRig();
  });
  afterEach(() => rig.stop());

  const secretWrites = (writes: readonly string[]) =>
    writes.filter(write => write.endsWith('/secrets/regcred'));

  it('serves its namespaces, and says when the login ends and when the next one is to come', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    expect(rig.logins('apps')).to.equal('r.io=token-1');
    expect(rig.pullSecrets('apps')).to.deep.equal(['regcred']);
    expect(rig.told('team')).to.equal('True Synced 2/2');
    const { expiresAt, lastRefreshTime = '', nextRefreshTime = '', registries } = rig.status ?? {};
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
    expect(rig.giver.asked).to.have.lengthOf(2);
  });

  it('two with the same source share one fetch', async () => {
    rig.server.given(aCredential('one').withToken('r.io'));
    rig.server.given(aCredential('two').withToken('r.io').into('team-login'));
    await rig.start();
    expect(rig.giver.asked).to.have.lengthOf(1);
    expect(rig.logins('apps', 'team-login')).to.equal('r.io=token-1');
  });

  it('the annotation has it fetched once for each new value, and not again after a restart', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    rig.annotate('now');
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=token-2');
    expect(rig.status?.lastHandledRefresh).to.equal('now');
    await rig.settle(10 * MINUTE);
    expect(rig.giver.asked).to.have.lengthOf(2);
    await rig.restart();
    const asked = rig.giver.asked.length;
    await rig.settle(10 * MINUTE);
    expect(rig.giver.asked).to.have.lengthOf(asked);
    rig.annotate('once more');
    await rig.settle();
    expect(rig.giver.asked).to.have.lengthOf(asked + 1);
    expect(rig.status?.lastHandledRefresh).to.equal('once more');
  });

  it('a long annotation is remembered by its beginning, and makes no status that is written for ever', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    rig.annotate('😀'.repeat(500));
    await rig.settle();
    expect(rig.status?.lastHandledRefresh).to.equal('😀'.repeat(128));
    expect(await rig.writesDuring(() => rig.settle(10 * MINUTE))).to.deep.equal([]);
    expect(rig.giver.asked).to.have.lengthOf(2);
  });

  it('a schedule has it fetched besides, and status says when', async () => {
    rig.server.given(aCredential('team').withToken('r.io').refreshedAt('20 * * * *'));
    await rig.start();
    expect(rig.status?.nextRefreshTime).to.equal('2026-01-01T00:20:00.000Z');
    await rig.settle(20 * MINUTE);
    expect(rig.logins('apps')).to.equal('r.io=token-2');
  });

  it('a schedule that means nothing is said to, and everything else is obeyed', async () => {
    rig.server.given(aCredential('team').withToken('r.io').refreshedAt('0 0 30 2 *'));
    await rig.start();
    expect(rig.told('team')).to.equal('False ScheduleInvalid 2/2');
    expect(rig.condition('Stalled')?.message).to.contain('write five fields');
    expect(rig.logins('apps')).to.equal('r.io=token-1');
    rig.server.given(aNamespace('late').optedIn());
    await rig.settle(46 * MINUTE);
    expect(rig.logins('late')).to.equal('r.io=token-2');
    rig.setSpec({ refresh: { schedule: '0 0 1 2 *' } });
    await rig.settle();
    expect(rig.told('team')).to.equal('True Synced 3/3');
  });

  it('one whose source gives logins for seconds is told so, and is not written all the time', async () => {
    rig.giver.life = 20_000;
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    expect(rig.told('team')).to.equal('True Synced 2/2');
    expect(rig.condition('SourceFailing')?.message).to.contain('live for less than two minutes');
    await rig.settle(10 * MINUTE);
    expect(rig.giver.asked.length).to.be.at.most(12);
    rig.giver.life = 60 * MINUTE;
    await rig.settle(2 * MINUTE);
    expect(rig.condition('SourceFailing')).to.equal(undefined);
  });

  it('a suspended one is not fetched for, and catches up when it is resumed', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    rig.setSpec({ suspend: true });
    await rig.settle(3 * 60 * MINUTE);
    expect(rig.giver.asked).to.have.lengthOf(1);
    const { expiresAt } = rig.status ?? {};
    expect(expiresAt).to.be.a('string');
    rig.setSpec({ suspend: false });
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=token-2');
  });

  it('one that is suspended when the operator starts is not fetched for', async () => {
    rig.server.given(aCredential('team').withToken('r.io').suspended());
    await rig.start();
    expect(rig.told('team')).to.match(/^Unknown Suspended/);
    expect(rig.giver.asked).to.deep.equal([]);
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
    expect(rig.giver.asked).to.have.lengthOf(1);
  });

  it('one that is deleted is undone and fetched for no more', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    rig.server.delete('registrycredentials', 'team');
    await rig.settle(3 * 60 * MINUTE);
    expect(rig.logins('apps')).to.equal(undefined);
    expect(rig.giver.asked).to.have.lengthOf(1);
  });

  it('a replica that leads no more fetches no more', async () => {
    rig.server.given(aCredential('team').withToken('r.io'));
    await rig.start();
    rig.controller.standBy();
    await rig.settle(3 * 60 * MINUTE);
    expect(rig.giver.asked).to.have.lengthOf(1);
  });

  it('with stored logins only the annotation is answered, and fetches nothing', async () => {
    rig.server.given(aBasicSecret('other', 'robot', 'p'), aCredential('team').withBasic('r.io', 'other'));
    await rig.start();
    rig.annotate('now');
    await rig.settle();
    expect(rig.status?.lastHandledRefresh).to.equal('now');
    expect(rig.giver.asked).to.deep.equal([]);
  });
});
