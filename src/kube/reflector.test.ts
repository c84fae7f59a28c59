// What a reflector asks of the server and what reaches the sink, watch by scripted watch.

import { expect } from 'chai';
import { settle } from '../testing/fake-clock.ts';
import { ReflectorRig } from '../testing/reflector-rig.ts';
import { ApiError, TransportError } from './errors.ts';

describe('a reflector', () => {
  let rig: ReflectorRig;

  beforeEach(() => {
    rig = new ReflectorRig();
  });

  afterEach(async () => {
    await rig.reflector.stop();
    expect(rig.clock.pending).to.equal(0);
  });

  it('asks for a streamed list and hands it over whole', async () => {
    rig.client.last.open().send('ADDED', 'a', '3');
    await settle();
    expect(rig.reflector.synced).to.equal(false);
    expect(rig.client.last.request.query).to.deep.equal({
      fieldSelector: 'x',
      allowWatchBookmarks: 'true',
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      timeoutSeconds: '43',
    });
    rig.client.last
      .send('ADDED', 'b', '2')
      .send('ADDED', 'skipped', '4')
      .send('DELETED', 'a', '5')
      .listed('9');
    await settle();
    expect(rig.sink).to.deep.equal(['replace b 9']);
    expect(rig.reflector.synced).to.equal(true);
    expect(rig.synced).to.equal(1);
  });

  it('follows with the same watch', async () => {
    await rig.list();
    rig.client.last
      .send('MODIFIED', 'a', '10')
      .send('ADDED', 'c', '11')
      .send('DELETED', 'b', '12')
      .send('BOOKMARK', '', '20');
    await settle();
    expect(rig.sink.slice(1)).to.deep.equal(['upsert a', 'upsert c', 'remove b', 'bookmark 20']);
  });

  it('goes on from the last resourceVersion when the server ends the watch', async () => {
    await rig.list();
    await rig.clock.advance(43_000);
    rig.client.last.send('BOOKMARK', '', '20').end();
    await settle();
    expect(rig.client.watches).to.have.length(2);
    expect(rig.client.requests).to.equal(0);
    expect(rig.client.last.request.query).to.deep.equal({
      fieldSelector: 'x',
      allowWatchBookmarks: 'true',
      resourceVersion: '20',
      timeoutSeconds: '43',
    });
    expect(rig.problems).to.deep.equal([]);
  });

  it('lists again at once when its resourceVersion has expired, and stays synced', async () => {
    await rig.list();
    rig.client.last.fail(new ApiError(410, 'Expired', 'too old resource version'));
    await settle();
    expect(rig.client.last.request.query).to.include({ sendInitialEvents: 'true' });
    expect(rig.reflector.synced).to.equal(true);
    rig.client.last.open().send('ADDED', 'c', '30').listed('31');
    await settle();
    expect(rig.sink).to.deep.equal(['replace a,b 9', 'replace c 31']);
    expect(rig.synced).to.equal(1);
    expect(rig.problems).to.deep.equal([]);
  });

  it('tells a larger resourceVersion from a smaller one by number, not by letter', async () => {
    await rig.list();
    rig.client.last.send('MODIFIED', 'a', '10');
    await settle();
    expect(rig.sink.at(-1)).to.equal('upsert a');
  });

  it('begins with a short wait again when a server that was away answers, though it refuses', async () => {
    for (let round = 0; round < 8; round++) {
      rig.client.last.fail(new TransportError('connection refused'));
      await rig.clock.advance(30_000);
    }
    rig.client.last.fail(new ApiError(403, 'Forbidden', 'RBAC is not read yet'));
    await settle();
    const first = (rig.clock.next ?? 0) - rig.clock.now();
    await rig.clock.advance(first);
    rig.client.last.fail(new ApiError(403, 'Forbidden', 'RBAC is not read yet'));
    await settle();
    expect([first, (rig.clock.next ?? 0) - rig.clock.now()]).to.deep.equal([150, 300]);
  });

  it('waits longer each time where one of two servers is away and the other refuses', async () => {
    const waits: number[] = [];
    for (let round = 0; round < 8; round++) {
      const isAway = round % 2 === 0;
      rig.client.last.fail(
        isAway ? new TransportError('connection refused') : new ApiError(503, '', 'no backend'),
      );
      await settle();
      waits.push((rig.clock.next ?? 0) - rig.clock.now());
      await rig.clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits).to.deep.equal([150, 150, 300, 600, 1200, 2400, 4800, 9600]);
  });

  it('begins with a short wait again when a watch that was open for a while breaks, though it said nothing', async () => {
    await rig.list();
    for (let round = 0; round < 8; round++) {
      rig.client.last.fail(new TransportError('connection reset'));
      await rig.clock.advance(30_000);
    }
    rig.client.last.open();
    await rig.clock.advance(5_000);
    rig.client.last.fail(new TransportError('connection reset'));
    await settle();
    expect((rig.clock.next ?? 0) - rig.clock.now()).to.equal(150);
  });

  it('lists anew when it is told to, counts as never listed until then, and calls that no failure', async () => {
    await rig.list();
    rig.reflector.relist();
    rig.client.last.send('MODIFIED', 'a', '10');
    await settle();
    expect(rig.reflector.synced).to.equal(false);
    expect(rig.client.last.request.query).to.include({ sendInitialEvents: 'true' });
    rig.client.last.open().send('ADDED', 'c', '5').listed('6');
    await settle();
    expect(rig.sink).to.deep.equal(['replace a,b 9', 'replace c 6']);
    expect([rig.reflector.synced, rig.synced, rig.failures]).to.deep.equal([true, 2, 0]);
  });

  it('lets nothing reach the sink once it has stopped', async () => {
    await rig.list();
    const watch = rig.client.last;
    watch.send('MODIFIED', 'a', '10');
    await rig.reflector.stop();
    expect(rig.sink).to.deep.equal(['replace a,b 9']);
  });
});
