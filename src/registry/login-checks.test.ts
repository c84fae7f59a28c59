import { expect } from 'chai';
import { FakeClock } from '../testing/fake-clock.ts';
import type { LoginToCheck } from './check-login.ts';
import { LoginChecks } from './login-checks.ts';
import { inconclusive, type Verdict } from './verdict.ts';

const MINUTE = 60_000;
const verified: Verdict = { outcome: 'verified', reason: 'LoginAccepted', message: 'good' };
const rejected: Verdict = { outcome: 'rejected', reason: 'LoginRejected', message: 'bad' };
const away = inconclusive('Unreachable', 'away');

describe('the checks of logins', () => {
  let clock: FakeClock;
  let checks: LoginChecks;
  let answer: (login: LoginToCheck) => Verdict | Promise<Verdict>;
  let asked: string[];

  const login = (password = 'one', more: Partial<LoginToCheck> = {}): LoginToCheck => ({
    server: 'registry.example',
    username: 'puller',
    password,
    ...more,
  });
  const reasonOf = async (each: LoginToCheck) => (await checks.verdict(each)).reason;

  beforeEach(() => {
    clock = new FakeClock();
    asked = [];
    answer = () => verified;
    checks = new LoginChecks(async each => {
      asked.push(each.password);
      return answer(each);
    }, clock);
  });

  const stands: [Verdict, number][] = [
    [verified, 60],
    [rejected, 10],
    [{ outcome: 'denied', reason: 'PullDenied', message: '' }, 10],
    [away, 1],
  ];
  for (const [verdict, minutes] of stands) {
    it(`ask again ${minutes} min after ${verdict.reason}, and not before`, async () => {
      answer = () => verdict;
      await checks.verdict(login());
      await clock.advance(minutes * MINUTE - 1);
      expect(await checks.verdict(login())).to.equal(verdict);
      expect(asked).to.have.length(1);
      await clock.advance(1);
      await checks.verdict(login());
      expect(asked).to.have.length(2);
    });
  }

  it('are one for all who ask at the same time, and none is left when it is over', async () => {
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    answer = () => promise;
    const all = Promise.all([checks.verdict(login()), checks.verdict(login()), checks.verdict(login())]);
    resolve(away);
    expect(await all).to.deep.equal([away, away, away]);
    expect(asked).to.have.length(1);
    await clock.advance(MINUTE);
    await checks.verdict(login());
    expect(asked).to.have.length(2);
  });

  it('are apart for each thing that can change the verdict', async () => {
    const image = { host: 'registry.example', path: 'app' };
    const logins = [
      login(),
      login('two'),
      login('one', { username: 'other' }),
      login('one', { server: 'other.example' }),
      login('one', { image }),
      login('one', { image: { ...image, tag: 'v1' } }),
    ];
    for (const each of [...logins, ...logins]) await checks.verdict(each);
    for (const options of [{ ca: 'x' }, { insecure: true }, { tokenServers: ['a.example'] }])
      await checks.verdict(login(), options);
    expect(asked).to.have.length(logins.length + 3);
  });

  it('keep what is known of a login when the registry is away later', async () => {
    for (const known of [verified, rejected]) {
      const each = login(known.reason);
      answer = () => known;
      await checks.verdict(each);
      await clock.advance(60 * MINUTE);
      answer = () => away;
      expect(await checks.verdict(each)).to.deep.equal({ ...known, unconfirmed: away });
      await clock.advance(MINUTE);
      answer = () => (known === verified ? rejected : verified);
      expect((await checks.verdict(each)).outcome).to.not.equal(known.outcome);
    }
  });

  it('say why it cannot be asked now, and the same reason in the words of the first time', async () => {
    const replies = [away, inconclusive('Unreachable', 'in other words'), inconclusive('Timeout', 'late')];
    const said: string[] = [];
    for (const reply of replies) {
      answer = () => reply;
      said.push((await checks.verdict(login())).message);
      await clock.advance(MINUTE);
    }
    expect(said).to.deep.equal(['away', 'away', 'late']);
  });

  it('hold back after three rejections, for what is new as for what was rejected', async () => {
    answer = () => rejected;
    for (const password of ['one', 'two', 'three']) await checks.verdict(login(password));
    answer = () => verified;
    const held = await checks.verdict(login('four'));
    expect(held).to.include({ reason: 'HeldBack', retryAfter: 10 * MINUTE, isSuspect: true });
    // Of which a moment later another would be true.
    expect(held.message).to.not.match(/\d/);
    expect(await reasonOf(login('five', { server: 'other.example' }))).to.equal('LoginAccepted');
    await clock.advance(10 * MINUTE - 1);
    expect(await reasonOf(login('four'))).to.equal('HeldBack');
    expect(await reasonOf(login('three'))).to.equal('LoginRejected');
    const other = await checks.verdict(login('six', { username: 'other' }));
    expect(other.reason).to.equal('LoginAccepted');
    expect(asked).to.deep.equal(['one', 'two', 'three', 'five', 'six']);
    await clock.advance(1);
    expect(await reasonOf(login('four'))).to.equal('LoginAccepted');
  });

  it('still say of a rejected login that it is rejected while they hold back', async () => {
    answer = () => rejected;
    for (let count = 0; count < 4; count++) {
      await checks.verdict(login());
      await clock.advance(10 * MINUTE);
    }
    const before = asked.length;
    expect(await reasonOf(login())).to.equal('LoginRejected');
    expect(asked).to.have.length(before);
  });

  it('ask one wrong login 28 times in a day, which is at last once an hour', async () => {
    answer = () => rejected;
    for (let minute = 0; minute < 24 * 60; minute++) {
      await checks.verdict(login());
      await clock.advance(MINUTE);
    }
    expect(asked).to.have.length(28);
  });

  it('hold back one server under all its names', async () => {
    answer = () => rejected;
    for (const server of ['docker.io', 'https://index.docker.io/v1/', 'docker.io/acme'])
      await checks.verdict(login(server, { server }));
    expect(await reasonOf(login('x', { server: 'registry-1.docker.io' }))).to.equal('HeldBack');
  });

  it('forget what went wrong in ourselves', async () => {
    answer = () => {
      throw new Error('a mistake');
    };
    const failure = await checks.verdict(login()).catch((error: Error) => error.message);
    expect(failure).to.equal('a mistake');
    answer = () => verified;
    expect(await reasonOf(login())).to.equal('LoginAccepted');
  });
});
