// Says of an object that is skipped which one it is, and nothing of what is in it.

import type { Log } from '../log.ts';
import type { WatchFaults } from './watch-progress.ts';

export const loggedFaults = (reflector: string, log: Log): WatchFaults => ({
  unreadable: ({ metadata: { namespace, name } }, error) =>
    // The message of the error can quote the object, and that can be a Secret.
    log.error('skipped an object that could not be read', {
      reflector,
      namespace,
      name,
      error: { name: error instanceof Error ? error.name : typeof error },
    }),
  unhandled: (error, object) =>
    log.error('could not handle a change', {
      reflector,
      namespace: object?.metadata.namespace,
      name: object?.metadata.name,
      error,
    }),
});
