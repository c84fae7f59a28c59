// Puts words to a connection that failed. The words of the network are kept, since
// they say what to do; a body never is.

import { TransportError } from './errors.ts';

/** `what` is such as "GET /api/v1/namespaces". */
export function transportFailure(what: string, cause: unknown): TransportError {
  if (cause instanceof TransportError) return cause;
  return new TransportError(`could not ${what}: ${causeText(cause)}`, { cause });
}

function causeText(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // "localhost" with two addresses fails with an AggregateError that has no message of its own.
  const inner =
    cause instanceof AggregateError ? cause.errors.find(each => each instanceof Error) : undefined;
  const message = cause.message || inner?.message || '';
  const code = (cause as NodeJS.ErrnoException).code;
  if (message === '') return code ?? cause.name;
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
