// Registries that say what a test has them say to a password, and when.

import type { LoginToCheck } from '../registry/check-login.ts';
import type { CheckLogin } from '../registry/login-checks.ts';
import { inconclusive, type Verdict } from '../registry/verdict.ts';

export const accepted: Verdict = {
  outcome: 'verified',
  reason: 'LoginAccepted',
  message: 'r.io accepts the login',
};
export const rejected: Verdict = {
  outcome: 'rejected',
  reason: 'LoginRejected',
  message: 'r.io rejects the login (401): correct it',
};
export const denied: Verdict = {
  outcome: 'denied',
  reason: 'PullDenied',
  message: 'r.io does not give it the image',
};
export const away = inconclusive('Unreachable', 'could not reach r.io');

export class ScriptedRegistry {
  /** By password; all others are good. */
  says: Record<string, Verdict | 'nothing yet'> = {};
  /** Passwords, in the order in which they were sent. */
  readonly asked: string[] = [];
  readonly logins: LoginToCheck[] = [];
  #waiting: { readonly password: string; readonly answer: (verdict: Verdict) => void }[] = [];

  readonly check: CheckLogin = login => {
    this.asked.push(login.password);
    this.logins.push(login);
    const said = this.says[login.password] ?? accepted;
    if (said !== 'nothing yet') return Promise.resolve(said);
    return new Promise(answer => this.#waiting.push({ password: login.password, answer }));
  };

  /** To those who wait. */
  answer(password: string, verdict: Verdict): void {
    this.says[password] = verdict;
    const [now, later] = [true, false].map(is =>
      this.#waiting.filter(one => (one.password === password) === is),
    );
    this.#waiting = later ?? [];
    for (const { answer } of now ?? []) answer(verdict);
  }
}
