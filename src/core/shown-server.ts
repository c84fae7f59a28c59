// Keys of `auths` as they may be shown. People put passwords into the wrong place, and a key is one.

import type { RingLogin } from './keyring.ts';
import { namesRegistry } from './server-key.ts';

const HIDDEN = '(a key that is no registry, not shown)';

/** As it was written, if that is a registry and nothing else. */
export function shownServer({ server, key }: Pick<RingLogin, 'server' | 'key'>): string {
  const bare = server.replace(/^https?:\/\//, '').replace(/\/(v[12]\/)?$/, '');
  if (namesRegistry(bare)) return server;
  return key !== undefined && namesRegistry(key) ? key : HIDDEN;
}

/** One that an image matches is, star by star, part of the image's name. */
export const shownMatch = (login: Pick<RingLogin, 'server' | 'key'>): string => {
  const shown = shownServer(login);
  return shown === HIDDEN ? (login.key ?? HIDDEN) : shown;
};
