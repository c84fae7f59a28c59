// Asks a source of tokens once, for so long and no longer. Whatever it does, the end is a value; only who stops waiting
// himself, by the signal, gets a rejection.

import type { RegistrySpec } from '../api/types.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Fetched, SourceContext, Surroundings, TokenContext, TokenSource } from '../sources/source.ts';
import { type FailedFetch, failed } from '../sources/source-failure.ts';

/** What the process brings along, such as its environment, is added where the parts are put together. */
export type AskToken = (
  source: TokenSource,
  registry: RegistrySpec,
  context: Omit<TokenContext, keyof Surroundings>,
) => Promise<Fetched>;

export interface Wanted {
  /** As of fetch-key.ts. */
  readonly key: string;
  readonly source: TokenSource;
  readonly registry: RegistrySpec;
  /** The Secrets as they were when the key was made. */
  readonly secrets: SourceContext;
}

export interface AskContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly ask: AskToken;
}

/** Milliseconds. */
const TIME_LIMIT = 30_000;
const TIMED_OUT = new Error('timed out');

export async function askSource(
  { source, registry, secrets }: Wanted,
  { clock, log, ask }: AskContext,
  learn: (secret: string) => void,
  running: AbortController,
): Promise<Fetched> {
  const { signal } = running;
  const timer = clock.setTimeout(() => running.abort(TIMED_OUT), TIME_LIMIT);
  const context = { ...secrets, now: () => clock.now(), signal, learn };
  try {
    // One that does not heed the signal is not waited for.
    return await Promise.race([ask(source, registry, context), whenAborted(signal)]);
  } catch (error) {
    if (signal.reason === TIMED_OUT) return timedOut(source);
    signal.throwIfAborted();
    // What a cloud's library threw may hold a request with its secrets: its kind alone is told.
    const kind = error instanceof Error ? error.name : typeof error;
    log.error('could not understand how a source failed', { source: source.kind, kind });
    return failed(
      'TokenUnavailable',
      `the source ${source.kind} failed in a way that the operator does not know (${kind}); it is tried again: see its log`,
    );
  } finally {
    timer.cancel();
  }
}

const timedOut = ({ kind }: TokenSource): FailedFetch =>
  failed(
    'TokenUnavailable',
    `the source ${kind} gave no answer within ${TIME_LIMIT / 1000} s; it is tried again: see that the operator's pod can reach it`,
  );

/** Rejects then, and never resolves. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
