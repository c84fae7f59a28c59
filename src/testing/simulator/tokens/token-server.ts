// Whoever gives tokens out in a simulation, by a clock of his own that is right: he is away at times, slow at others,
// and then asks to be left alone.

import type { Random } from '../../../clock.ts';
import type { AskToken } from '../../../controller/ask-source.ts';
import { encodeEntry } from '../../../core/docker-config.ts';
import { failed } from '../../../sources/source-failure.ts';
import { MARK } from '../pools.ts';
import { BEGINNING } from '../replica-clock.ts';
import type { VirtualTime } from '../virtual-time.ts';

export interface Outage {
  /** Milliseconds of virtual time. */
  readonly from: number;
  readonly until: number;
  readonly how: 'refuses' | 'throttles' | 'is silent';
}

export const LIFE = 3_600_000;
/** Milliseconds; he means it well, and no token dies of it. */
const LEAVE_ALONE = 60_000;
const SLOWEST_ANSWER = 4_000;

export class TokenServer {
  given = 0;
  refused = 0;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #outages: readonly Outage[];
  readonly #expiry = new Map<string, number>();

  constructor(time: VirtualTime, random: Random, outages: readonly Outage[]) {
    this.#time = time;
    this.#random = random;
    this.#outages = outages;
  }

  outageAt(moment: number): Outage | undefined {
    return this.#outages.find(({ from, until }) => from <= moment && moment < until);
  }

  /** Virtual milliseconds; undefined for what is no token of his. */
  endOf(password: string): number | undefined {
    return this.#expiry.get(password);
  }

  readonly ask: AskToken = async (_, { server = 'r.io' }, { learn }) => {
    await this.#pass(this.#random() * SLOWEST_ANSWER);
    const outage = this.outageAt(this.#time.now);
    if (outage !== undefined) return this.#refuse(outage);
    const password = `${MARK}-token-${++this.given}`;
    learn(password);
    const end = this.#time.now + LIFE;
    this.#expiry.set(password, end);
    const entries = [encodeEntry({ server, username: 'robot', password })];
    return { ok: true, entries, bad: [], expiresAt: new Date(BEGINNING + end) };
  };

  async #refuse({ how }: Outage) {
    this.refused++;
    if (how === 'is silent') await new Promise(() => undefined);
    const failure = failed('TokenUnavailable', 'the token server is away; it is tried again');
    return how === 'throttles' ? { ...failure, retryAfter: LEAVE_ALONE } : failure;
  }

  #pass(milliseconds: number): Promise<void> {
    return new Promise(resolve => this.#time.after(milliseconds, resolve));
  }
}
