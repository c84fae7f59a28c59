// When logins are tried, and how many at a time.

import { expect } from 'chai';
import type { LoginToCheck } from '../registry/check-login.ts';
import { LoginChecks } from '../registry/login-checks.ts';
import type { Verdict } from '../registry/verdict.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { accepted, away, rejected, ScriptedRegistry } from '../testing/scripted-registry.ts';
import { LONGEST_HOLD } from './next-check.ts';
import { Verification } from './verification.ts';
import type { Wanted } from './verifying.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the trying of logins', () => {
  let clock: FakeClock;
  let registry: ScriptedRegistry;
  let woken: string[];
  let mistakes: string[];
  let verification: Verification;

  beforeEach(() => {
    clock = new FakeClock();
    registry = new ScriptedRegistry();
    woken = [];
    mistakes = [];
    const checks = new LoginChecks(registry.check, clock);
    verification = new Verification({
      checkLogin: (login, options) => checks.verdict(login, options),
      clock,
      random: () => 0.5,
      log: { error: message => void mistakes.push(message) },
      wake: credential => void woken.push(credential),
    });
  });
  afterEach(() => verification.stop());

  const login = (password: string, server = `${password}.io`): Wanted => {
    const ask = { login: { server, username: 'robot', password } satisfies LoginToCheck, options: {} };
    return { id: `${server} ${password}`, ask, isInherited: false };
  };
  const look = async (credential: string, ...wanted: Wanted[]): Promise<(string | undefined)[]> => {
    verification.look(credential, wanted);
    await settle();
    return verification.look(credential, wanted).map(({ verdict }) => verdict?.reason);
  };
  const outcomes = (): string[] => [...verification.outcomes()].map(one => one.join(' '));

  it('wakes once for answers that come together, and not for one that says the same', async () => {
    expect(await look('team', login('a'), login('b'))).to.deep.equal(['LoginAccepted', 'LoginAccepted']);
    expect(woken).to.deep.equal(['team']);
    await clock.advance(25 * HOUR);
    expect([registry.asked.length, woken.length]).to.deep.equal([4, 1]);
  });

  it('does not wait with what is known for what takes its time', async () => {
    registry.says.slow = 'nothing yet';
    await look('team', login('a'), login('slow'), login('b'));
    expect(woken).to.deep.equal([]);
    await clock.advance(1_000);
    expect(woken).to.deep.equal(['team']);
    registry.answer('slow', accepted);
    await settle();
    expect(woken).to.deep.equal(['team', 'team']);
  });

  it('asks once for a login that two of them have', async () => {
    await look('team', login('a'));
    await look('other', login('a'));
    expect(registry.asked).to.deep.equal(['a']);
    expect(outcomes()).to.deep.equal(['team verified', 'other verified']);
  });

  it('asks again for what is rejected less and less, and at last once an hour', async () => {
    registry.says.a = rejected;
    await look('team', login('a'));
    expect(await askedAfter(5 * 60)).to.deep.equal([11, 33, 77, 143, 209, 275]);
  });

  it('does not ask again for what only another spec can change', async () => {
    const ask: Verdict = { outcome: 'inconclusive', reason: 'CAUnusable', message: 'no CA' };
    expect(await look('team', { id: 'x', ask, isInherited: false })).to.deep.equal(['CAUnusable']);
    await clock.advance(48 * HOUR);
    expect([registry.asked, clock.pending]).to.deep.equal([[], 0]);
  });

  it('lets what was decided stand when the registry is away', async () => {
    await look('team', login('a'));
    registry.says.a = away;
    await clock.advance(25 * HOUR);
    expect(outcomes()).to.deep.equal(['team verified']);
    registry.says.a = rejected;
    await clock.advance(25 * HOUR);
    expect(outcomes()).to.deep.equal(['team rejected']);
  });

  /** After how many minutes it was asked. */
  async function askedAfter(minutes: number): Promise<number[]> {
    const after: number[] = [];
    for (let minute = 1; minute <= minutes; minute++) {
      const before = registry.asked.length;
      await clock.advance(MINUTE);
      if (registry.asked.length > before) after.push(minute);
    }
    return after;
  }

  it('asks again soon for what was good a day ago, when the registry is away', async () => {
    await look('team', login('a'));
    await clock.advance(24 * HOUR - MINUTE);
    registry.says.a = away;
    expect(await askedAfter(20)).to.deep.equal([1, 2, 4, 8, 16]);
    registry.says.a = accepted;
    expect(await askedAfter(24 * 60)).to.deep.equal([12]);
  });

  it('does not count an outage as one more rejection', async () => {
    registry.says.a = rejected;
    await look('team', login('a'));
    await clock.advance(11 * MINUTE - 1);
    registry.says.a = away;
    await clock.advance(1);
    registry.says.a = rejected;
    expect(await askedAfter(60)).to.deep.equal([1, 23]);
    expect(outcomes()).to.deep.equal(['team rejected']);
  });

  it('has time for what an earlier run was told no to, and knows that until then', async () => {
    const told = { outcome: 'rejected', reason: 'LoginRejected', message: 'as it was told' } as const;
    const wanted = { ...login('a'), rejected: told };
    expect(await look('team', wanted)).to.deep.equal(['LoginRejected']);
    expect(verification.look('team', [wanted])[0]?.verdict?.message).to.equal('as it was told');
    expect([await askedAfter(30), outcomes()]).to.deep.equal([[13], ['team verified']]);
  });

  it('asks a registry ten times a minute, and waits for its turn without a word', async () => {
    const many = Array.from({ length: 12 }, (_, at) => login(`p${at}`, 'r.io'));
    for (const one of many) verification.look('team', many.slice(0, many.indexOf(one) + 1));
    await clock.advance(1_000);
    expect(registry.asked).to.have.length(10);
    const waiting = (): boolean[] => verification.look('team', many).map(one => verification.isHeld(one));
    expect(waiting().filter(Boolean)).to.have.length(2);
    await clock.advance(MINUTE);
    expect(registry.asked).to.have.length(12);
    expect(waiting().filter(Boolean)).to.deep.equal([]);
  });

  it('holds one that waits behind others until it was asked, and ten minutes at most', async () => {
    const many = Array.from({ length: 120 }, (_, at) => login(`p${at}`, 'r.io'));
    for (const one of many) verification.look('team', many.slice(0, many.indexOf(one) + 1));
    const unasked = (): boolean[] =>
      verification
        .look('team', many)
        .filter(one => one.verdict === undefined)
        .map(one => verification.isHeld(one));
    for (let minute = 1; minute < 10; minute++) {
      await clock.advance(MINUTE);
      expect(unasked(), `in minute ${minute}`).to.not.include(false);
    }
    await clock.advance(MINUTE);
    expect(unasked()).to.include(false).and.not.include(true);
  });

  it('says that a registry is left alone after it has rejected three logins of a user', async () => {
    Object.assign(registry.says, { a: rejected, b: rejected, c: rejected });
    await look('team', login('a', 'r.io'), login('b', 'r.io'));
    await look('other', login('c', 'r.io'));
    expect(await look('third', login('good', 'r.io'))).to.deep.equal(['HeldBack']);
    await clock.advance(10 * MINUTE);
    expect(await look('third', login('good', 'r.io'))).to.deep.equal(['LoginAccepted']);
  });

  it('holds a login for a minute at most, and wakes when that is over', async () => {
    registry.says.slow = 'nothing yet';
    const wanted = [login('slow')];
    const isHeld = (): boolean[] => verification.look('team', wanted).map(one => verification.isHeld(one));
    expect(isHeld()).to.deep.equal([true]);
    await clock.advance(LONGEST_HOLD - 1);
    expect([isHeld(), woken]).to.deep.equal([[true], []]);
    await clock.advance(1);
    expect([isHeld(), woken]).to.deep.equal([[false], ['team']]);
    registry.answer('slow', rejected);
    await settle();
    expect([outcomes(), woken]).to.deep.equal([['team rejected'], ['team', 'team']]);
  });

  it('has two checks of one under way, and those of others go on beside a registry that never answers', async () => {
    for (let at = 0; at < 8; at++) registry.says[`slow${at}`] = 'nothing yet';
    const slow = Array.from({ length: 8 }, (_, at) => login(`slow${at}`));
    expect(await look('hostile', ...slow)).to.deep.equal(slow.map(() => undefined));
    expect(registry.asked).to.deep.equal(['slow0', 'slow1']);
    expect(await look('team', login('a'))).to.deep.equal(['LoginAccepted']);
    registry.answer('slow0', away);
    await settle();
    expect(registry.asked).to.deep.equal(['slow0', 'slow1', 'a', 'slow2']);
  });

  it('has 32 checks under way, and none is forgotten beyond that', async () => {
    for (let at = 0; at < 20; at++)
      for (const which of ['x', 'y']) registry.says[`${which}${at}`] = 'nothing yet';
    for (let at = 0; at < 20; at++) verification.look(`c${at}`, [login(`x${at}`), login(`y${at}`)]);
    await settle();
    expect(registry.asked).to.have.length(32);
    for (const password of [...registry.asked]) registry.answer(password, accepted);
    await settle();
    expect(registry.asked).to.have.length(40);
  });

  it('forgets logins that are gone, and what is still said of them', async () => {
    registry.says.slow = 'nothing yet';
    await look('team', login('slow'), login('a'));
    await look('team', login('a'));
    registry.answer('slow', rejected);
    await settle();
    expect(outcomes()).to.deep.equal(['team verified']);
    verification.forget('team');
    expect([outcomes(), clock.pending]).to.deep.equal([[], 0]);
  });

  it('tells nobody after the end, and leaves no timer', async () => {
    registry.says.slow = 'nothing yet';
    await look('team', login('slow'), login('a'));
    woken.length = 0;
    verification.stop();
    registry.answer('slow', rejected);
    await settle();
    expect([woken, mistakes, clock.pending]).to.deep.equal([[], [], 0]);
  });

  it('takes a mistake of ours for no verdict, and logs it', async () => {
    const failing = new Verification({
      checkLogin: () => Promise.reject(new Error('a mistake')),
      clock,
      random: () => 0.5,
      log: { error: message => void mistakes.push(message) },
      wake: () => undefined,
    });
    failing.look('team', [login('a')]);
    await settle();
    expect([...failing.outcomes()]).to.deep.equal([['team', 'inconclusive']]);
    expect(mistakes).to.deep.equal(['could not try a login']);
    failing.stop();
  });
});
