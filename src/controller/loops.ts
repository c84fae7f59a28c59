// The part that works: queues, the two loops and status, from the moment this replica leads
// until it leads no more. Whoever leads again begins with new ones, as after a restart.

import { createMerge } from '../core/merge.ts';
import type { CredentialView } from '../core/view.ts';
import { retryAfterOf } from '../kube/errors.ts';
import type { Priority } from '../kube/limiter.ts';
import { isAwaited } from './arriving.ts';
import { Contests } from './contests.ts';
import { CredentialBook } from './credential-book.ts';
import { CredentialEvents } from './credential-events.ts';
import { reconcileCredential } from './credential-loop.ts';
import { credentialNumbers } from './credential-numbers.ts';
import { Fetches } from './fetches.ts';
import { KeptLogins } from './kept-logins.ts';
import { Learned } from './learned.ts';
import { Ledger } from './ledger.ts';
import type { LoopsOptions } from './loops-options.ts';
import { NamespaceClient } from './namespace-client.ts';
import { reconcileNamespace } from './namespace-loop.ts';
import { NamespaceNews } from './namespace-news.ts';
import { isObeyed } from './obeyed.ts';
import { Problems } from './problems.ts';
import { reconcileQueue } from './reconcile-queue.ts';
import { Rollouts } from './rollouts.ts';
import { statusQueueOf } from './status-queue-of.ts';
import { type Verification, verificationOf } from './verification.ts';
import { wakeUps } from './wake-ups.ts';
import type { WorkQueue } from './work-queue.ts';
import { credentialNamed, type World, type WorldEvents } from './world.ts';

/** Milliseconds. A conflict heals as soon as the watch has caught up; a refusal may last. */
const NAMESPACE_BACKOFF = { first: 10, most: 30_000 };
const CREDENTIAL_BACKOFF = { first: 100, most: 30_000 };
const CREDENTIAL_WORKERS = 4;
const URGENT_WORKERS = 8;
/** Some 300 ms of back-off. What goes on failing is nothing that anybody waits for. */
const URGENT_RETRIES = 5;

export class Loops {
  readonly #world: World;
  readonly #options: LoopsOptions;
  readonly #book = new CredentialBook();
  readonly #ledger = new Ledger();
  readonly #rollouts = new Rollouts();
  readonly #contests: Contests;
  readonly #merge = createMerge();
  readonly #learned: Learned;
  readonly #fetches: Fetches;
  readonly #credentialEvents: CredentialEvents;
  readonly #verification: Verification;
  readonly #namespaces: WorkQueue;
  readonly #credentials: WorkQueue;
  readonly #status: ReturnType<typeof statusQueueOf>;
  readonly #problems: Problems;
  readonly #kept: KeptLogins;
  readonly #news: NamespaceNews;
  #phase: 'waiting' | 'takingOver' | 'started' | 'stopped' = 'waiting';
  #takingOver: Promise<void> = Promise.resolve();
  /** To be told of all that changes in the world. */
  readonly events: WorldEvents;

