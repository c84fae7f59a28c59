// Tries logins at their registries, beside everything else: the credential loop asks what is known by now, and is woken
// when there is more. One slow registry takes at most its own share of the connections.

import type { Timer } from '../clock.ts';
import { inconclusive, latestOf, type Verdict } from '../registry/verdict.ts';
import { countOutcome, isTurn, LONGEST_HOLD, untilFirstCheck, untilNextCheck } from './next-check.ts';
import type { Tried, Verifying, Wanted } from './verifying.ts';

export interface VerificationOptions extends Pick<Verifying, 'checkLogin' | 'clock' | 'random' | 'log'> {
  /** There is something new to know of this RegistryCredential. */
  readonly wake: (credential: string) => void;
}

interface Login extends Tried {
  readonly ask: Wanted['ask'];
  verdict: Verdict | undefined;
  heldUntil: number;
  /** By the monotonic clock. */
  readonly begunAt: number;
  /** By the monotonic clock; undefined: never again. */
  due: number | undefined;
  isAsked: boolean;
  suspectUntil: number | undefined;
  /** How often in a row the registry said no, and how often since then it said nothing. */
  refusals: number;
  outages: number;
}

interface Entry {
  logins: ReadonlyMap<string, Login>;
  asking: number;
  /** For what is to be asked. */
  timer: Timer | undefined;
  /** For what is to be told. */
  news: Timer | undefined;
}

/** Checks at the same time: of one RegistryCredential, and of all. Each takes 30 s at the longest. */
const MOST_OF_ONE = 2;
const MOST = 32;
/** Milliseconds from its turn to its verdict. */
const ANSWERED_WITHIN = 35_000;
/** Milliseconds: who waits behind a hundred others at a registry has to be asked in turn, and not given out unasked. */
const LONGEST_QUEUE = 10 * 60_000;
/** Milliseconds for which one is suspected untried: a registry is left alone for an hour at most, and then has turns. */
export const LONGEST_DOUBT = 65 * 60_000;

/** Milliseconds. */
const BETWEEN_NEWS = 1_000;

export class Verification {
  readonly #options: VerificationOptions;
  readonly #entries = new Map<string, Entry>();
  /** RegistryCredentials for whose logins there was no room. */
  readonly #waiting = new Set<string>();
  #asking = 0;
  #isStopped = false;

  constructor(options: VerificationOptions) {
    this.#options = options;
  }

  /** Whether none of its logins was looked at since this replica leads. */
  isNew(credential: string): boolean {
    return !this.#entries.has(credential);
  }

  /** What is known of these logins, in their order. They take the place of those before; what is missing is begun. */
  look(credential: string, wanted: readonly Wanted[]): readonly Tried[] {
    const entry = this.#entries.get(credential) ?? {
      logins: new Map(),
      asking: 0,
      timer: undefined,
      news: undefined,
    };
    const logins = new Map<string, Login>();
    for (const one of wanted)
      logins.set(one.id, logins.get(one.id) ?? entry.logins.get(one.id) ?? this.#begin(one));
    entry.logins = logins;
    this.#entries.set(credential, entry);
    this.#work(credential);
    return wanted.map(({ id }) => logins.get(id) as Login);
  }

  /** Whether it waits for its verdict. There is an end to that: who cannot be asked keeps nothing back. */
  isHeld({ verdict, heldUntil }: Tried): boolean {
    return verdict === undefined && this.#options.clock.monotonic() < heldUntil;
  }

  /** Whether others of its account have left it in doubt. There is an end to that, too. */
  isDoubted({ suspectUntil }: Tried): boolean {
    return suspectUntil !== undefined && this.#options.clock.monotonic() < suspectUntil;
  }

  forget(credential: string): void {
    const entry = this.#entries.get(credential);
    entry?.timer?.cancel();
    entry?.news?.cancel();
    this.#entries.delete(credential);
    this.#waiting.delete(credential);
  }

