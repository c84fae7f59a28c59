// How long a reflector gives a list and a watch, by a clock of the test's own.

import { expect } from 'chai';
import { settle } from '../testing/fake-clock.ts';
import { ReflectorRig } from '../testing/reflector-rig.ts';
import { TransportError } from './errors.ts';

describe('the time of a reflector', () => {
  let rig: ReflectorRig;

  beforeEach(() => {
    rig = new ReflectorRig();
  });

  afterEach(async () => {
    await rig.reflector.stop();
    expect(rig.clock.pending).to.equal(0);
  });

  it('gives a list more time that was ended by its time, and begins a watch of ordinary length after it', async () => {
    const asked = (): unknown[] => rig.client.watches.map(({ request }) => request.query?.timeoutSeconds);
    rig.client.last.open().send('ADDED', 'a', '3');
    await rig.clock.advance(43_000);
    rig.client.last.end();
    await settle();
    await rig.clock.advance(150);
    expect(asked()).to.deep.equal(['43', '86']);
    rig.client.last.open();
    for (let sent = 0; sent < 2; sent++) {
      await rig.clock.advance(40_000);
      rig.client.last.send('ADDED', 'a', '3');
    }
    rig.client.last.listed('9');
    await settle();
    expect(rig.sink).to.deep.equal(['replace a 9']);
    expect(asked()).to.deep.equal(['43', '86', '43']);
    expect(rig.client.last.request.query).to.include({ resourceVersion: '9' });
    expect([rig.reflector.problem, rig.failures]).to.deep.equal([undefined, 1]);
  });

  it('counts the silence of a watch from when it was open, however long that took', async () => {
    await rig.list();
    rig.client.last.fail(new TransportError('connection reset'));
    await settle();
    await rig.clock.advance(150);
    await rig.clock.advance(20_000);
    rig.client.last.open();
    await rig.clock.advance(54_999);
    expect(rig.client.watches).to.have.length(2);
    expect(rig.reflector.problem).to.equal(undefined);
    await rig.clock.advance(1);
    expect(rig.reflector.problem?.message).to.contain('silent for 55 s');
  });

  it('keeps a watch for minutes where the connection is asked whether it lives', async () => {
    rig.client.endsDeadWatches = true;
    await rig.list();
    rig.client.last.end();
    await settle();
    expect(rig.client.last.request.query.timeoutSeconds).to.equal('450');
    rig.client.last.open();
    await rig.clock.advance(659_999);
    expect(rig.reflector.problem).to.equal(undefined);
    await rig.clock.advance(1);
    expect(rig.reflector.problem?.message).to.contain('silent for 660 s');
  });

  it('begins a short watch after the list where the server turned out to have no such connection', async () => {
    await rig.reflector.stop();
    rig = new ReflectorRig(true);
    expect(rig.client.last.request.query.timeoutSeconds).to.equal('450');
    rig.client.endsDeadWatches = false;
    rig.client.last.open().listed('9');
    await settle();
    expect(rig.client.last.request.query).to.include({ timeoutSeconds: '43', resourceVersion: '9' });
    rig.client.last.open();
    await rig.clock.advance(55_000);
    expect(rig.reflector.problem?.message).to.contain('silent for 55 s');
  });

  it('cuts a list that has stopped within a minute, whatever it gives a watch', async () => {
    await rig.reflector.stop();
    rig = new ReflectorRig(true);
    rig.client.last.open().send('ADDED', 'a', '3');
    await rig.clock.advance(54_999);
    expect(rig.reflector.problem).to.equal(undefined);
    await rig.clock.advance(1);
    expect(rig.reflector.problem?.message).to.contain('silent for 55 s');
  });

  it('asks for a short watch instead when the server speaks HTTP/1.1 only by the time it is open', async () => {
    rig.client.endsDeadWatches = true;
    await rig.list();
    rig.client.last.end();
    await settle();
    expect(rig.client.last.request.query.timeoutSeconds).to.equal('450');
    rig.client.endsDeadWatches = false;
    rig.client.last.open();
    await settle();
    expect(rig.client.last.request.query.timeoutSeconds).to.equal('43');
    expect([rig.reflector.problem, rig.failures]).to.deep.equal([undefined, 0]);
  });
});
