// Who leads, when, and what stands in the Lease, with replicas whose wall clocks disagree.

import { expect } from 'chai';
import { OPERATOR_NAMESPACE } from '../testing/builders.ts';
import { settle } from '../testing/fake-clock.ts';
import { LEASE, LeaseRig } from '../testing/lease-rig.ts';
import { ApiError } from './errors.ts';

const HOUR = 3_600_000;

describe('a leader election', () => {
  let rig: LeaseRig;

  beforeEach(() => {
    rig = new LeaseRig();
  });

  afterEach(async () => {
    await rig.stop();
    expect(rig.clock.pending).to.equal(0);
  });

  it('takes a Lease that is absent without waiting', async () => {
    const a = rig.replica('a');
    a.election.start();
    await settle();
    expect(a.turns).to.deep.equal(['acquired 0']);
    expect(a.election.isLeader()).to.equal(true);
    expect(a.election.signal.aborted).to.equal(false);
    expect(rig.lease).to.deep.equal({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:00.000000Z',
      leaseTransitions: 0,
    });
  });

  it('renews every two seconds at most, by one write each and no read', async () => {
    const a = rig.replica('a');
    a.election.start();
    await settle();
    const before = rig.server.requests.length;
    await rig.clock.advance(60_000);
    const since = rig.server.requests.slice(before).map(({ method }) => method);
    expect(since).to.deep.equal(Array(33).fill('PUT'));
    expect(rig.lease?.renewTime).to.equal('2026-01-01T00:00:59.400000Z');
    expect(rig.lease?.acquireTime).to.equal('2026-01-01T00:00:00.000000Z');
    expect(a.turns).to.have.length(1);
  });

  it('leaves the Lease alone for as long as the API server asks', async () => {
    const at: number[] = [];
    rig.server.before = ({ method }) => {
      if (method !== 'PUT') return;
      at.push(rig.clock.monotonic());
      if (at.length === 1) throw new ApiError(429, 'TooManyRequests', 'slow down', [], 7_000);
    };
    rig.replica('a').election.start();
    await rig.clock.advance(12_000);
    expect((at[1] ?? 0) - (at[0] ?? 0)).to.equal(7_000);
    expect(rig.leaders).to.deep.equal(['a']);
  });

  it('counts that from the last answer, however long ago it began to look', async () => {
    const at: number[] = [];
    rig.server.before = async ({ method }) => {
      if (method !== 'PUT') return;
      at.push(rig.clock.monotonic());
      if (at.length > 1) return;
      // As the transport does, which was refused before and asked again.
      await new Promise<void>(resolve => void rig.clock.setTimeout(resolve, 3_100));
      throw new ApiError(429, 'TooManyRequests', 'slow down', [], 3_000);
    };
    rig.replica('a').election.start();
    await rig.clock.advance(12_000);
    expect((at[1] ?? 0) - (at[0] ?? 0)).to.equal(6_100);
    expect(rig.leaders).to.deep.equal(['a']);
  });

  it('lets a standby look on without a write, however wrong its wall clock is', async () => {
    rig.replica('a', -HOUR).election.start();
    await settle();
    const standbys = [rig.replica('b', HOUR), rig.replica('c', -2 * HOUR)];
    for (const { election } of standbys) election.start();
    await rig.clock.advance(300_000);
    expect(rig.leaders).to.deep.equal(['a']);
    expect([...rig.writesOf('b'), ...rig.writesOf('c')]).to.deep.equal([]);
    expect(standbys[0]?.log).to.deep.equal(['info another replica leads']);
    expect(standbys[0]?.election.holder).to.equal('a');
    expect(standbys[0]?.election.signal.aborted).to.equal(true);
  });

  it('replaces a killed leader within 20 s, and not before 15', async () => {
    const a = rig.replica('a', HOUR);
    const b = rig.replica('b', -HOUR);
    a.election.start();
    await settle();
    b.election.start();
    await rig.clock.advance(3_700);
    a.kill();
    await rig.clock.advance(20_000);
    // a renewed last at 3,600, and b saw that at once.
    expect(b.turns).to.deep.equal(['acquired 18600']);
    expect(rig.lease?.leaseTransitions).to.equal(1);
  });

  it('stops leading five seconds before it can be replaced when it is cut off', async () => {
    const a = rig.replica('a');
    const b = rig.replica('b');
    a.election.start();
    await settle();
    const { signal } = a.election;
    b.election.start();
    a.connection = 'silent';
    await rig.clock.advance(9_999);
    expect(a.election.isLeader()).to.equal(true);
    await rig.clock.advance(1);
    expect(a.election.isLeader()).to.equal(false);
    expect(signal.aborted).to.equal(true);
    expect(a.log).to.include('warn lost the lease');
    await rig.clock.advance(10_000);
    expect(a.turns).to.deep.equal(['acquired 0', 'lost 10000']);
    expect(b.turns).to.deep.equal(['acquired 15000']);
  });

  it('counts a term from before the request, though the answer came late', async () => {
    const a = rig.replica('a');
    a.election.start();
    await settle();
    let answer = (): void => undefined;
    rig.server.after = () => new Promise<void>(resolve => (answer = resolve));
    await rig.clock.advance(5_000);
    rig.server.after = undefined;
    answer();
    await settle();
    a.connection = 'silent';
    await rig.clock.advance(60_000);
    // The renewal that was answered at 5,000 began at 1,800.
    expect(a.turns).to.deep.equal(['acquired 0', 'lost 11800']);
  });

  it('leads again when the connection is back before anybody replaced it', async () => {
    const a = rig.replica('a');
    a.election.start();
    await settle();
    a.connection = 'silent';
    await rig.clock.advance(12_000);
    a.connection = 'up';
    await rig.clock.advance(5_000);
    expect(a.turns.map(turn => turn.split(' ')[0])).to.deep.equal(['acquired', 'lost', 'acquired']);
    expect(rig.lease?.leaseTransitions).to.equal(0);
    expect(a.log.filter(line => line.startsWith('warn'))).to.deep.equal([
      'warn could not renew or take the lease',
      'warn lost the lease',
    ]);
  });

  it('finds out that a renewal without an answer had arrived', async () => {
    const a = rig.replica('a');
    a.election.start();
    await settle();
    a.connection = 'deaf';
    await rig.clock.advance(3_000);
    a.connection = 'up';
    await rig.clock.advance(60_000);
    expect(a.turns).to.deep.equal(['acquired 0']);
  });

  it('lets one of two candidates have it that come at the same moment', async () => {
    const [a, b] = [rig.replica('a'), rig.replica('b')];
    a.election.start();
    b.election.start();
    await rig.clock.advance(10_000);
    expect(rig.leaders).to.have.length(1);
    expect([...a.turns, ...b.turns]).to.deep.equal(['acquired 0']);
    expect([...a.log, ...b.log].filter(line => line.startsWith('warn'))).to.deep.equal([]);
  });

  it('makes a Lease again that somebody deleted, and no standby is faster', async () => {
    const [a, b] = [rig.replica('a'), rig.replica('b')];
    a.election.start();
    await settle();
    b.election.start();
    await rig.clock.advance(3_500);
    rig.server.delete('leases', OPERATOR_NAMESPACE, LEASE);
    await rig.clock.advance(60_000);
    expect(a.turns).to.deep.equal(['acquired 0']);
    expect(rig.writesOf('b')).to.deep.equal([]);
    expect(rig.lease?.holderIdentity).to.equal('a');
  });

  it('stops leading when somebody hands the Lease to another', async () => {
    const a = rig.replica('a');
    a.election.start();
    await settle();
    rig.server.update('leases', `${OPERATOR_NAMESPACE}/${LEASE}`, lease =>
      Object.assign(lease, { spec: { ...lease.spec, holderIdentity: 'b' } }),
    );
    await rig.clock.advance(2_000);
    expect(a.turns).to.deep.equal(['acquired 0', 'lost 1800']);
  });

  it('tries for ever when it is refused, and says so once', async () => {
    const a = rig.replica('a');
    rig.server.before = () => {
      throw new ApiError(403, 'Forbidden', 'leases "regcred" is forbidden');
    };
    a.election.start();
    await rig.clock.advance(60_000);
    rig.server.before = undefined;
    await rig.clock.advance(2_000);
    expect(rig.leaders).to.deep.equal(['a']);
    expect(a.log.filter(line => line.startsWith('warn'))).to.deep.equal([
      'warn could not renew or take the lease',
    ]);
  });

  it('is not ready before it could take part, says why, and is from then on', async () => {
    const [a, b] = [rig.replica('a'), rig.replica('b')];
    expect(a.election.unready()).to.deep.equal(['lease regcred-system/regcred: not looked at yet']);
    rig.server.before = () => {
      throw new ApiError(403, 'Forbidden', 'leases "regcred" is forbidden');
    };
    a.election.start();
    await rig.clock.advance(5_000);
    expect(a.election.unready()).to.deep.equal([
      'lease regcred-system/regcred: leases "regcred" is forbidden',
    ]);
    rig.server.before = undefined;
    b.election.start();
    await rig.clock.advance(5_000);
    expect(rig.leaders).to.have.length(1);
    for (const { election } of [a, b]) expect(election.unready(), 'leader or standby').to.deep.equal([]);
    a.connection = 'silent';
    b.connection = 'silent';
    await rig.clock.advance(60_000);
    expect(a.election.unready(), 'it did take part').to.deep.equal([]);
  });
});
