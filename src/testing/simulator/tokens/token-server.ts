// Whoever gives tokens out in a simulation, by a clock of his own that is right: he is away at times, slow at others,
// and then asks to be left alone.

import type { Random } from '../../../clock.ts';
import type { AskToken } from '../../../controller/ask-source.ts';
import { encodeEntry } from '../../../core/docker-config.ts';
import { failed } from '../../../sources/source-failure.ts';
import { MARK } from '../pools.ts';
import { BEGINNING } from '../replica-clock.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { Outage } from './outages.ts';
import type { Settings } from './settings.ts';

const SLOWEST_ANSWER = 4_000;
/** What is given for it every registry rejects. */
export const REJECTED_SCOPE = 'rejected';

export class TokenServer {
  given = 0;
  /** Of those that are rejected: nobody has to live on them. */
  givenInVain = 0;
  refused = 0;
  /** Milliseconds by which the clock of who was given the last one was wrong. */
  skewAtLast = 0;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #outages: readonly Outage[];
  readonly #settings: Pick<Settings, 'life' | 'expiry'>;
  readonly #expiry = new Map<string, number>();

  constructor(
    time: VirtualTime,
    random: Random,
    outages: readonly Outage[],
    settings: Pick<Settings, 'life' | 'expiry'>,
  ) {
    this.#time = time;
    this.#random = random;
    this.#outages = outages;
    this.#settings = settings;
  }

  outageAt(moment: number): Outage | undefined {
    return this.#outages.find(({ from, until }) => from <= moment && moment < until);
  }

  /** Virtual milliseconds; undefined for what is no token of his. */
  endOf(password: string): number | undefined {
    return this.#expiry.get(password);
  }

  readonly ask: AskToken = async (_, { server = 'r.io', oauth }, { learn, now }) => {
    await this.#pass(this.#random() * SLOWEST_ANSWER);
    if (oauth?.scope?.startsWith(REJECTED_SCOPE)) {
      const password = `${MARK}-rejected-${++this.givenInVain}<7>`;
      learn(password);
      const entries = [encodeEntry({ server, username: 'robot', password })];
      return { ok: true, entries, bad: [], expiresAt: new Date(now() + this.#settings.life) };
    }
    const outage = this.outageAt(this.#time.now);
    if (outage !== undefined) return this.#refuse(outage);
    const password = passwordOf(++this.given);
    learn(password);
    const { life, expiry } = this.#settings;
    const end = this.#time.now + life;
    this.skewAtLast = now() - BEGINNING - this.#time.now;
    this.#expiry.set(password, end);
    const entries = [encodeEntry({ server, username: 'robot', password })];
    return {
      ok: true,
      entries,
      bad: [],
      expiresAt: new Date(expiry === 'moment' ? BEGINNING + end : now() + life),
    };
  };

  async #refuse({ how, retryAfter }: Outage) {
    this.refused++;
    if (how === 'is silent') await new Promise(() => undefined);
    const failure = failed('TokenUnavailable', 'the token server is away; it is tried again');
    return how === 'throttles' ? { ...failure, retryAfter } : failure;
  }

  #pass(milliseconds: number): Promise<void> {
    return new Promise(resolve => this.#time.after(milliseconds, resolve));
  }
}

/** What its registry says follows from it (registries.ts). One that is rejected could not be had. */
function passwordOf(count: number): string {
  const says = count % 10 === 7 ? 8 : count % 10;
  return `${MARK}-token-${count}<${says}>`;
}
