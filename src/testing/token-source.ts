// A source of tokens as tests need one: it gives tokens that live for so long, in a row, or fails as it is told.

import type { RegistrySpec } from '../api/types.ts';
import type { AskToken } from '../controller/ask-source.ts';
import { encodeEntry } from '../core/docker-config.ts';
import type { Fetched, TokenSource } from '../sources/source.ts';

export class TokenGiver {
  /** Milliseconds; undefined: they do not end. */
  life: number | undefined = 3_600_000;
  /** Given in the place of tokens, as long as it is there. */
  failure: Extract<Fetched, { ok: false }> | undefined;
  /** How long an answer takes: until this resolves. */
  answering: Promise<unknown> = Promise.resolve();
  /** When it was asked. */
  readonly asked: number[] = [];
  /** How many of the answers were called off. */
  calledOff = 0;

  /** The passwords are "token-1", "token-2", … */
  ask: AskToken = async (_, registry, { now, signal, learn }) => {
    const count = this.asked.push(now());
    signal.addEventListener('abort', () => this.calledOff++);
    const password = `token-${count}`;
    learn(password);
    await this.answering;
    if (this.failure !== undefined) return this.failure;
    const { server = 'r.io' } = registry;
    const entries = [encodeEntry({ server, username: 'robot', password })];
    return {
      ok: true,
      entries,
      bad: [],
      ...(this.life !== undefined && { expiresAt: new Date(now() + this.life) }),
    };
  };
}

/** Of a kind of its own, for tests below `sourceOf`. It reads the Secret "key". */
export const aTokenSource: TokenSource = {
  kind: 'token',
  gives: 'tokens',
  secretNames: () => ['key'],
  servers: ({ server = 'r.io' }: RegistrySpec) => [server],
  asks: ({ server = 'r.io' }: RegistrySpec) => [server.split('/')[0] ?? ''],
  serverAsked: ({ server = 'r.io' }: RegistrySpec) => server.split('/')[0] ?? '',
  fetch: () => Promise.reject(new Error('the test asks in its place')),
};
