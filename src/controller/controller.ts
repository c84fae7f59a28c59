// Ties watches, queues and loops together: an event wakes keys, a key is reconciled,
// what came of it goes into the ledger, and the ledger into status.

import type { Clock, Random } from '../clock.ts';
import { createMerge } from '../core/merge.ts';
import type { CredentialView } from '../core/view.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import type { Log } from '../log.ts';
import type { Redactor } from '../redactor.ts';
import { sourceOf } from '../sources/registered.ts';
import { CredentialBook } from './credential-book.ts';
import { reconcileCredential } from './credential-loop.ts';
import { Learned } from './learned.ts';
import { Ledger } from './ledger.ts';
import { reconcileNamespace } from './namespace-loop.ts';
import { isObeyed } from './obeyed.ts';
import { Problems } from './problems.ts';
import { type ReconcileQueueContext, reconcileQueue } from './reconcile-queue.ts';
import { Rollouts } from './rollouts.ts';
import { StatusQueue } from './status-queue.ts';
import { writeStatus } from './status-writer.ts';
import { credentialChanged, namespaceChanged, secretChanged, serviceAccountChanged } from './triggers.ts';
import { notListed, type Watch, watchesOf } from './watches.ts';
import type { WorkQueue } from './work-queue.ts';
import { createWorld, credentialNamed, type World, type WorldEvents } from './world.ts';

export interface ControllerOptions {
  readonly client: KubeClient;
  readonly operatorNamespace: string;
  readonly secretNames: readonly string[];
  /** Namespaces that are reconciled at the same time; the client bounds the writes. */
  readonly workers: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly metrics: ReconcileQueueContext['metrics'];
}

/** Milliseconds. A conflict heals as soon as the watch has caught up; a refusal may last. */
const NAMESPACE_BACKOFF = { first: 10, most: 30_000 };
const CREDENTIAL_BACKOFF = { first: 100, most: 30_000 };
const CREDENTIAL_WORKERS = 4;

export class Controller {
  readonly #options: ControllerOptions;
  readonly #world: World;
  readonly #book = new CredentialBook();
  readonly #ledger = new Ledger();
  readonly #rollouts = new Rollouts();
  readonly #merge = createMerge();
  readonly #learned: Learned;
  readonly #watches: readonly Watch[];
  readonly #namespaces: WorkQueue;
  readonly #credentials: WorkQueue;
  readonly #status: StatusQueue;
  readonly #problems: Problems;
  #phase: 'syncing' | 'takingOver' | 'started' = 'syncing';

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#learned = new Learned(options.redactor);
    this.#problems = new Problems(options, credential => this.#touch(credential));
    this.#world = createWorld(options.operatorNamespace, options.secretNames, this.#events());
    this.#watches = watchesOf(this.#world, {
      ...options,
      onProblem: (watch, problem) => this.#problems.noteWatch(watch, problem),
      onSynced: () => void this.#takeOver(),
    });
    this.#namespaces = reconcileQueue(
      {
        name: 'namespace',
        workers: options.workers,
        backoff: NAMESPACE_BACKOFF,
        reconcile: key => this.#namespace(key),
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
    this.#status = this.#statusQueue();
  }

  start(): void {
    this.#status.start();
    for (const watch of this.#watches) watch.start();
  }

  /** Resolves when everything under way has come to its end. */
  async stop(): Promise<void> {
    await Promise.all(this.#watches.map(watch => watch.stop()));
    await Promise.all([this.#credentials.stop(), this.#namespaces.stop()]);
    await this.#status.stop();
  }

  /** What it still waits for; empty when it is at work. */
  unready(): string[] {
    return notListed(this.#watches, text => this.#options.redactor.redact(text));
  }

  #events(): WorldEvents {
    const wake = (namespace: string | undefined): void => this.#namespaces.add(namespace ?? '', 'urgent');
    return {
      credential: (before, after) => {
        const name = (after ?? before)?.name ?? '';
        this.#book.invalidate();
        if (credentialChanged(before, after)) this.#credentials.add(name, 'urgent');
        else this.#status.touch(name);
      },
      namespace: (before, after) => {
        if (namespaceChanged(before, after)) wake((after ?? before)?.name);
      },
      serviceAccount: (before, after) => {
        if (serviceAccountChanged(before, after)) wake((after ?? before)?.namespace);
      },
      secret: (before, after) => {
        if (secretChanged(before, after)) wake((after ?? before)?.namespace);
      },
      source: (before, after) => this.#wakeReadersOf((after ?? before)?.name ?? ''),
    };
  }

  #wakeReadersOf(source: string): void {
    for (const { name, spec } of this.#world.credentials.all())
      if (spec.registries.some(registry => sourceOf(registry).secretNames(registry).includes(source)))
        this.#credentials.add(name, 'urgent');
  }

  /**
   * Once everything is known: first the logins, so that nothing is written in part;
   * then every namespace, also for marks of RegistryCredentials that are gone.
   */
  async #takeOver(): Promise<void> {
    if (this.#phase !== 'syncing' || this.unready().length > 0) return;
    this.#phase = 'takingOver';
    const { log } = this.#options;
    for (const { name } of [...this.#world.credentials.all()]) await this.#credential(name);
    this.#phase = 'started';
    for (const { name } of this.#world.namespaces.all()) this.#namespaces.add(name);
    log.info('started', { namespaces: this.#namespaces.depth });
    this.#credentials.start();
    this.#namespaces.start();
  }

  async #namespace(name: string): Promise<'success' | 'requeue'> {
    const retries = this.#namespaces.retries(name);
    const result = await reconcileNamespace(name, retries, {
      ...this.#shared(),
      merge: this.#merge,
      redact: text => this.#options.redactor.redact(text),
      views: () => this.#views(),
      // The last namespace of a deletion lets its RegistryCredential go.
      rolledOut: credential => this.#credentials.add(credential, 'urgent'),
    });
    if (result === 'done') this.#namespaces.forget(name);
    else this.#namespaces.addRateLimited(name);
    return result === 'done' ? 'success' : 'requeue';
  }

  async #credential(name: string): Promise<'success' | 'requeue'> {
    try {
      await reconcileCredential(name, {
        ...this.#shared(),
        book: this.#book,
        enqueueNamespaces: namespaces => {
          for (const namespace of namespaces) this.#namespaces.add(namespace);
        },
        learn: (credential, states) => this.#learned.learn(credential, states),
        isStarted: () => this.#phase === 'started',
      });
    } catch (error) {
      this.#problems.noteCredential(name, error);
      this.#credentials.addRateLimited(name);
      return 'requeue';
    }
    this.#credentials.forget(name);
    this.#problems.noteCredential(name, undefined);
    if (credentialNamed(this.#world, name) === undefined) this.#forget(name);
    return 'success';
  }

  #forget(credential: string): void {
    this.#learned.forget(credential);
    this.#status.forget(credential);
  }

  #shared() {
    const { client, log } = this.#options;
    return {
      client,
      log,
      world: this.#world,
      ledger: this.#ledger,
      rollouts: this.#rollouts,
      touch: (credential: string): void => this.#status.touch(credential),
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

  #statusQueue(): StatusQueue {
    const { clock, random, metrics, log } = this.#options;
    const queue: StatusQueue = new StatusQueue({
      clock,
      random,
      metrics: metrics.registerQueue('status', () => queue.depth),
      write: credential =>
        writeStatus(credential, {
          ...this.#shared(),
          clock,
          book: this.#book,
          problem: name => this.#problems.of(name),
        }),
      onError: (credential, error) => log.warn('could not write status', { credential, error }),
    });
    return queue;
  }
}
