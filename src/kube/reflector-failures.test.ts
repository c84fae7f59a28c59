// What a reflector does when the server fails, falls silent or has lost its history.

import { expect } from 'chai';
import { settle } from '../testing/fake-clock.ts';
import { ReflectorRig } from '../testing/reflector-rig.ts';
import { ApiError, TransportError } from './errors.ts';

describe('a reflector in trouble', () => {
  let rig: ReflectorRig;

  beforeEach(() => {
    rig = new ReflectorRig();
  });

  afterEach(async () => {
    await rig.reflector.stop();
    expect(rig.clock.pending).to.equal(0);
  });

  it('does not list in a tight loop when every watch has expired', async () => {
    await rig.list();
    for (let round = 0; round < 5; round++) {
      rig.client.last.fail(new ApiError(410, 'Expired', 'too old resource version'));
      await settle();
      rig.client.last.listed('9');
      await settle();
    }
    expect(rig.client.watches).to.have.length(2);
  });

  it('lists again at once when the server was away for a while and has lost its history', async () => {
    await rig.list();
    for (let round = 0; round < 8; round++) {
      rig.client.last.fail(new TransportError('connection refused'));
      await rig.clock.advance(30_000);
    }
    rig.client.last.fail(new ApiError(410, 'Expired', 'too old resource version'));
    await settle();
    expect(rig.client.last.request.query).to.include({ sendInitialEvents: 'true' });
    rig.client.last.open().send('ADDED', 'a', '12').listed('12');
    await settle();
    expect(rig.sink.at(-1)).to.equal('replace a 12');
  });

  it('lists again when the resourceVersions go back', async () => {
    await rig.list();
    rig.client.last.send('MODIFIED', 'a', '8');
    await settle();
    expect(rig.client.last.request.query).to.include({ sendInitialEvents: 'true' });
    expect(rig.sink).to.deep.equal(['replace a,b 9']);
  });

  it('lists again when, after a failure, the server is at an older state', async () => {
    await rig.list();
    rig.client.resourceVersion = '8';
    rig.client.last.fail(new TransportError('connection reset'));
    await settle();
    await rig.clock.advance(150);
    await rig.clock.advance(300);
    expect(rig.client.last.request.query).to.include({ sendInitialEvents: 'true' });
    rig.client.last.open().send('ADDED', 'a', '3').listed('8');
    await settle();
    expect(rig.sink).to.deep.equal(['replace a,b 9', 'replace a 8']);
    expect(rig.reflector.problem).to.equal(undefined);
  });

  it('lists again when the server ends the watch before its time and is at an older state then', async () => {
    await rig.list();
    rig.client.resourceVersion = '8';
    await rig.clock.advance(41_000);
    rig.client.last.end();
    await settle();
    expect(rig.client.last.request.query).to.include({ sendInitialEvents: 'true' });
    rig.client.last.open().send('ADDED', 'a', '3').listed('8');
    await settle();
    expect(rig.sink.at(-1)).to.equal('replace a 8');
    expect(rig.problems).to.deep.equal([]);
  });

  it('lists again when the server does not know its resourceVersion yet', async () => {
    await rig.list();
    rig.client.last.fail(
      new ApiError(504, 'Timeout', 'Too large resource version', ['ResourceVersionTooLarge']),
    );
    await settle();
    expect(rig.client.last.request.query).to.include({ sendInitialEvents: 'true' });
  });

  it('waits longer after each failure, for ever, and says what it is', async () => {
    const waits: number[] = [];
    for (let round = 0; round < 12; round++) {
      rig.client.last.fail(new TransportError('connection refused'));
      await settle();
      waits.push((rig.clock.next ?? 0) - rig.clock.now());
      await rig.clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits.slice(0, 4)).to.deep.equal([150, 300, 600, 1200]);
    expect(waits.at(-1)).to.equal(22_500);
    expect(rig.reflector.problem?.message).to.equal('connection refused');
    expect(rig.problems).to.have.length(1);
    expect(rig.failures).to.equal(12);
    expect(rig.logged).to.deep.equal([{ reflector: 'namespaces', error: rig.reflector.problem }]);
    expect(rig.reflector.synced).to.equal(false);
  });

  it('is well again as soon as the server accepts the watch, and stays synced meanwhile', async () => {
    await rig.list();
    rig.client.last.fail(new TransportError('connection reset'));
    await settle();
    expect(rig.reflector.problem).to.be.instanceOf(TransportError);
    expect(rig.reflector.synced).to.equal(true);
    await rig.clock.advance(150);
    rig.client.last.open();
    await settle();
    expect(rig.reflector.problem).to.equal(undefined);
    expect(rig.problems.map(problem => problem?.message)).to.deep.equal(['connection reset', undefined]);
  });

  it('begins with a short wait again after progress', async () => {
    await rig.list();
    for (let round = 0; round < 5; round++) {
      rig.client.last.fail(new TransportError('connection reset'));
      await settle();
      await rig.clock.advance((rig.clock.next ?? 0) - rig.clock.now());
    }
    rig.client.last.open().send('MODIFIED', 'a', '10').fail(new TransportError('connection reset'));
    await settle();
    expect((rig.clock.next ?? 0) - rig.clock.now()).to.equal(150);
  });

  it('waits at least as long as the server asks', async () => {
    rig.client.last.fail(new ApiError(429, 'TooManyRequests', 'slow down', [], 7000));
    await settle();
    expect((rig.clock.next ?? 0) - rig.clock.now()).to.equal(7000);
  });

  it('backs off from a server that ends every watch at once', async () => {
    await rig.list();
    rig.client.last.end();
    await settle();
    rig.client.last.open().end();
    await settle();
    expect(rig.client.watches).to.have.length(2);
    expect(rig.reflector.problem?.message).to.contain('ended at once');
  });

  it('takes an incomplete list for a failure and forgets it', async () => {
    rig.client.last.open().send('ADDED', 'a', '3').end();
    await settle();
    expect(rig.reflector.problem?.message).to.contain('before it was complete');
    await rig.clock.advance(150);
    rig.client.last.open().send('ADDED', 'b', '4').listed('9');
    await settle();
    expect(rig.sink).to.deep.equal(['replace b 9']);
  });

  it('cuts a watch that has been silent for longer than any watch, within a minute, and resumes it', async () => {
    await rig.list();
    await rig.clock.advance(40_000);
    rig.client.last.send('BOOKMARK', '', '20');
    await rig.clock.advance(54_999);
    expect(rig.client.watches).to.have.length(1);
    await rig.clock.advance(1);
    expect(rig.client.watches[0]?.request.signal.aborted).to.equal(true);
    expect(rig.reflector.problem?.message).to.contain('silent for 55 s');
    await rig.clock.advance(150);
    expect(rig.client.last.request.query).to.include({ resourceVersion: '20' });
  });

  it('skips an object that it cannot read, naming it without its content', async () => {
    rig.client.last
      .open()
      .send('ADDED', 'bad', '1')
      .send('ADDED', 'good', '2')
      .listed('9')
      .send('MODIFIED', 'bad', '10');
    rig.client.last.send('MODIFIED', 'good', '11');
    await settle();
    expect(rig.sink).to.deep.equal(['replace good 9', 'upsert good']);
    expect(rig.logged[0]).to.deep.equal({
      reflector: 'namespaces',
      namespace: 'ns',
      name: 'bad',
      error: { name: 'SyntaxError' },
    });
    expect(JSON.stringify(rig.logged)).not.to.contain('hunter2');
    expect(rig.reflector.problem).to.equal(undefined);
  });

  it('goes on after a handler that throws, and calls that no object that cannot be read', async () => {
    await rig.list();
    rig.mistake = 'a';
    rig.client.last.send('MODIFIED', 'a', '10').send('DELETED', 'a', '11').send('MODIFIED', 'b', '12');
    await settle();
    expect(rig.sink.slice(1)).to.deep.equal(['upsert b']);
    expect(rig.messages).to.deep.equal(['could not handle a change', 'could not handle a change']);
    const { error, ...where } = rig.logged[0] ?? {};
    expect(where).to.deep.equal({ reflector: 'namespaces', namespace: 'ns', name: 'a' });
    expect(error).to.be.instanceOf(TypeError);
    expect(rig.client.watches).to.have.length(1);
    expect(rig.reflector.problem).to.equal(undefined);
  });

  it('goes on after a bookmark that is not handled, from where the server is', async () => {
    await rig.list();
    rig.mistake = '20';
    rig.client.last.send('BOOKMARK', '', '20').end();
    await settle();
    expect(rig.messages).to.deep.equal(['could not handle a change']);
    expect(rig.client.last.request.query).to.include({ resourceVersion: '20' });
    expect(rig.reflector.problem).to.equal(undefined);
  });

  it('does not list again for a handler that throws at the list, and brings all else one by one', async () => {
    rig.mistake = 'a';
    await rig.list();
    rig.client.last.send('MODIFIED', 'b', '10').end();
    await settle();
    expect(rig.sink).to.deep.equal(['upsert b', 'upsert b']);
    expect(rig.messages).to.deep.equal(['could not handle a change', 'could not handle a change']);
    expect(rig.reflector.synced).to.equal(true);
    expect(rig.synced).to.equal(1);
    expect(rig.client.last.request.query).to.include({ resourceVersion: '10' });
    expect(rig.reflector.problem).to.equal(undefined);
  });

  it('says which Kubernetes it needs when the server cannot stream lists', async () => {
    const message = 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled';
    rig.client.last.fail(new ApiError(422, 'Invalid', message));
    await settle();
    expect(rig.reflector.problem?.message).to.contain('needs Kubernetes 1.34 or newer');
  });

  it('stops at once while it waits', async () => {
    rig.client.last.fail(new TransportError('connection refused'));
    await settle();
    await rig.reflector.stop();
    expect(rig.client.watches).to.have.length(1);
  });
});
