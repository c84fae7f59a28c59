// Twenty namespaces with a Deployment each, and all that watches show of them from before they are made: what was
// seen once counts, however soon it was over.

import { expect } from 'chai';
import { NAMESPACES_PATH } from '../../src/controller/paths.ts';
import { type AnyObject, followAll } from '../api/admin.ts';
import { eventually } from '../api/eventually.ts';
import { kubectl } from '../api/kubectl.ts';
import { podSpec, waitingIn } from './pods.ts';

const LABEL = 'e2e.regcred.dev/fleet';
export const SIZE = 20;
/** Milliseconds: two cores start a few pods a second, and a pull that came too early is tried again after 12 s. */
const PATIENCE = 240_000;

/** What was seen of one namespace and of the first pod in it; times in milliseconds. */
interface Sighting {
  bornAt?: number;
  runsAt?: number;
  pod?: string;
  /** The pod has the reference, and so heals by itself if its login comes late. */
  referenced?: boolean;
  /** What the kubelet ever said of an image that it did not get, in a status or an Event. */
  readonly refusals: Set<string>;
}

export class Fleet {
  readonly #name: string;
  readonly #seen = new Map<string, Sighting>();
  readonly #end = new AbortController();
  #watches: Promise<void>[] = [];

  private constructor(name: string) {
    this.#name = name;
  }

  /** Resolves when it watches. */
  static async begin(name: string): Promise<Fleet> {
    const fleet = new Fleet(name);
    await Promise.all([
      fleet.#follow(NAMESPACES_PATH, { labelSelector: `${LABEL}=${name}` }, ({ metadata }) => {
        fleet.#of(metadata.name).bornAt ??= performance.now();
      }),
      fleet.#follow('/api/v1/pods', { labelSelector: `${LABEL}=${name}` }, pod => fleet.#see(pod)),
      fleet.#follow('/api/v1/events', { fieldSelector: 'reason=Failed' }, event => {
        if (IS_REFUSAL.test(event.message))
          fleet.#of(event.involvedObject.namespace).refusals.add(event.message);
      }),
    ]);
    return fleet;
  }

  /** To be applied: each namespace, and behind it what runs there, as a chart or a repository has it. */
  manifests(image: string, labels: Record<string, string>): object[] {
    return this.#namespaces.flatMap(name => [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...labels, ...this.#label } } },
      this.#deployment(name, image),
    ]);
  }

  /** Resolves when every pod that can run runs, and every other one was refused its image. */
  settled(): Promise<void> {
    return eventually(
      'every pod runs or lacks the reference',
      async () => {
        expect(this.#namespaces.filter(name => !isSettled(this.#seen.get(name)))).to.deep.equal([]);
      },
      PATIENCE,
    );
  }

  /** Milliseconds from the namespace to the running pod, of those that run; sorted. */
  get times(): number[] {
    return this.#sightings
      .flatMap(({ bornAt, runsAt }) => (bornAt && runsAt ? runsAt - bornAt : []))
      .sort((a, b) => a - b);
  }

  /** Namespaces whose pod was ever refused its image. */
  get refused(): string[] {
    return this.#namespaces.filter(name => this.#of(name).refusals.size > 0);
  }

  /** Those of them whose pod has no reference: it will never run. */
  get stuck(): string[] {
    return this.refused.filter(name => this.#of(name).referenced === false);
  }

  /** All that the kubelet said of images that it did not get. */
  get refusals(): string[] {
    return this.#sightings.flatMap(({ refusals }) => [...refusals]);
  }

  async end(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#watches);
    await kubectl(['delete', 'namespace', '-l', `${LABEL}=${this.#name}`, '--timeout=180s']);
  }

  get #namespaces(): string[] {
    return Array.from({ length: SIZE }, (_, index) => `${this.#name}-${index}`);
  }

  get #sightings(): Sighting[] {
    return this.#namespaces.map(name => this.#of(name));
  }

  get #label(): Record<string, string> {
    return { [LABEL]: this.#name };
  }

  #of(namespace: string): Sighting {
    const sighting = this.#seen.get(namespace) ?? { refusals: new Set() };
    this.#seen.set(namespace, sighting);
    return sighting;
  }

  /** Resolves when the watch is open; it goes on until the end. */
  async #follow(
    path: string,
    query: Record<string, string>,
    see: (object: AnyObject) => void,
  ): Promise<void> {
    const { promise: isOpen, resolve, reject } = Promise.withResolvers<void>();
    const watch = async () => {
      for await (const object of followAll(path, query, this.#end.signal, resolve)) see(object);
    };
    const watching = watch();
    watching.catch(reject);
    this.#watches.push(watching);
    await isOpen;
  }

  #see(pod: AnyObject): void {
    const sighting = this.#of(pod.metadata.namespace ?? '');
    sighting.pod ??= pod.metadata.name;
    // A pod of a later rollout is another story.
    if (sighting.pod !== pod.metadata.name) return;
    sighting.referenced = (pod.spec.imagePullSecrets ?? []).length > 0;
    for (const reason of waitingIn(pod)) if (IS_REFUSAL.test(reason)) sighting.refusals.add(reason);
    if (pod.status.phase === 'Running') sighting.runsAt ??= performance.now();
  }

  #deployment(namespace: string, image: string): object {
    const labels = { app: 'app', ...this.#label };
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'app', namespace },
      spec: {
        selector: { matchLabels: { app: 'app' } },
        template: { metadata: { labels }, spec: podSpec(image) },
      },
    };
  }
}

const IS_REFUSAL = /ErrImagePull|ImagePullBackOff|Failed to pull image/;

/** A namespace that takes no part needs no reference: then only `runsAt` counts. */
const isSettled = (sighting: Sighting | undefined): boolean =>
  sighting !== undefined &&
  (sighting.runsAt !== undefined || (sighting.referenced === false && sighting.refusals.size > 0));
