// Tokens that are fetched by a schedule or on request, and what is told of one that ages.

import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { type Schedule, scheduleOf } from '../core/schedule.ts';
import { failed } from '../sources/source-failure.ts';
import { FetchRig, secretsWith } from '../testing/fetch-rig.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const away = failed('TokenUnavailable', 'the token server is away');

describe('the fetches that somebody wishes for', () => {
  let rig: FetchRig;
  beforeEach(() => {
    rig = new FetchRig();
  });

  const everySixHours = scheduleAt('0 */6 * * *');

  it('a schedule has it fetched at its times, besides', async () => {
    rig.giver.life = undefined;
    rig.wish({ schedule: everySixHours });
    await rig.clock.advance(24 * HOUR + 1);
    expect(rig.giver.asked.map(at => (at - Date.UTC(2026, 0, 1)) / HOUR)).to.deep.equal([0, 6, 12, 18, 24]);
    expect(rig.use().renewalAt).to.equal(undefined);
    expect(rig.wish({ schedule: everySixHours }).renewalAt).to.equal(Date.UTC(2026, 0, 2, 6));
  });

  it('times that were missed are made up for once', async () => {
    rig.giver.life = undefined;
    rig.wish({ schedule: everySixHours });
    await rig.clock.advance(0);
    const known = rig.use().token;
    rig.fetches.retain('team', []);
    await rig.clock.advance(3 * 24 * HOUR + HOUR);
    rig.wish({ schedule: everySixHours }, known);
    await rig.clock.advance(4 * HOUR);
    expect(rig.giver.asked).to.have.lengthOf(2);
  });

  it('a time of the schedule that comes while it is fetched starts no other fetch', async () => {
    rig.giver.life = undefined;
    await rig.clock.advance(6 * HOUR - 10_000);
    rig.giver.answering = new Promise(resolve => rig.clock.setTimeout(() => resolve(undefined), 20_000));
    rig.wish({ schedule: everySixHours });
    await rig.clock.advance(5 * HOUR);
    expect(rig.giver.asked).to.have.lengthOf(1);
    expect(rig.wish({ schedule: everySixHours }).failure).to.equal(undefined);
  });

  it('a time of the schedule at which it fails is made up for as soon as it goes', async () => {
    rig.giver.life = undefined;
    rig.wish({ schedule: everySixHours });
    await rig.clock.advance(6 * HOUR - 1);
    rig.giver.failure = away;
    await rig.clock.advance(MINUTE);
    rig.giver.failure = undefined;
    await rig.clock.advance(5 * MINUTE);
    expect(rig.use().failure).to.equal(undefined);
    expect(rig.use().token?.fetchedAt).to.be.greaterThan(Date.UTC(2026, 0, 1, 6));
  });

  it('a request has it fetched at once and once, also while it is left alone after a failure', async () => {
    rig.use();
    await rig.clock.advance(0);
    rig.giver.failure = { ...away, retryAfter: 30 * MINUTE };
    expect(rig.wish({ request: 'now' }).isFulfilled).to.equal(false);
    await rig.clock.advance(0);
    expect(rig.wish({ request: 'now' }).isFulfilled).to.equal(true);
    rig.wish({ request: undefined });
    await rig.clock.advance(MINUTE);
    expect(rig.giver.asked).to.have.lengthOf(2);
    rig.giver.failure = undefined;
    rig.wish({ request: 'once more' });
    await rig.clock.advance(0);
    expect(rig.giver.asked).to.have.lengthOf(3);
    expect(rig.use().failure).to.equal(undefined);
  });

  it('a request that comes while it is fetched is one more fetch, since who asks may just have mended something', async () => {
    rig.giver.answering = new Promise(resolve => rig.clock.setTimeout(() => resolve(undefined), 10_000));
    rig.use();
    await rig.clock.advance(5_000);
    expect(rig.wish({ request: 'now' }).isFulfilled).to.equal(false);
    await rig.clock.advance(5_000);
    expect(rig.giver.asked).to.have.lengthOf(2);
    expect(rig.wish({ request: 'now' }).isFulfilled).to.equal(true);
  });

  it('a request that comes while it waits for its place makes it urgent, and is fulfilled by it', async () => {
    let answer = (_: unknown): void => undefined;
    rig.giver.answering = new Promise(resolve => (answer = resolve));
    // Four of one host may hang; two more wait.
    for (const name of ['a', 'b', 'c', 'd', 'soon', 'team']) rig.use(name, secretsWith(name));
    await rig.clock.advance(0);
    expect(rig.giver.asked).to.have.lengthOf(4);
    const wish = () => rig.use('team', secretsWith('team'), undefined, { request: 'now' });
    expect(wish().isFulfilled).to.equal(false);
    answer(undefined);
    await rig.clock.advance(0);
    expect([wish().isFulfilled, rig.giver.asked.length]).to.deep.equal([true, 6]);
    const passwordOf = (name: string) =>
      JSON.parse(rig.use(name, secretsWith(name)).token?.entries[0]?.json ?? '{}').password;
    expect(['team', 'soon'].map(passwordOf)).to.deep.equal(['token-5', 'token-6']);
  });

  it('a request that is there from the beginning is fulfilled by the first fetch', async () => {
    rig.wish({ request: 'now' });
    await rig.clock.advance(0);
    expect(rig.wish({ request: 'now' }).isFulfilled).to.equal(true);
    expect(rig.giver.asked).to.have.lengthOf(1);
  });

  it('while it fails, who uses it is woken when a quarter of the life is left, and when it ends', async () => {
    rig.use();
    await rig.clock.advance(0);
    rig.giver.failure = { ...away, retryAfter: HOUR };
    await rig.clock.advance(45 * MINUTE - 1);
    expect(rig.use()).to.include({ age: 'living', failure: rig.giver.failure });
    rig.woken.length = 0;
    await rig.clock.advance(1);
    expect([rig.use().age, rig.woken]).to.deep.equal(['expiring', ['team']]);
    await rig.clock.advance(15 * MINUTE - 1);
    expect(rig.use().age).to.equal('expiring');
    rig.woken.length = 0;
    await rig.clock.advance(1);
    expect([rig.use().age, rig.woken]).to.deep.equal(['expired', ['team']]);
    expect(rig.password()).to.equal('token-1');
  });
});

function scheduleAt(schedule: string): Schedule {
  const parsed = scheduleOf({ schedule });
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.schedule;
}
