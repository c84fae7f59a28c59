// What all steps of one check share, and the one way in which they ask: an answer, or a verdict that there is none.

import type { LoginToCheck } from './check-login.ts';
import type { Answer, Conversation, Question } from './conversation.ts';
import { failedQuestion } from './failed-question.ts';
import type { Pull } from './pull.ts';
import type { RealmRules } from './realm.ts';
import type { RegistryAddress } from './registry-address.ts';
import type { Inconclusive, Verdict } from './verdict.ts';

export interface Asker {
  readonly registry: RegistryAddress;
  readonly pull: Pull | undefined;
  readonly rules: RealmRules;
  /** The login as a header. */
  readonly basic: string;
  /** `what` is whom it goes to, for people. */
  ask(what: string, question: Question): Promise<Answer | Inconclusive>;
}

interface Parts {
  readonly registry: RegistryAddress;
  readonly login: LoginToCheck;
  readonly pull: Pull | undefined;
  readonly rules: RealmRules;
  readonly conversation: Conversation;
}

export function askerOf({ registry, login, pull, rules, conversation }: Parts): Asker {
  const pair = `${login.username}:${login.password}`;
  return {
    registry,
    pull,
    rules,
    basic: `Basic ${Buffer.from(pair).toString('base64')}`,
    ask: (what, question) =>
      conversation.ask(question).catch((failure: unknown) => failedQuestion(what, failure)),
  };
}

export function isVerdict(value: unknown): value is Inconclusive & Verdict {
  return typeof value === 'object' && value !== null && 'outcome' in value;
}
