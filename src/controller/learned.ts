// Tells the redactor which logins are in use, so that none can slip into a log or a
// status by way of somebody else's error text.

import type { AuthEntry } from '../core/auth-entry.ts';
import type { Redactor } from '../redactor.ts';
import type { RegistryState } from './last-known-good.ts';

interface Known {
  readonly now: readonly string[];
  /** Until the next change: a Secret that is not written yet still holds them, and a policy may quote it. */
  readonly before: readonly string[];
}

export class Learned {
  readonly #byCredential = new Map<string, Known>();
  readonly #redactor: Pick<Redactor, 'learn' | 'forget'>;

  constructor(redactor: Pick<Redactor, 'learn' | 'forget'>) {
    this.#redactor = redactor;
  }

  /** Takes the place of what was learned of this RegistryCredential earlier. */
  learn(credential: string, states: readonly RegistryState[]): void {
    const secrets = states.flatMap(({ material, held = [], offered }) =>
      [...(material.state === 'known' ? material.entries : []), ...held, ...(offered?.entries ?? [])].flatMap(
        secretsIn,
      ),
    );
    const { now, before } = this.#byCredential.get(credential) ?? NOTHING;
    if (JSON.stringify(secrets) === JSON.stringify(now)) return;
    for (const secret of secrets) this.#redactor.learn(secret);
    for (const secret of before) this.#redactor.forget(secret);
    this.#byCredential.set(credential, { now: secrets, before: now });
  }

  forget(credential: string): void {
    const { now, before } = this.#byCredential.get(credential) ?? NOTHING;
    for (const secret of [...now, ...before]) this.#redactor.forget(secret);
    this.#byCredential.delete(credential);
  }

  forgetAll(): void {
    for (const credential of [...this.#byCredential.keys()]) this.forget(credential);
  }
}

const NOTHING: Known = { now: [], before: [] };

/**
 * Some registries take a token for the user name. No name of Kubernetes has a capital in it, so that no
 * object of the same name is masked.
 */
const LIKE_A_TOKEN = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{16,}$/;

function secretsIn({ json }: AuthEntry): string[] {
  const { username = '', password, auth } = JSON.parse(json) as Partial<Record<string, string>>;
  return [password, auth, ...(LIKE_A_TOKEN.test(username) ? [username] : [])].filter(
    secret => secret !== undefined,
  );
}
