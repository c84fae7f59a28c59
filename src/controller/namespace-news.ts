// What has come to each namespace since it was last looked at: when the first of it came, and what others have changed
// there. Metrics tell from it how long a change takes, and how much is put right.

import type { Clock } from '../clock.ts';
import type { Change } from '../core/change.ts';
import type { Drifted, SyncMetrics } from '../metrics/sync.ts';
import { type Outcome, WRITTEN } from './apply.ts';

export interface News {
  /** By the monotonic clock. */
  readonly since: number;
  /** Objects of ours that somebody else has changed, as `resource/name`. */
  readonly drifted: string[];
  /** Something was written because of it. */
  readonly hasWritten: boolean;
}

export class NamespaceNews {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #metrics: SyncMetrics;
  readonly #byNamespace = new Map<string, News>();
  /** What is being looked at. */
  readonly #taken = new Set<News>();

  constructor(
    clock: Pick<Clock, 'monotonic'>,
    { registerSync }: { registerSync(oldest: () => number): SyncMetrics },
  ) {
    this.#clock = clock;
    this.#metrics = registerSync(() => this.#oldest());
  }

  /** It is to be looked at. */
  note(namespace: string): News {
    const known = this.#byNamespace.get(namespace);
    if (known !== undefined) return known;
    const news: News = { since: this.#clock.monotonic(), drifted: [], hasWritten: false };
    this.#byNamespace.set(namespace, news);
    return news;
  }

  noteDrift(
    resource: Drifted,
    { namespace, name }: { readonly namespace: string; readonly name: string },
  ): void {
    const { drifted } = this.note(namespace);
    const object = `${resource}/${name}`;
    if (!drifted.includes(object)) drifted.push(object);
  }

  /** It is looked at now: what comes meanwhile is news again. */
  take(namespace: string): News | undefined {
    const news = this.#byNamespace.get(namespace);
    this.#byNamespace.delete(namespace);
    if (news !== undefined) this.#taken.add(news);
    return news;
  }

  /** What came of it; what is not settled is to be looked at again. */
  settle(namespace: string, news: News | undefined, outcomes: readonly Outcome[], isSettled: boolean): void {
    if (news === undefined) return;
    this.#taken.delete(news);
    let { hasWritten } = news;
    for (const { change, result } of outcomes) {
      if (!WRITTEN.has(result)) continue;
      hasWritten = true;
      this.#count(change, news);
    }
    if (!isSettled) this.#giveBack(namespace, { ...news, hasWritten });
    else if (hasWritten) this.#metrics.synced(this.#secondsSince(news));
  }

  #count(change: Change, { drifted }: News): void {
    const resource = RESTORED[change.kind];
    const at = drifted.indexOf(`${resource}/${change.name}`);
    if (resource === undefined || at === -1) return;
    drifted.splice(at, 1);
    this.#metrics.corrected(resource);
  }

  #giveBack(namespace: string, news: News): void {
    const meanwhile = this.#byNamespace.get(namespace);
    const drifted = [...new Set([...news.drifted, ...(meanwhile?.drifted ?? [])])];
    this.#byNamespace.set(namespace, { ...news, drifted });
  }

  #secondsSince({ since }: News): number {
    return (this.#clock.monotonic() - since) / 1000;
  }

  #oldest(): number {
    let oldest = 0;
    for (const news of [...this.#byNamespace.values(), ...this.#taken])
      oldest = Math.max(oldest, this.#secondsSince(news));
    return oldest;
  }
}

/** What takes away is no repair. */
const RESTORED: Record<Change['kind'], Drifted | undefined> = {
  ApplySecret: 'secrets',
  PatchServiceAccount: 'serviceaccounts',
  ReleaseSecret: undefined,
  DeleteSecret: undefined,
};
