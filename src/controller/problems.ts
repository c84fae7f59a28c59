// What the API server refuses us as a whole, reads and RegistryCredentials
// included: status says so, for nobody else will notice.

import type { Failure } from '../core/change.ts';
import { isAccessDenied, isConflict, isNotFound, isUnauthenticated } from '../kube/errors.ts';
import type { Log } from '../log.ts';
import type { Redactor } from '../redactor.ts';
import { failureOf } from './refusal.ts';

interface ProblemsContext {
  readonly log: Log;
  readonly redactor: Pick<Redactor, 'redact'>;
}

export class Problems {
  readonly #context: ProblemsContext;
  /** Called with the RegistryCredential that is concerned, or undefined for all. */
  readonly #touch: (credential: string | undefined) => void;
  readonly #watches = new Map<string, Failure>();
  readonly #credentials = new Map<string, Failure>();

  constructor(context: ProblemsContext, touch: (credential: string | undefined) => void) {
    this.#context = context;
    this.#touch = touch;
  }

  of(credential: string): Failure | undefined {
    return this.#credentials.get(credential) ?? this.#watches.values().next().value;
  }

  /** Only a refusal is for status: who cannot be reached, or does not know us, cannot be told. */
  noteWatch(watch: string, error: Error | undefined): void {
    const isTold = isAccessDenied(error) && !isUnauthenticated(error);
    const failure = isTold ? this.#failure(error) : undefined;
    if (set(this.#watches, watch, failure)) this.#touch(undefined);
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
