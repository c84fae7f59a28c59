// Logins that nobody has said anything of, for we leave their registry alone: they keep no namespace without a login
// that lives, and what others get rejected is no fault of theirs.

import { expect } from 'chai';
import { encodeEntry } from '../core/docker-config.ts';
import type { LoginToCheck } from '../registry/check-login.ts';
import { LoginChecks } from '../registry/login-checks.ts';
import { inconclusive, type Verdict } from '../registry/verdict.ts';
import { aCredential } from '../testing/builders.ts';
import { accepted, rejected } from '../testing/scripted-registry.ts';
import { TokenRig } from '../testing/token-rig.ts';
import { VerificationRig } from '../testing/verification-rig.ts';
import type { AskToken } from './ask-source.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** That others of its account were rejected. */
const inDoubt: Verdict = { ...inconclusive('HeldBack', 'left alone', 10 * MINUTE), isSuspect: true };

describe('a token that cannot be tried for now, under Enforce', () => {
  let rig: TokenRig;
  /** When each token ends, by its password. */
  const ends = new Map<string, number>();

  beforeEach(() => {
    rig = new TokenRig();
    ends.clear();
  });
  afterEach(() => rig.stop());

  const given: AskToken = async (...wanted) => {
    const fetched = await rig.giver.ask(...wanted);
    const [, { server = '', oauth }, { now }] = wanted;
    const password = `${oauth?.scope ?? 'good'}-${rig.giver.asked.length}`;
    ends.set(password, now() + HOUR);
    const entries = [encodeEntry({ server, username: 'any-name', password })];
    return fetched.ok ? { ...fetched, entries } : fetched;
  };

  const inUse = (): string => /r\.io(\/team)?=(\S+)/.exec(rig.logins('apps') ?? '')?.[2] ?? '';
  const minutesWithout = async (minutes: number): Promise<number> => {
    let without = 0;
    for (let minute = 0; minute < minutes; minute++) {
      await rig.settle(MINUTE);
      if ((ends.get(inUse()) ?? 0) <= rig.clock.now()) without++;
    }
    return without;
  };
  const registry = (says: (login: LoginToCheck) => Verdict): void => {
    const checks = new LoginChecks(async login => says(login), rig.clock);
    rig.checkLogin = (login, options) => checks.verdict(login, options);
  };

  it('is not held for what other sources get rejected under the name that all tokens have there', async () => {
    rig.ask = given;
    registry(({ password }) => (password.startsWith('good') ? accepted : rejected));
    rig.server.given(aCredential('team').withToken('r.io/team').verifying({ mode: 'Enforce' }));
    await rig.start();
    for (const name of ['a', 'b', 'c']) {
      const other = aCredential(name).withToken(`r.io/${name}`).verifying({ mode: 'Report' });
      const [item] = other.spec.registries;
      other.spec.registries = [{ ...item, oauth: { ...item?.oauth, scope: name } } as never];
      rig.server.given(other);
    }
    expect(await minutesWithout(4 * 60)).to.equal(0);
    expect(rig.condition('Verified')?.reason).to.equal('LoginAccepted');
  });

  it('is held for what its own source gave, and goes out before the one in use ends', async () => {
    rig.ask = given;
    rig.checkLogin = async ({ password }) => (password === 'good-1' ? accepted : inDoubt);
    rig.server.given(aCredential('team').withToken('r.io').verifying({ mode: 'Enforce' }));
    await rig.start();
    expect(await minutesWithout(53)).to.equal(0);
    expect([inUse(), rig.condition('SourceFailing')?.reason]).to.deep.equal(['good-1', 'LoginExpiring']);
    expect(await minutesWithout(3 * 60)).to.equal(0);
    expect(rig.condition('Verified')?.status).to.equal('Unknown');
  });

  it('goes out at once where the one in use is over and its registry is left alone', async () => {
    rig.ask = given;
    let isWell = true;
    registry(() => (isWell ? accepted : rejected));
    rig.server.given(aCredential('team').withToken('r.io').verifying({ mode: 'Enforce' }));
    await rig.start();
    isWell = false;
    await rig.settle(62 * MINUTE);
    while (rig.condition('Verified')?.reason !== 'HeldBack') {
      expect([inUse(), rig.condition('Ready')?.reason]).to.deep.equal(['good-1', 'Expired']);
      rig.annotate(`after token ${rig.giver.asked.length}`);
      await rig.settle(2 * MINUTE);
    }
    expect([inUse(), rig.condition('Ready')?.status]).to.deep.equal([
      `good-${rig.giver.asked.length}`,
      'True',
    ]);
  });

  it('is held for an hour and a little where the one in use lives longer', async () => {
    rig.giver.life = 24 * HOUR;
    rig.checkLogin = async ({ password }) => (password === 'token-1' ? accepted : inDoubt);
    rig.server.given(aCredential('team').withToken('r.io').verifying({ mode: 'Enforce' }));
    await rig.start();
    rig.annotate('now');
    await rig.settle(HOUR);
    expect(inUse()).to.equal('token-1');
    await rig.settle(6 * MINUTE);
    expect(inUse()).to.equal('token-2');
  });
});

describe('a stored login that cannot be tried for now, under Enforce', () => {
  it('is held for an hour and a little, however long others of its user go first', async () => {
    const rig = new VerificationRig();
    rig.given({ mode: 'Enforce' });
    await rig.start();
    rig.checkLogin = async () => inDoubt;
    await rig.change('new');
    await rig.settle(HOUR);
    expect([rig.logins('apps'), rig.reason('SourceFailing')]).to.deep.equal([
      'r.io=old',
      'True LastKnownGoodServed',
    ]);
    await rig.settle(6 * MINUTE);
    expect([rig.logins('apps'), rig.reason('SourceFailing')]).to.deep.equal(['r.io=new', undefined]);
    await rig.stop();
  });
});
