// What the API server refuses us as a whole, reads and RegistryCredentials
// included: status says so, for nobody else will notice.

import type { Clock, Timer } from '../clock.ts';
import type { Failure } from '../core/change.ts';
import { isAccessDenied, isConflict, isNotFound, isUnauthenticated } from '../kube/errors.ts';
import type { Log } from '../log.ts';
import type { Redactor } from '../redactor.ts';
import { failureOf } from './refusal.ts';

/** Milliseconds. An API server that has just started refuses everybody until it has read its RBAC. */
const CERTAIN = 5_000;

interface ProblemsContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Pick<Redactor, 'redact'>;
}

export class Problems {
  readonly #context: ProblemsContext;
  /** Called with the RegistryCredential that is concerned, or undefined for all. */
  readonly #touch: (credential: string | undefined) => void;
  readonly #watches = new Map<string, Failure>();
  readonly #credentials = new Map<string, Failure>();
  /** What a watch is refused, until it has lasted. */
  readonly #unsure = new Map<string, Timer>();

  constructor(context: ProblemsContext, touch: (credential: string | undefined) => void) {
    this.#context = context;
    this.#touch = touch;
  }

  of(credential: string): Failure | undefined {
    return this.#credentials.get(credential) ?? this.#watches.values().next().value;
  }

  /** Only a refusal is for status: who cannot be reached, or does not know us, cannot be told. */
  noteWatch(watch: string, error: Error | undefined): void {
    this.#unsure.get(watch)?.cancel();
    this.#unsure.delete(watch);
    const isTold = isAccessDenied(error) && !isUnauthenticated(error);
    const tell = (failure: Failure | undefined): void => {
      if (set(this.#watches, watch, failure)) this.#touch(undefined);
    };
    if (isTold && !this.#watches.has(watch)) {
      const timer = this.#context.clock.setTimeout(() => tell(this.#failure(error)), CERTAIN);
      this.#unsure.set(watch, timer);
    } else tell(isTold ? this.#failure(error) : undefined);
  }

  stop(): void {
    for (const timer of this.#unsure.values()) timer.cancel();
  }

  noteCredential(credential: string, error: unknown): void {
    // Outdated or gone: the next attempt sees the newer state.
    const isPassing = error === undefined || isConflict(error) || isNotFound(error);
    if (!isPassing) this.#context.log.warn('could not reconcile', { credential, error });
    const failure = isPassing || isUnauthenticated(error) ? undefined : this.#failure(error);
    if (set(this.#credentials, credential, failure)) this.#touch(credential);
  }

  #failure(error: unknown): Failure {
    return failureOf(error, text => this.#context.redactor.redact(text), 'the API server');
  }
}

/** Returns whether that changed anything. */
function set(map: Map<string, Failure>, key: string, failure: Failure | undefined): boolean {
  const before = map.get(key);
  if (failure === undefined) return map.delete(key);
  map.set(key, failure);
  return before?.reason !== failure.reason || before.message !== failure.message;
}
