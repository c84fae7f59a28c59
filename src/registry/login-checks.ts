// All checks of a process: no login is tried twice when once will do, no registry is asked more than it bears, and
// what was decided stays until something else is. Knows of passwords only what cannot be turned back.

import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { accountOf } from './account.ts';
import type { CheckOptions, LoginToCheck } from './check-login.ts';
import { registryAddress } from './registry-address.ts';
import {
  afterVerdict,
  NO_RESTRAINT,
  type Restraint,
  waitBeforeAsking,
  wasRejected,
  whenAsked,
} from './server-restraint.ts';
import { inconclusive, type Verdict } from './verdict.ts';

/** Without a signal: whoever gives up must not end what others wait for. */
export type SharedOptions = Omit<CheckOptions, 'signal'>;

export type CheckLogin = (login: LoginToCheck, options: SharedOptions) => Promise<Verdict>;

interface Kept {
  readonly verdict: Verdict;
  /** By the monotonic clock, in milliseconds: until then it is the answer. */
  readonly until: number;
}

const MINUTE = 60_000;
/** How long a verdict stands, in milliseconds. */
const STANDS: Readonly<Record<Verdict['outcome'], number>> = {
  verified: 60 * MINUTE,
  rejected: 10 * MINUTE,
  denied: 10 * MINUTE,
  inconclusive: MINUTE,
};

/** Of each: more logins or registries than anybody has, and a few hundred kB. */
const MOST_KEPT = 2_048;

export class LoginChecks {
  readonly #check: CheckLogin;
  readonly #clock: Clock;
  readonly #salt = randomBytes(32);
  readonly #kept = new Map<string, Kept>();
  readonly #restraints = new Map<string, Restraint>();
  readonly #underWay = new Map<string, Promise<Verdict>>();

  constructor(check: CheckLogin, clock: Clock) {
    this.#check = check;
    this.#clock = clock;
  }

  /**
   * Never earlier than it makes sense: `retryAfter` of what was held back says when. A verdict about the login is not
   * replaced by one that says nothing, for then an outage would let through what was rejected: it has that besides.
   */
  verdict(login: LoginToCheck, options: SharedOptions = {}): Promise<Verdict> {
    const key = this.#keyOf(login, options);
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#clock.monotonic() < kept.until) return Promise.resolve(kept.verdict);
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    const asked = this.#ask(key, login, options).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, asked);
    return asked;
  }

  async #ask(key: string, login: LoginToCheck, options: SharedOptions): Promise<Verdict> {
    const host = registryAddress(login.server, options.insecure)?.base.host ?? '';
    const restraint = this.#restraints.get(host) ?? NO_RESTRAINT;
    const now = this.#clock.monotonic();
    const account = this.#digest(accountOf(login));
    const wait = waitBeforeAsking(restraint, account, now);
    if (wait > 0)
      return besides(this.#kept.get(key)?.verdict, heldBack(wait, wasRejected(restraint, account, now)));
    keep(this.#restraints, host, whenAsked(restraint, now));
    const verdict = await this.#check(login, options);
    return this.#learn(key, host, account, verdict);
  }

  #learn(key: string, host: string, account: string, verdict: Verdict): Verdict {
    const now = this.#clock.monotonic();
    // As it is by now: others may have asked the same registry meanwhile.
    const restraint = this.#restraints.get(host) ?? NO_RESTRAINT;
    keep(this.#restraints, host, afterVerdict(restraint, verdict, account, now));
    const stands = besides(this.#kept.get(key)?.verdict, verdict);
    keep(this.#kept, key, { verdict: stands, until: now + STANDS[verdict.outcome] });
    return stands;
  }

  /** Everything that can change the verdict. */
  #keyOf({ server, username, password, image }: LoginToCheck, options: SharedOptions): string {
    const { insecure = false, ca = '', tokenServers = [] } = options;
    const name = image && [image.host, image.path, image.tag, image.digest];
    return this.#digest(JSON.stringify([server, username, password, name, insecure, ca, tokenServers]));
  }

  #digest(text: string): string {
    return createHmac('sha256', this.#salt).update(text).digest('base64');
  }
}

/** One that says nothing takes the place of none that says something, and of its like only in the words of that. */
function besides(before: Verdict | undefined, verdict: Verdict): Verdict {
  if (before === undefined || verdict.outcome !== 'inconclusive') return verdict;
  if (before.outcome !== 'inconclusive') return { ...before, unconfirmed: verdict };
  return before.reason === verdict.reason ? { ...verdict, message: before.message } : verdict;
}

/** Without the time: it would be wrong a minute later, and another text with each look. */
const heldBack = (wait: number, isSuspect: boolean): Verdict => ({
  ...inconclusive('HeldBack', isSuspect ? SUSPECT : OFTEN_ENOUGH, wait),
  isSuspect,
});

const SUSPECT = 'not asked for a while: this registry rejected logins of this account, and must not lock it';
const OFTEN_ENOUGH =
  'not asked for a while: this registry was asked often enough, or rejected too many logins';

/** As the newest; the oldest goes when there are too many. */
function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST_KEPT && oldest !== undefined) map.delete(oldest);
}
