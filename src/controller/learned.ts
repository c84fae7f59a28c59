// Tells the redactor which logins are in use, so that none can slip into a log or a
// status by way of somebody else's error text.

import type { AuthEntry } from '../core/auth-entry.ts';
import type { Redactor } from '../redactor.ts';
import type { RegistryState } from './last-known-good.ts';

export class Learned {
  readonly #byCredential = new Map<string, readonly string[]>();
  readonly #redactor: Pick<Redactor, 'learn' | 'forget'>;

  constructor(redactor: Pick<Redactor, 'learn' | 'forget'>) {
    this.#redactor = redactor;
  }

  /** Replaces what was learned of this RegistryCredential. */
  learn(credential: string, states: readonly RegistryState[]): void {
    const secrets = states.flatMap(({ material }) =>
      material.state === 'known' ? material.entries.flatMap(secretsIn) : [],
    );
    for (const secret of secrets) this.#redactor.learn(secret);
    this.forget(credential);
    this.#byCredential.set(credential, secrets);
  }

  forget(credential: string): void {
    for (const secret of this.#byCredential.get(credential) ?? []) this.#redactor.forget(secret);
    this.#byCredential.delete(credential);
  }

  forgetAll(): void {
    for (const credential of [...this.#byCredential.keys()]) this.forget(credential);
  }
}

function secretsIn({ json }: AuthEntry): string[] {
  const { password, auth } = JSON.parse(json) as { password?: string; auth?: string };
  return [password, auth].filter(secret => secret !== undefined);
}
