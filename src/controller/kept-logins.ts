// Keeps the last known good logins where they outlive the operator. Level-triggered: what is kept of a
// RegistryCredential that is gone goes too, also when no operator ran meanwhile. No roll-out waits for it.

import { KEPT_KEY, KEPT_PREFIX } from '../api/names.ts';
import type { SourceSecretRecord } from '../core/records.ts';
import { isConflict, isNotFound, retryAfterOf } from '../kube/errors.ts';
import type { KubeClient, KubeObject } from '../kube/kube-client.ts';
import type { CredentialBook } from './credential-book.ts';
import {
  applyKept,
  deleteKept,
  isKeptSecret,
  isWorthKeeping,
  keptContent,
  keptIn,
  keptSecretName,
} from './kept-secret.ts';
import { type ReconcileQueueContext, reconcileQueue } from './reconcile-queue.ts';
import { slimSource } from './slim.ts';
import type { WorkQueue } from './work-queue.ts';
import { credentialNamed, type World } from './world.ts';

export interface KeptLoginsContext extends ReconcileQueueContext {
  readonly client: KubeClient;
  readonly world: World;
  readonly book: CredentialBook;
}

/** Milliseconds. */
const BACKOFF = { first: 1_000, most: 30_000 };
const WORKERS = 2;

export class KeptLogins {
  readonly #context: KeptLoginsContext;
  readonly #queue: WorkQueue;
  /** Name of the Secret -> that of the RegistryCredential. */
  readonly #credentials = new Map<string, string>();
  /** Secrets of which it was said that they cannot be written: not with every attempt. */
  readonly #told = new Set<string>();

  constructor(context: KeptLoginsContext) {
    this.#context = context;
    this.#queue = reconcileQueue(
      { name: 'kept', workers: WORKERS, backoff: BACKOFF, reconcile: secret => this.#reconcile(secret) },
      context,
    );
  }

  /** The RegistryCredential, or what is known of its logins, may be another. */
  touch(credential: string): void {
    const secret = keptSecretName(credential);
    this.#credentials.set(secret, credential);
    this.#queue.add(secret);
  }

  /** Somebody changed a Secret of the operator's namespace. */
  changed(before: SourceSecretRecord | undefined, after: SourceSecretRecord | undefined): void {
    const { name = '' } = after ?? before ?? {};
    if (name.startsWith(KEPT_PREFIX)) this.#queue.add(name);
  }

  /** To be called when all RegistryCredentials were touched: what is of none of them is deleted. */
  start(): void {
    for (const secret of this.#context.world.sources.all()) this.changed(undefined, secret);
    this.#queue.start();
  }

  stop(): Promise<void> {
    return this.#queue.stop();
  }

  async #reconcile(name: string): Promise<'success' | 'requeue'> {
    const credential = this.#credentials.get(name);
    try {
      await this.#keep(name, credential);
    } catch (error) {
      // Outdated or gone: the watch brings what is there.
      const isPassing = isConflict(error) || isNotFound(error);
      if (!isPassing && this.#isNews(name))
        this.#context.log.warn('could not keep logins for a restart, will retry', { credential, error });
      this.#queue.addRateLimited(name, 'bulk', retryAfterOf(error));
      return 'requeue';
    }
    this.#queue.forget(name);
    if (credentialNamed(this.#context.world, credential ?? '') === undefined) {
      this.#credentials.delete(name);
      this.#told.delete(name);
    }
    return 'success';
  }

  async #keep(name: string, credential: string | undefined): Promise<void> {
    const { world, book, log } = this.#context;
    const stored = world.sources.get('', name);
    const observed = isKeptSecret(stored) ? stored : undefined;
    const record = credential === undefined ? undefined : credentialNamed(world, credential);
    if (credential === undefined || record === undefined) return this.#forget(observed, credential);
    // Until the undo is through it may be needed; and while nothing is to change, nothing does. So it is with a spec
    // that cannot be read.
    const isLeft = record.deleted || record.spec.suspend === true;
    const entry = isLeft ? undefined : book.get(record);
    // One that cannot be read may be of a newer operator.
    const kept = observed && keptIn(observed);
    const isOfAnother = kept !== undefined && kept.credential.uid !== record.uid;
    // That nothing is known any more is to be said, too.
    const isWorthIt = entry?.registries.some(isWorthKeeping) || (kept !== undefined && !isOfAnother);
    if (entry === undefined || !isWorthIt)
      return isOfAnother ? this.#forget(observed, credential) : undefined;
    const content = keptContent(record, entry.registries);
    if (stored !== undefined && observed === undefined) {
      if (this.#isNews(name))
        log.warn('could not keep logins for a restart, somebody else has a Secret of that name: delete it', {
          credential,
          secret: `${world.operatorNamespace}/${name}`,
        });
      return;
    }
    if (observed?.data[KEPT_KEY] !== content) {
      await this.#write({ name, namespace: world.operatorNamespace, credential }, content, observed);
      log.info('kept logins for a restart', { credential });
    }
    this.#told.delete(name);
  }

  async #forget(observed: SourceSecretRecord | undefined, credential: string | undefined): Promise<void> {
    if (observed === undefined) return;
    const { client, world, log } = this.#context;
    await client.request(deleteKept(world.operatorNamespace, observed));
    world.sources.forget(observed);
    log.info('forgot logins that were kept', { credential, secret: observed.name });
  }

  #isNews(secret: string): boolean {
    if (this.#told.has(secret)) return false;
    this.#told.add(secret);
    return true;
  }

  async #write(...change: Parameters<typeof applyKept>): Promise<void> {
    const { client, world } = this.#context;
    const { body } = await client.request<KubeObject>(applyKept(...change));
    world.sources.observe(slimSource(body));
  }
}
