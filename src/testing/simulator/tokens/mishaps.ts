// What befalls the replicas in a simulation of tokens: they are restarted, crash, stand still until the Lease is lost, and
// have their clocks set. It knows when nobody can be expected to serve, and when nobody can know how old a token is.

import type { Dice } from '../../random.ts';
import type { Replicas } from '../replicas.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { Settings } from './settings.ts';
import type { TokenServer } from './token-server.ts';

const SECOND = 1_000;
const LONGEST_CRASH = 60 * SECOND;
/** Milliseconds: longer than a Lease. */
const LONGEST_STANDSTILL = 120 * SECOND;
/** Until another one has the Lease and has looked at everything, or the next process has. */
const TAKEN_OVER_WITHIN = 40 * SECOND;

interface Parts {
  readonly dice: Dice;
  readonly time: VirtualTime;
  readonly replicas: Replicas;
  readonly tokens: TokenServer;
  readonly settings: Settings;
}

export class Mishaps {
  readonly #parts: Parts;
  readonly #skews = [0, 0];
  clocksSet = 0;
  /** How often somebody else may have taken over. */
  standstills = 0;
  /** Nobody may be at work until then; virtual milliseconds. */
  #awayUntil = 0;
  #awaySince = 0;
  /** So many tokens were given when it became unclear how old the last one is. */
  #unclearAt = -1;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** One of twenty kinds of hours; returns whether that was one with a mishap. */
  befall(kind: number): boolean {
    const { dice, replicas, settings } = this.#parts;
    const index = dice.upTo(settings.replicas - 1);
    switch (kind) {
      case 0:
        this.#away(0, index);
        replicas.restart(index);
        return true;
      case 1:
        this.crash();
        return true;
      case 2:
        this.#setClock(index, (dice.upTo(2) - 1) * settings.mostSkew);
        return true;
      case 3: {
        const lasts = SECOND + dice.upTo(LONGEST_STANDSTILL);
        this.standstills++;
        this.#away(lasts, undefined);
        replicas.freeze(index, lasts);
        return true;
      }
      default:
        return false;
    }
  }

  crash(): void {
    const { dice, replicas, settings } = this.#parts;
    const index = dice.upTo(settings.replicas - 1);
    const lasts = SECOND + dice.upTo(LONGEST_CRASH);
    this.#away(lasts, index);
    replicas.crash(index, lasts, 'at some moment');
  }

  /** When somebody has served at the latest who was to be served from `since` on. */
  servedFrom(since: number): number {
    return since < this.#awayUntil && since > this.#awaySince - 10 * SECOND ? this.#awayUntil : since;
  }

  /** By three clocks that differ by hours nobody can tell how old a token is of which only its life is known. */
  get isAgeUnclear(): boolean {
    return this.#unclearAt === this.#parts.tokens.given;
  }

  /** `reborn`: the next process in its place finds the clock put right. */
  #away(lasts: number, reborn: number | undefined): void {
    const { time, tokens, settings } = this.#parts;
    if (reborn !== undefined) this.#skews[reborn] = 0;
    if (time.now > this.#awayUntil) this.#awaySince = time.now;
    this.#awayUntil = Math.max(this.#awayUntil, time.now + lasts + TAKEN_OVER_WITHIN);
    const isFarOff = this.#skews.some(skew => Math.abs(skew - tokens.skewAtLast) > settings.life / 10);
    if (isFarOff && settings.expiry === 'duration') this.#unclearAt = tokens.given;
  }

  /** Not twice in the same direction: nobody can know when a token ends by a clock that is far off when it comes. */
  #setClock(index: number, by: number): void {
    this.clocksSet++;
    const skew = this.#skews[index] ?? 0;
    if (Math.abs(skew + by) > this.#parts.settings.mostSkew) return;
    this.#skews[index] = skew + by;
    this.#parts.replicas.setClock(index, by);
  }
}
