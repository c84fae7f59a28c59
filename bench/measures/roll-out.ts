// Whether a new login is everywhere, by the status of the RegistryCredential: to watch all the Secrets would cost more.

import { CREDENTIALS_PATH } from '../../src/controller/paths.ts';
import { isSynced } from '../stage/completion.ts';
import { follow } from '../stage/following.ts';
import type { Stage } from '../stage/stage.ts';

export interface RollOut {
  readonly watching: Promise<void>;
  /** It was begun, and is over; or nobody wants to know any more. */
  readonly isOver: boolean;
  stop(): void;
}

/** To be called before the login changes, with everything served. */
export function rollOut({ admin }: Stage): RollOut {
  let state: 'awaited' | 'going on' | 'over' = 'awaited';
  const end = (): void => {
    state = 'over';
  };
  const following = follow(admin, CREDENTIALS_PATH, '', ({ object }) => {
    if (!isSynced(object)) state = 'going on';
    else if (state === 'going on') end();
  });
  return {
    watching: Promise.race([following.listed, following.failed]),
    get isOver() {
      return state === 'over';
    },
    stop: () => {
      end();
      following.stop();
    },
  };
}
