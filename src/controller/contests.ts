// Objects that somebody else changes again each time after the operator wrote them. Such a fight cannot
// be won; it is bounded, one object at a time, so that nobody else waits for it.

import type { Clock } from '../clock.ts';
import type { Change, Plan } from '../core/change.ts';

/** How often an object is put right at once. A person with a script comes nowhere near. */
const AT_ONCE = 8;
/** Milliseconds from then on from one time to the next; and this long it must be calm before it is over. */
const INTERVAL = 30_000;
/** Whoever takes longer to change it back may do so for ever: then every repair is made at once. */
const REMEMBERED = 2 * INTERVAL;
/** Of what was written last; a fight comes back soon enough to be seen again. */
const MOST_REMEMBERED = 10_000;

type Kind = 'serviceaccount' | 'secret';

interface Written {
  /** What the write was to bring about: the same once more is a repair. */
  readonly goal: string;
  readonly at: number;
  /** Milliseconds saved up; a repair costs an interval. */
  readonly credit: number;
}

export class Contests {
  readonly #clock: Clock;
  /** The oldest first. */
  readonly #written = new Map<string, Written>();
  /** By namespace and object. */
  readonly #contested = new Map<string, Map<string, Change>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds until the change may be made; 0 is now. What has to wait is contested from here on. */
  wait(change: Change): number {
    const written = this.#written.get(keyOf(change));
    if (written?.goal !== goalOf(change)) return 0;
    const credit = this.#creditOf(written);
    if (credit >= INTERVAL) return 0;
    this.#contestedIn(change.namespace).set(keyOf(change), change);
    return INTERVAL - credit;
  }

  /** The change was made. */
  note(change: Change): void {
    const key = keyOf(change);
    const goal = goalOf(change);
    const before = this.#written.get(key);
    const isRepair = before?.goal === goal;
    const credit = isRepair ? Math.max(0, this.#creditOf(before) - INTERVAL) : AT_ONCE * INTERVAL;
    if (!isRepair) this.#end(change.namespace, key);
    this.#written.delete(key);
    this.#written.set(key, { goal, at: this.#clock.monotonic(), credit });
    this.#forgetOldest();
  }

  /** What is fought over there, or was a moment ago, and the milliseconds until that is over if it stays calm. */
  in(namespace: string): readonly { readonly change: Change; readonly calmIn: number }[] {
    const contested = [...(this.#contested.get(namespace) ?? [])].map(([key, change]) => {
      const at = this.#written.get(key)?.at ?? 0;
      return { key, change, calmIn: at + INTERVAL - this.#clock.monotonic() };
    });
    for (const { key, calmIn } of contested) if (calmIn <= 0) this.#end(namespace, key);
    return contested.filter(({ calmIn }) => calmIn > 0);
  }

  /** A successor of the same name is another object. */
  forget(kind: Kind, { namespace, name }: { readonly namespace: string; readonly name: string }): void {
    const key = `${kind} ${namespace}/${name}`;
    this.#written.delete(key);
    this.#end(namespace, key);
  }

  #creditOf({ credit, at }: Written): number {
    return Math.min(AT_ONCE * INTERVAL, credit + this.#clock.monotonic() - at);
  }

  #contestedIn(namespace: string): Map<string, Change> {
    const contested = this.#contested.get(namespace) ?? new Map<string, Change>();
    this.#contested.set(namespace, contested);
    return contested;
  }

  #end(namespace: string, key: string): void {
    const contested = this.#contested.get(namespace);
    contested?.delete(key);
    if (contested?.size === 0) this.#contested.delete(namespace);
  }

  #forgetOldest(): void {
    const now = this.#clock.monotonic();
    for (const [key, { at }] of this.#written) {
      if (now - at <= REMEMBERED && this.#written.size <= MOST_REMEMBERED) return;
      this.#written.delete(key);
    }
  }
}

export interface Permitted {
  /** What may be done now. */
  readonly now: Plan;
  /** What has to wait. */
  readonly postponed: readonly Change[];
  /** Milliseconds until the first of `postponed` may be done; undefined when there is none. */
  readonly wait: number | undefined;
}

export function permitted(plan: Plan, contests: Contests): Permitted {
  const waits = new Map<Change, number>();
  for (const change of [...plan.changes, ...plan.afterReferences]) {
    const wait = contests.wait(change);
    if (wait > 0) waits.set(change, wait);
  }
  const postponed = [...waits.keys()];
  if (postponed.length === 0) return { now: plan, postponed, wait: undefined };
  const mayBeDone = (change: Change): boolean => !waits.has(change);
  const now = {
    ...plan,
    changes: plan.changes.filter(mayBeDone),
    // A Secret goes only when nothing refers to it any more.
    afterReferences: plan.afterReferences.filter(
      change => mayBeDone(change) && !postponed.some(one => detaches(one, change.name)),
    ),
  };
  return { now, postponed, wait: Math.min(...waits.values()) };
}

/** It takes a reference to the Secret out of a ServiceAccount. */
export const detaches = (change: Change, secretName: string): boolean =>
  change.kind === 'PatchServiceAccount' && change.detached.includes(secretName);

const keyOf = ({ kind, namespace, name }: Change): string =>
  `${kind === 'PatchServiceAccount' ? 'serviceaccount' : 'secret'} ${namespace}/${name}`;

function goalOf(change: Change): string {
  switch (change.kind) {
    case 'PatchServiceAccount':
      return change.ownPullSecrets.join();
    case 'ApplySecret':
      return `${change.merged.digest} ${change.credentials.join()}`;
    default:
      return change.kind;
  }
}
