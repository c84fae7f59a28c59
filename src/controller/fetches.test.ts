// Tokens on a clock of the test: when they are fetched, how often, for whom, and what becomes of them when that fails.

import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { failed } from '../sources/source-failure.ts';
import { FetchRig, secretsWith } from '../testing/fetch-rig.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const away = failed('TokenUnavailable', 'the token server is away');

describe('the fetches', () => {
  let rig: FetchRig;
  beforeEach(() => {
    rig = new FetchRig();
  });

  it('nobody waits for one: what is asked for first is awaited, and there when it wakes', async () => {
    expect(rig.use()).to.include({ token: undefined, failure: undefined, isAwaited: true });
    await rig.clock.advance(0);
    expect(rig.woken).to.deep.equal(['team']);
    expect(rig.password()).to.equal('token-1');
    expect(rig.use()).to.include({ isAwaited: false });
  });

  it('two who ask for the same share one fetch, and both are woken', async () => {
    rig.use('one');
    rig.use('two');
    await rig.clock.advance(0);
    expect(rig.giver.asked).to.have.lengthOf(1);
    expect(rig.woken).to.have.members(['one', 'two']);
    expect([rig.password('one'), rig.password('two')]).to.deep.equal(['token-1', 'token-1']);
  });

  it('it is renewed between half and three quarters of its life', async () => {
    rig.use();
    await rig.clock.advance(24 * HOUR);
    for (const pause of rig.pauses()) expect(pause).to.be.within(30, 45);
    expect(rig.giver.asked.length).to.be.within((24 * 60) / 45, (24 * 60) / 30);
  });

  it('a token that does not end is not fetched again', async () => {
    rig.giver.life = undefined;
    rig.use();
    await rig.clock.advance(24 * HOUR);
    expect(rig.giver.asked).to.have.lengthOf(1);
  });

  it('while it fails the last one stays, and it is tried again with growing pauses of up to five minutes', async () => {
    rig.use();
    await rig.clock.advance(0);
    rig.giver.failure = away;
    await rig.clock.advance(3 * HOUR);
    expect(rig.password()).to.equal('token-1');
    expect(rig.use().failure).to.equal(away);
    expect(
      rig
        .pauses()
        .slice(-5)
        .every(pause => pause >= 2 && pause <= 5),
    ).to.equal(true);
    rig.giver.failure = undefined;
    await rig.clock.advance(5 * MINUTE);
    expect(rig.use().failure).to.equal(undefined);
    expect(rig.password()).to.equal(`token-${rig.giver.asked.length}`);
  });

  it('one that gives no answer is given up after 30 seconds, even if it does not heed that', async () => {
    rig.giver.answering = new Promise(() => undefined);
    rig.use();
    await rig.clock.advance(29_000);
    expect(rig.use()).to.include({ isAwaited: true, failure: undefined });
    await rig.clock.advance(2_000);
    expect(rig.use().failure?.message).to.contain('no answer within 30 s');
    expect(rig.giver.calledOff).to.equal(1);
  });

  it('one that is thrown by a library is a failure, and nothing of its text is told', async () => {
    rig.giver.ask = () => Promise.reject(new TypeError('password=not-a-real-password'));
    rig.use();
    await rig.clock.advance(0);
    expect(rig.use().failure?.reason).to.equal('TokenUnavailable');
    expect(rig.use().failure?.message).to.contain('TypeError');
    expect(JSON.stringify([rig.log, rig.use().failure])).to.not.contain('not-a-real');
  });

  it('what a source Secret holds counts: other content is fetched at once, other labels are not', async () => {
    rig.use();
    await rig.clock.advance(0);
    rig.use('team', secretsWith('p', '2'));
    await rig.clock.advance(0);
    expect(rig.giver.asked).to.have.lengthOf(1);
    rig.use('team', secretsWith('other', '3'));
    await rig.clock.advance(0);
    expect(rig.giver.asked).to.have.lengthOf(2);
  });

  it('a token that is known from earlier is kept for as long as it is good for the same words', async () => {
    const { key } = rig.use();
    await rig.clock.advance(0);
    const known = rig.use().token;
    rig.fetches.retain('team', []);
    expect(known?.key).to.equal(key);
    rig.use('team', secretsWith('p'), known);
    await rig.clock.advance(29 * MINUTE);
    expect(rig.giver.asked).to.have.lengthOf(1);
    expect(rig.use('other', secretsWith('new'), known).token).to.equal(known);
    await rig.clock.advance(0);
    expect(rig.giver.asked).to.have.lengthOf(2);
  });

  it('a token that is over when it comes is a failure, and does not take the place of a living one', async () => {
    rig.use();
    await rig.clock.advance(0);
    rig.giver.life = -MINUTE;
    await rig.clock.advance(46 * MINUTE);
    expect(rig.password()).to.equal('token-1');
    expect(rig.use().failure?.message).to.contain('already ended');
  });

  it('a token that ends at a time which is none is a failure, and is asked for again', async () => {
    rig.giver.life = Number.NaN;
    rig.use();
    await rig.clock.advance(0);
    expect([rig.use().failure?.message, rig.password()]).to.satisfy(
      ([message, password]: string[]) => message?.includes('a time that is none') && password === undefined,
    );
    rig.giver.life = HOUR;
    await rig.clock.advance(MINUTE);
    expect(rig.use().failure).to.equal(undefined);
  });

  it('what nobody asks for any more is called off and forgotten', async () => {
    rig.giver.answering = new Promise(() => undefined);
    rig.use('one');
    rig.use('two');
    await rig.clock.advance(0);
    rig.fetches.retain('one', []);
    expect(rig.giver.calledOff).to.equal(0);
    rig.fetches.retain('two', []);
    expect(rig.giver.calledOff).to.equal(1);
    await rig.clock.advance(24 * HOUR);
    expect(rig.giver.asked).to.have.lengthOf(1);
    expect([rig.woken, rig.learned, rig.clock.pending]).to.deep.equal([[], [], 0]);
  });

  it('nothing is fetched after the end, and nobody woken', async () => {
    rig.use();
    await rig.clock.advance(0);
    rig.fetches.stop();
    rig.use();
    await rig.clock.advance(24 * HOUR);
    expect(rig.giver.asked).to.have.lengthOf(1);
    expect(rig.woken).to.have.lengthOf(1);
    expect(rig.clock.pending).to.equal(0);
  });

  it('an answer that comes in the very moment in which it is called off changes nothing', async () => {
    const answer = Promise.withResolvers<void>();
    rig.giver.answering = answer.promise;
    rig.use();
    await rig.clock.advance(0);
    answer.resolve();
    // So far that it has come, and no further.
    for (let step = 0; step < 4; step++) await Promise.resolve();
    rig.fetches.retain('team', []);
    await rig.clock.advance(24 * HOUR);
    expect([rig.giver.asked.length, rig.woken, rig.clock.pending]).to.deep.equal([1, [], 0]);
  });

  it('the wall clock set forward renews, set back does not keep a token beyond its life', async () => {
    rig.use();
    await rig.clock.advance(0);
    rig.clock.set(50 * MINUTE);
    await rig.clock.advance(MINUTE);
    expect(rig.giver.asked).to.have.lengthOf(2);
    rig.clock.set(-10 * HOUR);
    await rig.clock.advance(46 * MINUTE);
    expect(rig.giver.asked).to.have.lengthOf(3);
  });

  it('the wall clock set back makes no token younger, also when somebody then wishes for something', async () => {
    rig.use();
    await rig.clock.advance(0);
    rig.clock.set(-2 * HOUR);
    rig.use('another');
    rig.fetches.retain('team', []);
    await rig.clock.advance(46 * MINUTE);
    expect(rig.giver.asked).to.have.lengthOf(2);
    rig.giver.failure = away;
    rig.clock.set(-2 * HOUR);
    await rig.clock.advance(61 * MINUTE);
    expect(rig.use('another')).to.include({ age: 'expired' });
  });

  it('a token that is known from a time to come is fetched again at once: the clock was set back', async () => {
    rig.use();
    await rig.clock.advance(0);
    const known = rig.use().token;
    rig.fetches.retain('team', []);
    rig.clock.set(-2 * HOUR);
    rig.use('team', secretsWith('p'), known);
    await rig.clock.advance(29 * MINUTE);
    expect(rig.giver.asked).to.have.lengthOf(2);
  });

  it('a token that lives for seconds is not fetched more than once a minute', async () => {
    rig.giver.life = 20_000;
    rig.use();
    await rig.clock.advance(HOUR);
    expect(rig.giver.asked.length).to.be.within(59, 61);
  });

  it('two for parts of the same registry share one fetch, and each has the login for its own', async () => {
    for (const server of ['r.io/a', 'r.io/b', 'other.io/a'])
      rig.use(server, undefined, undefined, {}, server);
    await rig.clock.advance(0);
    expect(rig.giver.asked).to.have.lengthOf(2);
    const [a, b] = ['r.io/a', 'r.io/b'].map(
      server => rig.use(server, undefined, undefined, {}, server).token?.entries[0],
    );
    expect([a?.server, a?.key, b?.server, b?.key]).to.deep.equal(['r.io/a', 'r.io/a', 'r.io/b', 'r.io/b']);
    expect(a?.json).to.equal(b?.json);
  });

  it('one that hangs for many keeps no other waiting', async () => {
    const hanging = new Promise<never>(() => undefined);
    const { ask } = rig.giver;
    rig.giver.ask = (source, registry, context) =>
      registry.server?.startsWith('hangs.io') ? hanging : ask(source, registry, context);
    for (let index = 0; index < 40; index++)
      rig.use(`hung-${index}`, secretsWith(`${index}`), undefined, {}, 'hangs.io');
    await rig.clock.advance(HOUR);
    rig.use();
    await rig.clock.advance(0);
    expect(rig.password()).to.equal('token-1');
    await rig.clock.advance(3 * HOUR);
    for (const pause of rig.pauses()) expect(pause).to.be.within(30, 45);
  });
});
