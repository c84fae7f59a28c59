// Tokens on a clock of the test: when they are fetched, how often, for whom, and what becomes of them when that fails.

import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { type Schedule, scheduleOf } from '../core/schedule.ts';
import type { Token } from '../core/token.ts';
import { failed } from '../sources/source-failure.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { sourceContext, sourceSecret } from '../testing/source-secrets.ts';
import { aTokenSource, TokenGiver } from '../testing/token-source.ts';
import { Fetches } from './fetches.ts';
import type { Wish } from './wishes.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const registry = { server: 'r.io' };
const away = failed('TokenUnavailable', 'the token server is away');

const secretsWith = (password: string, resourceVersion = '1') =>
  sourceContext({ ...sourceSecret('key', 'Opaque', { password }), resourceVersion });

describe('the fetches', () => {
  let clock: FakeClock;
  let giver: TokenGiver;
  let woken: string[];
  let log: string[];
  let learned: string[];
  let fetches: Fetches;

  beforeEach(() => {
    clock = new FakeClock();
    giver = new TokenGiver();
    woken = [];
    log = [];
    learned = [];
    const at = (message: string, fields = {}) => void log.push(`${message} ${JSON.stringify(fields)}`);
    fetches = new Fetches({
      clock,
      random: () => 0.5,
      log: { debug: at, info: at, warn: at, error: at },
      redactor: {
        learn: secret => void learned.push(secret),
        forget: secret => void learned.splice(learned.indexOf(secret), 1),
      },
      ask: (...asked) => giver.ask(...asked),
      observe: () => undefined,
      wake: credential => void woken.push(credential),
    });
  });

  const use = (credential = 'team', secrets = secretsWith('p'), known?: Token, wish: Partial<Wish> = {}) =>
    fetches.use({
      credential,
      source: aTokenSource,
      registry,
      secrets,
      known,
      schedule: undefined,
      request: undefined,
      ...wish,
    });
  const wish = (wished: Partial<Wish>, credential = 'team', known?: Token) =>
    use(credential, secretsWith('p'), known, wished);
  const tokenOf = (credential = 'team') =>
    use(credential)
      .token?.entries.map(({ json }) => JSON.parse(json).password)
      .join();
  const minutes = () => giver.asked.map(at => Math.round((at - (giver.asked[0] ?? 0)) / MINUTE));

  it('nobody waits for one: what is asked for first is awaited, and there when it wakes', async () => {
    expect(use()).to.include({ token: undefined, failure: undefined, isAwaited: true });
    await clock.advance(0);
    expect(woken).to.deep.equal(['team']);
    expect(tokenOf()).to.equal('token-1');
    expect(use()).to.include({ isAwaited: false });
  });

  it('two who ask for the same share one fetch, and both are woken', async () => {
    use('one');
    use('two');
    await clock.advance(0);
    expect(giver.asked).to.have.lengthOf(1);
    expect(woken).to.have.members(['one', 'two']);
    expect([tokenOf('one'), tokenOf('two')]).to.deep.equal(['token-1', 'token-1']);
  });

  it('it is renewed between half and three quarters of its life', async () => {
    use();
    await clock.advance(24 * HOUR);
    const pauses = minutes().map((at, index, all) => at - (all[index - 1] ?? 0));
    for (const pause of pauses.slice(1)) expect(pause).to.be.within(30, 45);
    expect(giver.asked.length).to.be.within((24 * 60) / 45, (24 * 60) / 30);
  });

  it('a token that does not end is not fetched again', async () => {
    giver.life = undefined;
    use();
    await clock.advance(24 * HOUR);
    expect(giver.asked).to.have.lengthOf(1);
  });

  it('while it fails the last one stays, and it is tried again with growing pauses of up to five minutes', async () => {
    use();
    await clock.advance(0);
    giver.failure = away;
    await clock.advance(3 * HOUR);
    expect(tokenOf()).to.equal('token-1');
    expect(use().failure).to.equal(away);
    const pauses = minutes().map((at, index, all) => at - (all[index - 1] ?? 0));
    expect(pauses.slice(-5).every(pause => pause >= 2 && pause <= 5)).to.equal(true);
    giver.failure = undefined;
    await clock.advance(5 * MINUTE);
    expect(use().failure).to.equal(undefined);
    expect(tokenOf()).to.equal(`token-${giver.asked.length}`);
  });

  it('who asks to be left alone is left alone', async () => {
    giver.failure = failed('TokenUnavailable', 'too many requests');
    giver.failure = { ...giver.failure, retryAfter: 20 * MINUTE };
    use();
    await clock.advance(19 * MINUTE);
    expect(giver.asked).to.have.lengthOf(1);
    await clock.advance(2 * MINUTE);
    expect(giver.asked).to.have.lengthOf(2);
  });

  it('one that gives no answer is given up after 30 seconds, even if it does not heed that', async () => {
    giver.answering = new Promise(() => undefined);
    use();
    await clock.advance(29_000);
    expect(use()).to.include({ isAwaited: true, failure: undefined });
    await clock.advance(2_000);
    expect(use().failure?.message).to.contain('no answer within 30 s');
    expect(giver.calledOff).to.equal(1);
  });

  it('one that is thrown by a library is a failure, and nothing of its text is told', async () => {
    giver.ask = () => Promise.reject(new TypeError('password=not-a-real-password'));
    use();
    await clock.advance(0);
    expect(use().failure?.reason).to.equal('TokenUnavailable');
    expect(use().failure?.message).to.contain('TypeError');
    expect(JSON.stringify([log, use().failure])).to.not.contain('not-a-real');
  });

  it('what a source Secret holds counts: other content is fetched at once, other labels are not', async () => {
    use();
    await clock.advance(0);
    use('team', secretsWith('p', '2'));
    await clock.advance(0);
    expect(giver.asked).to.have.lengthOf(1);
    use('team', secretsWith('other', '3'));
    await clock.advance(0);
    expect(giver.asked).to.have.lengthOf(2);
  });

  it('a token that is known from earlier is kept for as long as it is good for the same words', async () => {
    const { key } = use();
    await clock.advance(0);
    const known = use().token;
    fetches.retain('team', []);
    expect(known?.key).to.equal(key);
    use('team', secretsWith('p'), known);
    await clock.advance(29 * MINUTE);
    expect(giver.asked).to.have.lengthOf(1);
    expect(use('other', secretsWith('new'), known).token).to.equal(known);
    await clock.advance(0);
    expect(giver.asked).to.have.lengthOf(2);
  });

  it('a token that is over when it comes is a failure, and does not take the place of a living one', async () => {
    use();
    await clock.advance(0);
    giver.life = -MINUTE;
    await clock.advance(46 * MINUTE);
    expect(tokenOf()).to.equal('token-1');
    expect(use().failure?.message).to.contain('already ended');
  });

  it('what nobody asks for any more is called off and forgotten', async () => {
    giver.answering = new Promise(() => undefined);
    use('one');
    use('two');
    await clock.advance(0);
    fetches.retain('one', []);
    expect(giver.calledOff).to.equal(0);
    fetches.retain('two', []);
    expect(giver.calledOff).to.equal(1);
    await clock.advance(24 * HOUR);
    expect(giver.asked).to.have.lengthOf(1);
    expect([woken, learned, clock.pending]).to.deep.equal([[], [], 0]);
  });

  it('nothing is fetched after the end, and nobody woken', async () => {
    use();
    await clock.advance(0);
    fetches.stop();
    use();
    await clock.advance(24 * HOUR);
    expect(giver.asked).to.have.lengthOf(1);
    expect(woken).to.have.lengthOf(1);
    expect(clock.pending).to.equal(0);
  });

  it('an answer that comes in the very moment in which it is called off changes nothing', async () => {
    const answer = Promise.withResolvers<void>();
    giver.answering = answer.promise;
    use();
    await clock.advance(0);
    answer.resolve();
    // So far that it has come, and no further.
    for (let step = 0; step < 4; step++) await Promise.resolve();
    fetches.retain('team', []);
    await clock.advance(24 * HOUR);
    expect([giver.asked.length, woken, clock.pending]).to.deep.equal([1, [], 0]);
  });

  it('the wall clock set forward renews, set back does not keep a token beyond its life', async () => {
    use();
    await clock.advance(0);
    clock.set(50 * MINUTE);
    await clock.advance(MINUTE);
    expect(giver.asked).to.have.lengthOf(2);
    clock.set(-10 * HOUR);
    await clock.advance(46 * MINUTE);
    expect(giver.asked).to.have.lengthOf(3);
  });

  const everySixHours = scheduleAt('0 */6 * * *');

  it('a schedule has it fetched at its times, besides', async () => {
    giver.life = undefined;
    wish({ schedule: everySixHours });
    await clock.advance(24 * HOUR + 1);
    expect(giver.asked.map(at => (at - Date.UTC(2026, 0, 1)) / HOUR)).to.deep.equal([0, 6, 12, 18, 24]);
    expect(use().renewalAt).to.equal(undefined);
    expect(wish({ schedule: everySixHours }).renewalAt).to.equal(Date.UTC(2026, 0, 2, 6));
  });

  it('times that were missed are made up for once', async () => {
    giver.life = undefined;
    wish({ schedule: everySixHours });
    await clock.advance(0);
    const known = use().token;
    fetches.retain('team', []);
    await clock.advance(3 * 24 * HOUR + HOUR);
    wish({ schedule: everySixHours }, 'team', known);
    await clock.advance(4 * HOUR);
    expect(giver.asked).to.have.lengthOf(2);
  });

  it('a time of the schedule that comes while it is fetched starts no other fetch', async () => {
    giver.life = undefined;
    await clock.advance(6 * HOUR - 10_000);
    giver.answering = new Promise(resolve => clock.setTimeout(() => resolve(undefined), 20_000));
    wish({ schedule: everySixHours });
    await clock.advance(5 * HOUR);
    expect(giver.asked).to.have.lengthOf(1);
    expect(wish({ schedule: everySixHours }).failure).to.equal(undefined);
  });

  it('a time of the schedule at which it fails is made up for as soon as it goes', async () => {
    giver.life = undefined;
    wish({ schedule: everySixHours });
    await clock.advance(6 * HOUR - 1);
    giver.failure = away;
    await clock.advance(MINUTE);
    giver.failure = undefined;
    await clock.advance(5 * MINUTE);
    expect(use().failure).to.equal(undefined);
    expect(use().token?.fetchedAt).to.be.greaterThan(Date.UTC(2026, 0, 1, 6));
  });

  it('a request has it fetched at once and once, also while it is left alone after a failure', async () => {
    use();
    await clock.advance(0);
    giver.failure = { ...away, retryAfter: 30 * MINUTE };
    expect(wish({ request: 'now' }).isFulfilled).to.equal(false);
    await clock.advance(0);
    expect(wish({ request: 'now' }).isFulfilled).to.equal(true);
    wish({ request: undefined });
    await clock.advance(MINUTE);
    expect(giver.asked).to.have.lengthOf(2);
    giver.failure = undefined;
    wish({ request: 'once more' });
    await clock.advance(0);
    expect(giver.asked).to.have.lengthOf(3);
    expect(use().failure).to.equal(undefined);
  });

  it('a request that comes while it is fetched is one more fetch, since who asks may just have mended something', async () => {
    giver.answering = new Promise(resolve => clock.setTimeout(() => resolve(undefined), 10_000));
    use();
    await clock.advance(5_000);
    expect(wish({ request: 'now' }).isFulfilled).to.equal(false);
    await clock.advance(5_000);
    expect(giver.asked).to.have.lengthOf(2);
    expect(wish({ request: 'now' }).isFulfilled).to.equal(true);
  });

  it('a request that is there from the beginning is fulfilled by the first fetch', async () => {
    wish({ request: 'now' });
    await clock.advance(0);
    expect(wish({ request: 'now' }).isFulfilled).to.equal(true);
    expect(giver.asked).to.have.lengthOf(1);
  });

  it('while it fails, who uses it is woken when a quarter of the life is left, and when it ends', async () => {
    use();
    await clock.advance(0);
    giver.failure = { ...away, retryAfter: HOUR };
    await clock.advance(45 * MINUTE - 1);
    expect(use()).to.include({ age: 'living', failure: giver.failure });
    woken.length = 0;
    await clock.advance(1);
    expect([use().age, woken]).to.deep.equal(['expiring', ['team']]);
    await clock.advance(15 * MINUTE);
    expect([use().age, woken]).to.deep.equal(['expired', ['team', 'team']]);
    expect(tokenOf()).to.equal('token-1');
  });
});

function scheduleAt(schedule: string): Schedule {
  const parsed = scheduleOf({ schedule });
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.schedule;
}
