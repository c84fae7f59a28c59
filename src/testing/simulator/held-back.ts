// Under Enforce no login goes out before its registry has said something, and none to which it has said no. One that
// is out already may go further.

import { DOCKER_CONFIG_KEY, KEPT_KEY, KEPT_TYPE } from '../../api/names.ts';
import type { VerificationMode } from '../../api/types.ts';
import type { Kinds } from '../resources.ts';
import type { Recorded } from './history.ts';
import type { Caller } from './network.ts';
import type { Login } from './oracle/snapshot.ts';
import { type KubeletLogin, loginsOf } from './rules/kubelet-logins.ts';

export class HeldBack {
  readonly #isEnforced: boolean;
  /** "username:password" */
  readonly #out = new Set<string>();

  constructor(verification: VerificationMode) {
    this.#isEnforced = verification === 'Enforce';
  }

  /** Whether `caller` may be waiting for its verdict. Of one that is out nobody waits for it. */
  isTrying(caller: Caller, { username, password }: Login): boolean {
    const auth = `${username}:${password}`;
    return this.#isEnforced && !this.#out.has(auth) && caller.isTrying(auth);
  }

  /** What a write of `caller` breaks. */
  broken(
    caller: Caller,
    { resource, before, after }: Pick<Recorded, 'resource' | 'before' | 'after'>,
  ): { readonly rule: string; readonly detail: string } | undefined {
    if (!this.#isEnforced || resource !== 'secrets') return undefined;
    const [old, fresh] = [before, after].map(object => loginsIn(object as Kinds['secrets'] | undefined));
    for (const [key, { auth }] of fresh ?? []) {
      const isNew = !old?.some(one => one[0] === key && one[1].auth === auth) && !this.#out.has(auth);
      this.#out.add(auth);
      const told = isNew ? caller.toldOf(auth) : undefined;
      if (told === 'no' || told === 'nothing')
        return { rule: 'no login is handed out untried', detail: `that of ${key}, told ${told}, was` };
    }
    return undefined;
  }
}

/** Also those that are kept for the next process, which takes them for out. */
function loginsIn(secret: Kinds['secrets'] | undefined): (readonly [key: string, login: KubeletLogin])[] {
  const { data = {}, type } = secret ?? {};
  if (type !== KEPT_TYPE) return [...loginsOf(data[DOCKER_CONFIG_KEY])];
  const { registries } = JSON.parse(Buffer.from(data[KEPT_KEY] ?? '', 'base64').toString());
  return registries.flatMap((one: { auths?: object } | null) => [
    ...loginsOf(Buffer.from(JSON.stringify({ auths: one?.auths ?? {} })).toString('base64')),
  ]);
}