  constructor(world: World, options: LoopsOptions) {
    this.#world = world;
    this.#options = options;
    this.#contests = new Contests(options.clock);
    this.#learned = new Learned(options.redactor);
    this.#fetches = new Fetches({
      ...options,
      observe: options.metrics.observeFetch,
      wake: credential => this.#credentials.add(credential, 'urgent'),
    });
    options.metrics.registerCredentials(() => credentialNumbers(this.#told()));
    this.#news = new NamespaceNews(options.clock, options.metrics);
    this.#credentialEvents = new CredentialEvents(options.recorder);
    this.#problems = new Problems(options, credential => this.#touch(credential));
    this.#namespaces = reconcileQueue(
      {
        name: 'namespace',
        workers: options.workers,
        urgentWorkers: URGENT_WORKERS,
        backoff: NAMESPACE_BACKOFF,
        reconcile: (key, priority) => this.#namespace(key, priority),
      },
      options,
    );
    this.#credentials = reconcileQueue(
      {
        name: 'registrycredential',
        workers: CREDENTIAL_WORKERS,
        backoff: CREDENTIAL_BACKOFF,
        reconcile: key => this.#credential(key),
      },
      options,
    );
    this.#verification = verificationOf(options, credential => this.#credentials.add(credential));
    this.#status = statusQueueOf(options, () => this.#told());
    this.#kept = new KeptLogins({ ...options, world, book: this.#book });
    this.events = wakeUps({
      ...this.#shared(),
      isListed: () => this.#phase !== 'waiting',
      namespaces: this.#namespaces,
      credentials: this.#credentials,
      invalidate: () => this.#book.invalidate(),
      contests: this.#contests,
      kept: this.#kept,
      news: this.#news,
    });
    // At once, for what is refused from the start has to be said too.
    this.#status.start();
  }

  /** To be called when everything is known; a second call does nothing. */
  takeOver(): void {
    if (this.#phase !== 'waiting') return;
    this.#phase = 'takingOver';
    this.#takingOver = this.#begin();
  }

  noteWatch(watch: string, problem: Error | undefined): void {
    this.#problems.noteWatch(watch, problem);
  }

  /** Resolves when everything under way has come to its end. */
  async stop(): Promise<void> {
    this.#phase = 'stopped';
    this.#options.metrics.endTerm();
    this.#fetches.stop();
    this.#verification.stop();
    const working = [this.#credentials, this.#namespaces, this.#kept].map(one => one.stop());
    await Promise.all([this.#takingOver, ...working]);
    this.#problems.stop();
    await this.#status.stop();
    this.#learned.forgetAll();
  }

  /**
   * First the logins, so that nothing is written in part; then every namespace, also for
   * marks of RegistryCredentials that are gone.
   */
  async #begin(): Promise<void> {
    for (const { name } of [...this.#world.credentials.all()]) {
      if (this.#phase === 'stopped') return;
      await this.#credential(name);
      // Each looks at every namespace, and waits for nothing: nobody else would be heard until the last of fifty.
      await new Promise<void>(resolve => this.#options.clock.setTimeout(resolve, 0));
    }
    if (this.#phase === 'stopped') return;
    this.#phase = 'started';
    this.#enqueue([...this.#world.namespaces.all()].map(({ name }) => name));
    this.#options.log.info('started', { namespaces: this.#namespaces.depth });
    this.#credentials.start();
    this.#namespaces.start();
    this.#kept.start();
  }

  async #namespace(name: string, priority: Priority): Promise<'success' | 'requeue'> {
    const retries = this.#namespaces.retries(name);
    const { result, after, retryAfter } = await reconcileNamespace(name, retries, {
      ...this.#shared(),
      client: new NamespaceClient(this.#options.client, priority),
      merge: this.#merge,
      contests: this.#contests,
      news: this.#news,
      redact: text => this.#options.redactor.redact(text),
      views: () => this.#views(),
      // The last namespace of a deletion lets its RegistryCredential go.
      rolledOut: credential => this.#credentials.add(credential, 'urgent'),
      isAwaited: namespace => isAwaited(namespace, this.#world, this.#book),
    });
    if (result === 'done') this.#namespaces.forget(name);
    else this.#namespaces.addRateLimited(name, retries < URGENT_RETRIES ? priority : 'bulk', retryAfter);
    if (after !== undefined) this.#namespaces.addAfter(name, after);
    return result === 'done' ? 'success' : 'requeue';
  }

  #enqueue(namespaces: readonly string[]): void {
    for (const namespace of namespaces) {
      this.#news.note(namespace);
      this.#namespaces.add(namespace);
    }
  }

  async #credential(name: string): Promise<'success' | 'requeue'> {
    try {
      await reconcileCredential(name, {
        ...this.#shared(),
        book: this.#book,
        clock: this.#options.clock,
        lookAgain: (credential, after) => this.#credentials.addAfter(credential, after),
        verification: this.#verification,
        verifying: this.#options,
        enqueueNamespaces: namespaces => this.#enqueue(namespaces),
        learn: (credential, states) => this.#learned.learn(credential, states),
      });
    } catch (error) {
      this.#problems.noteCredential(name, error);
      this.#credentials.addRateLimited(name, 'bulk', retryAfterOf(error));
      return 'requeue';
    } finally {
      // Also of one that fails: else what is kept of it would count as of nobody.
      this.#kept.touch(name);
    }
    this.#credentials.forget(name);
    this.#problems.noteCredential(name, undefined);
    if (credentialNamed(this.#world, name) === undefined) this.#forget(name);
    return 'success';
  }

  #forget(credential: string): void {
    this.#learned.forget(credential);
    this.#status.forget(credential);
    this.#credentialEvents.forget(credential);
  }

  #told() {
    return {
      ...this.#shared(),
      book: this.#book,
      problem: (name: string) => this.#problems.of(name),
      changed: this.events.credential,
    };
  }

  #shared() {
    const { client, log } = this.#options;
    return {
      client,
      log,
      world: this.#world,
      ledger: this.#ledger,
      rollouts: this.#rollouts,
      fetches: this.#fetches,
      events: this.#credentialEvents,
      touch: (credential: string): void => this.#status.touch(credential),
      isStarted: (): boolean => this.#phase === 'started',
    };
  }

  #views(): readonly CredentialView[] {
    const { credentials, secretNames } = this.#world;
    return this.#book.views(credentials.all(), record => isObeyed(record, secretNames));
  }

  /** Of one RegistryCredential, or of all. */
  #touch(credential: string | undefined): void {
    if (credential !== undefined) this.#status.touch(credential);
    else for (const { name } of this.#world.credentials.all()) this.#status.touch(name);
  }
}