  /** Of every login that was tried: whose it is, and how it came out. */
  *outcomes(): Generator<readonly [credential: string, outcome: Verdict['outcome']]> {
    for (const [credential, { logins }] of this.#entries)
      for (const { verdict } of logins.values())
        if (verdict !== undefined) yield [credential, verdict.outcome];
  }

  /** What is under way comes to its end, and nobody is told of it. */
  stop(): void {
    this.#isStopped = true;
    for (const credential of [...this.#entries.keys()]) this.forget(credential);
  }

  #begin({ ask, isInherited, rejected }: Wanted): Login {
    const { clock, random } = this.#options;
    const now = clock.monotonic();
    const heldUntil = now + LONGEST_HOLD;
    const fresh = {
      ask,
      isInherited,
      begunAt: now,
      heldUntil,
      suspectUntil: undefined,
      isAsked: false,
      refusals: 0,
      outages: 0,
    };
    if ('outcome' in ask) return { ...fresh, verdict: ask, due: undefined };
    if (rejected === undefined) return { ...fresh, verdict: undefined, due: now };
    return { ...fresh, verdict: rejected, refusals: 1, due: now + untilFirstCheck(random) };
  }

  /** Asks what is due, as far as there is room. */
  #work(credential: string): void {
    const entry = this.#entries.get(credential);
    if (entry === undefined) return;
    const now = this.#options.clock.monotonic();
    for (const login of entry.logins.values()) {
      if (login.isAsked || login.due === undefined || login.due > now) continue;
      if (this.#asking >= MOST) this.#waiting.add(credential);
      else if (entry.asking < MOST_OF_ONE) void this.#ask(credential, entry, login);
    }
    this.#arm(credential, entry, now);
  }

  async #ask(credential: string, entry: Entry, login: Login): Promise<void> {
    login.isAsked = true;
    entry.asking++;
    this.#asking++;
    const verdict = await this.#check(credential, login);
    login.isAsked = false;
    entry.asking--;
    this.#asking--;
    if (this.#isStopped) return;
    if ([...entry.logins.values()].includes(login)) this.#learn(credential, entry, login, verdict);
    this.#work(credential);
    for (const one of this.#waiting) {
      if (this.#asking >= MOST) return;
      this.#waiting.delete(one);
      this.#work(one);
    }
  }

  async #check(credential: string, { ask }: Login): Promise<Verdict> {
    if ('outcome' in ask) return ask;
    try {
      return await this.#options.checkLogin(ask.login, ask.options);
    } catch (error) {
      if (!this.#isStopped)
        this.#options.log.error('could not try a login', { credential, server: ask.login.server, error });
      return inconclusive('BadAnswer', 'could not try the login: see the log of the operator');
    }
  }

  #learn(credential: string, entry: Entry, login: Login, verdict: Verdict): void {
    const { clock, random } = this.#options;
    const now = clock.monotonic();
    const before = login.verdict;
    const isSuspect = verdict.outcome === 'inconclusive' && verdict.isSuspect === true;
    login.suspectUntil = isSuspect ? (login.suspectUntil ?? now + LONGEST_DOUBT) : undefined;
    if (before === undefined && isTurn(verdict)) {
      // Not news, and not worth a word: it is asked in a moment. What is out already leaves the turns to what waits for them.
      login.due = now + verdict.retryAfter + (login.isInherited ? random() * LONGEST_QUEUE : 0);
      const asked = Math.min(login.due + ANSWERED_WITHIN, login.begunAt + LONGEST_QUEUE);
      // One that others have left in doubt is held for that, and status says so.
      if (!isSuspect) login.heldUntil = Math.max(login.heldUntil, asked);
      return;
    }
    const wait = untilNextCheck(verdict, countOutcome(login, latestOf(verdict)), random);
    login.due = wait === undefined ? undefined : now + wait;
    // Who cannot be asked takes nothing back.
    const stands =
      before !== undefined && before.outcome !== 'inconclusive' && verdict.outcome === 'inconclusive';
    if (stands || isSame(before, verdict)) return;
    login.verdict = verdict;
    this.#tell(credential, entry);
  }

  /** What comes shortly one after the other goes out at once, and not once for each. */
  #tell(credential: string, entry: Entry): void {
    const isMoreToCome = [...entry.logins.values()].some(({ verdict }) => verdict === undefined);
    if (isMoreToCome && entry.news !== undefined) return;
    entry.news?.cancel();
    const { clock, wake } = this.#options;
    const tell = (): void => {
      entry.news = undefined;
      wake(credential);
    };
    if (isMoreToCome) entry.news = clock.setTimeout(tell, BETWEEN_NEWS);
    else tell();
  }

  /** For what is due next, and for the end of a hold. */
  #arm(credential: string, entry: Entry, now: number): void {
    const moments = [...entry.logins.values()].flatMap(
      ({ isAsked, due, verdict, heldUntil, suspectUntil }) => [
        ...(isAsked || due === undefined ? [] : [due]),
        ...(verdict === undefined ? [heldUntil] : []),
        ...(suspectUntil === undefined ? [] : [suspectUntil]),
      ],
    );
    entry.timer?.cancel();
    // What is due by now waits for room, and an answer makes it.
    const next = Math.min(...moments.filter(moment => moment > now));
    entry.timer =
      next === Number.POSITIVE_INFINITY
        ? undefined
        : this.#options.clock.setTimeout(() => this.#onTime(credential, entry), next - now);
  }

  #onTime(credential: string, entry: Entry): void {
    const now = this.#options.clock.monotonic();
    const isOver = ({ verdict, heldUntil, suspectUntil = Number.POSITIVE_INFINITY }: Login): boolean =>
      (verdict === undefined && heldUntil <= now) || suspectUntil <= now;
    if ([...entry.logins.values()].some(isOver)) this.#options.wake(credential);
    this.#work(credential);
  }
}

/** One whose outcomes are counted. */
export function verificationOf(options: Verifying, wake: VerificationOptions['wake']): Verification {
  const verification = new Verification({ ...options, wake });
  options.metrics.registerVerification(() => verification.outcomes());
  return verification;
}

const isSame = (one: Verdict | undefined, other: Verdict): boolean =>
  one?.outcome === other.outcome && one.reason === other.reason && one.message === other.message;
