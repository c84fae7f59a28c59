// One of two RegistryCredentials that share a source is suspended for some hours. Nobody has to live on it meanwhile; once it
// is resumed it has what the other one has, also while whoever gives tokens out is away. Every other time the operator
// crashes at that moment, and its next process knows two tokens of the same source, one of them old.

import type { FakeApiServer } from '../../fake-api-server.ts';
import type { Dice } from '../../random.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { Settings } from './settings.ts';

const MINUTE = 60_000;
const NEVER = Number.NEGATIVE_INFINITY;

interface Parts {
  readonly dice: Dice;
  readonly time: VirtualTime;
  readonly server: FakeApiServer;
  readonly settings: Pick<Settings, 'life'>;
  readonly crash: () => void;
}

/** And the name of the Secrets that are its own. */
const SECRETS = { alpha: 'regcred', beta: 'team-login' } as const;
type Name = keyof typeof SECRETS;

export class Suspension {
  readonly #parts: Parts;
  #suspended: Name | undefined;
  count = 0;
  /** By the name of the Secrets, in virtual milliseconds. */
  readonly #endedAt = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** From now on, and mostly for so long that its token is renewed, or ends. */
  begin(): void {
    if (this.#suspended !== undefined) return;
    const { dice, time, settings, crash } = this.#parts;
    const credential = dice.one<Name>(['alpha', 'beta']);
    const isWithCrash = dice.oneIn(2);
    this.count++;
    this.#suspended = credential;
    this.#set(credential, true);
    time.after(MINUTE + dice.upTo(1.5 * settings.life), () => {
      if (isWithCrash) crash();
      this.#endedAt.set(SECRETS[credential], time.now);
      this.#suspended = undefined;
      this.#set(credential, false);
    });
  }

  /** Whether nobody has to live on Secrets of this name. */
  isExcused(secret: string): boolean {
    return this.#suspended !== undefined && SECRETS[this.#suspended] === secret;
  }

  /** When those of this name were to be served again. */
  endedAt(secret: string): number {
    return this.#endedAt.get(secret) ?? NEVER;
  }

  #set(credential: Name, isSuspended: boolean): void {
    this.#parts.server.update('registrycredentials', credential, object => {
      object.spec = { ...object.spec, suspend: isSuspended };
    });
  }
}
