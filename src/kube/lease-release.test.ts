// How a replica goes: it gives back what it holds, touches nothing else, and does not dawdle.

import { expect } from 'chai';
import { settle } from '../testing/fake-clock.ts';
import { LeaseRig } from '../testing/lease-rig.ts';

describe('a replica that stops', () => {
  let rig: LeaseRig;

  beforeEach(() => {
    rig = new LeaseRig();
  });

  afterEach(async () => {
    await rig.stop();
    expect(rig.clock.pending).to.equal(0);
  });

  it('gives the Lease back when it stops, and another one leads within two seconds', async () => {
    const a = rig.replica('a');
    const b = rig.replica('b');
    a.election.start();
    await settle();
    b.election.start();
    await rig.clock.advance(30_000);
    const stopped = a.election.stop();
    expect(a.election.isLeader()).to.equal(false);
    await stopped;
    expect(rig.lease).to.include({ holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 0 });
    await rig.clock.advance(2_000);
    expect(rig.leaders).to.deep.equal(['b']);
    expect(rig.lease).to.include({ holderIdentity: 'b', leaseDurationSeconds: 15, leaseTransitions: 1 });
    expect(a.turns).to.deep.equal(['acquired 0']);
  });

  it('stops within a second when nobody answers', async () => {
    const a = rig.replica('a');
    a.election.start();
    await settle();
    a.connection = 'silent';
    await rig.clock.advance(2_000);
    let stopped = false;
    const stop = a.election.stop().then(() => (stopped = true));
    await rig.clock.advance(1_000);
    expect(stopped).to.equal(true);
    await stop;
    expect(a.log.at(-1)).to.equal('warn could not give the lease back');
  });

  it('does not touch the Lease when a standby stops', async () => {
    const b = rig.replica('b');
    rig.replica('a').election.start();
    await settle();
    b.election.start();
    await rig.clock.advance(5_000);
    const before = rig.lease;
    await b.election.stop();
    expect(rig.lease).to.deep.equal(before);
    expect(rig.writesOf('b')).to.deep.equal([]);
  });

  it('leaves the Lease to its new holder when the old one stops late', async () => {
    const [a, b] = [rig.replica('a'), rig.replica('b')];
    a.election.start();
    await settle();
    b.election.start();
    a.connection = 'silent';
    await rig.clock.advance(16_000);
    const stopped = a.election.stop();
    a.connection = 'up';
    await rig.clock.advance(900);
    await stopped;
    expect(a.log).not.to.include('info gave the lease back');
    expect(rig.lease?.holderIdentity).to.equal('b');
  });

  it('does not begin a term with an answer that comes after stop', async () => {
    const a = rig.replica('a');
    let answer = (): void => undefined;
    rig.server.after = ({ method }) =>
      method === 'POST' ? new Promise<void>(resolve => (answer = resolve)) : undefined;
    a.election.start();
    await settle();
    const stopped = a.election.stop();
    answer();
    await stopped;
    expect(a.turns).to.deep.equal([]);
    expect(rig.lease?.holderIdentity).to.equal('');
  });
});
