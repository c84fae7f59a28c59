// How far a replica may be behind the cluster. It acts rightly on what it was shown, so a rule
// that asks what is wanted asks about all of the time since the oldest of its views.

import type { KubeObject } from '../../kube/kube-client.ts';
import { OPERATOR_NAMESPACE } from '../builders.ts';
import { parsePath } from '../resources.ts';
import type { Recorded } from './history.ts';

/** What one watch follows, such as "secrets regcred". */
export type Topic = string;

export function topicOfWatch(path: string, fieldSelector: string | undefined): Topic {
  const { resource, namespace } = parsePath(path);
  if (namespace !== undefined) return 'sources';
  const [, name] = /^metadata\.name=(.*)$/.exec(fieldSelector ?? '') ?? [];
  return name === undefined ? resource.name : `${resource.name} ${name}`;
}

/** A Secret can be of two: in the operator's namespace, and of one of its names. */
export function topicsOf(resource: string, { metadata: { namespace, name } }: KubeObject): Topic[] {
  if (resource !== 'secrets') return [resource];
  return namespace === OPERATOR_NAMESPACE ? ['sources', `secrets ${name}`] : [`secrets ${name}`];
}

export type Shown = ReadonlyMap<Topic, number>;

export const answerTopic = (resource: string, key: string): Topic => `answer ${resource} ${key}`;

interface Told {
  readonly resourceVersion: number;
  readonly at: number;
}

/** When what changed, by topic. */
export class Topics {
  readonly #changes = new Map<Topic, Told[]>();

  add({ resource, resourceVersion, at, before, after }: Recorded): void {
    const object = after ?? before;
    if (object === undefined) return;
    for (const topic of topicsOf(resource, object)) {
      const told = this.#changes.get(topic);
      if (told === undefined) this.#changes.set(topic, [{ resourceVersion, at }]);
      else told.push({ resourceVersion, at });
    }
  }

  /** The moment of the first change after a resourceVersion; undefined when there is none. */
  firstAfter(topic: Topic, resourceVersion: number): number | undefined {
    const told = this.#changes.get(topic) ?? [];
    let first: number | undefined;
    for (let index = told.length - 1; index >= 0; index--) {
      const change = told[index] as Told;
      if (change.resourceVersion <= resourceVersion) break;
      first = change.at;
    }
    return first;
  }
}

export class Views {
  readonly #topics: Topics;
  readonly #now: () => number;
  readonly #shown = new Map<Topic, number>();
  readonly #answered = new Map<Topic, number>();
  #recent: Shown[] = [];
  #recentAt = -1;

  constructor(topics: Topics, now: () => number) {
    this.#topics = topics;
    this.#now = now;
  }

  /** Everything of the topic up to a resourceVersion has reached the replica. */
  show(topic: Topic, resourceVersion: number): void {
    if (this.#recentAt !== this.#now()) this.#recent = [];
    this.#recentAt = this.#now();
    this.#recent.push(this.#current());
    this.#shown.set(topic, resourceVersion);
  }

  /** The answer to a write shows one object, ahead of the watch. */
  answer(resource: string, key: string, resourceVersion: number): void {
    this.#answered.set(answerTopic(resource, key), resourceVersion);
  }

  /**
   * The last resourceVersion that was shown of each topic, and of each object by an answer: as it is, and as
   * it was at any time in this moment. What is told at once is taken in one by one.
   */
  get lately(): readonly Shown[] {
    return [this.#current(), ...(this.#recentAt === this.#now() ? this.#recent : [])];
  }

  /** All that happened before this moment was shown. */
  get oldest(): number {
    let oldest = this.#now();
    for (const [topic, resourceVersion] of this.#shown)
      oldest = Math.min(oldest, this.#topics.firstAfter(topic, resourceVersion) ?? oldest);
    return oldest;
  }

  #current(): Shown {
    return new Map([...this.#shown, ...this.#answered]);
  }
}
