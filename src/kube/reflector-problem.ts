// What keeps a reflector from following, in words: whatever was thrown becomes one of the two failures of a request.

import { ApiError, TransportError } from './errors.ts';
import { listFailure } from './watch-progress.ts';

export type Problem = ApiError | TransportError;

export function explained(failure: unknown, reflector: string, isListing: boolean): Problem {
  const said = isListing ? listFailure(failure) : failure;
  if (said instanceof ApiError || said instanceof TransportError) return said;
  const name = said instanceof Error ? said.name : typeof said;
  return new TransportError(`could not follow ${reflector}: ${name}`, { cause: said });
}
