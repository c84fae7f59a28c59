// Somebody edits a Secret of ours in a simulation of tokens: the login in it is none. It is to be repaired at once, also when
// nobody who runs knows whether it was one; while whoever gives tokens out is away, he need not.

import type { FakeApiServer } from '../../fake-api-server.ts';
import type { Outage } from './outages.ts';
import { leftAloneFor, noticedWithin, type Settings } from './settings.ts';

const MINUTE = 60_000;
const NO_LOGIN = {
  '.dockerconfigjson': Buffer.from('{"auths":{"r.io":{"auth":"dTplZGl0ZWQ="}}}').toString('base64'),
};

export class Edits {
  count = 0;
  /** By namespace/name, in virtual milliseconds. */
  readonly #at = new Map<string, number>();

  edit(server: FakeApiServer, key: string, now: number): void {
    if (server.get('secrets', key) === undefined) return;
    this.count++;
    this.#at.set(key, now);
    server.update('secrets', key, secret => {
      secret.data = NO_LOGIN;
    });
  }

  /** When it was edited last. */
  of(key: string): number | undefined {
    return this.#at.get(key);
  }

  /** Whether he was away when it was edited, or since, or was not yet seen to be back. */
  isExcused(key: string, now: number, outages: readonly Outage[], settings: Settings): boolean {
    const at = this.of(key);
    if (at === undefined) return false;
    if (now < at + noticedWithin(settings) - 5 * MINUTE) return true;
    return outages.some(({ from, until, retryAfter }) => {
      const noticed = until + Math.max(noticedWithin(settings), leftAloneFor(retryAfter, settings) + MINUTE);
      return from <= now && at < noticed && now < noticed;
    });
  }
}
