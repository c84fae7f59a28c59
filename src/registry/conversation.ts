// The questions of one check. Here is held what no answer can change: no redirect is followed, nothing is
// unpacked, little is read, every wait has an end, and no name leads to an address where it may not lead.

import type { IncomingMessage } from 'node:http';
import type { AddressClass } from '../net/address-class.ts';
import { answerText } from '../net/answer-text.ts';
import { exchange, type Timeouts } from '../net/exchange.ts';
import { guardedAgent, type Resolve } from '../net/guarded-agent.ts';
import { type Environment, proxyFor } from '../net/proxy.ts';
import { foundAt, mayLeadTo } from './reach.ts';
import type { RegistryAddress } from './registry-address.ts';

export interface ConversationOptions {
  /** For HTTPS_PROXY and NO_PROXY. */
  readonly environment?: Environment | undefined;
  /** PEM: trusted besides the usual authorities. */
  readonly ca?: string | undefined;
  readonly timeouts?: CheckTimeouts | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Asks DNS; default: as the system does. */
  readonly resolve?: Resolve | undefined;
}

/** Milliseconds. `body` is of silence, `whole` of all questions of a check together. */
export interface CheckTimeouts extends Timeouts {
  readonly whole: number;
}

export const CHECK_TIMEOUTS: CheckTimeouts = { connect: 5_000, headers: 10_000, body: 5_000, whole: 30_000 };

export interface Question {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD';
  readonly authorization?: string | undefined;
  readonly accept?: string | undefined;
  /** Else nothing of the body is read. */
  readonly wantsBody?: boolean;
}

export interface Answer {
  readonly status: number;
  /** Values of WWW-Authenticate. */
  readonly challenges: readonly string[];
  readonly isHtml: boolean;
  /** Milliseconds. */
  readonly retryAfter: number | undefined;
  /** Undefined when it was not wanted, or came packed. */
  readonly body: string | undefined;
}

/** Bytes; tokens have some thousand. Node itself cuts headers off at 16 kB. */
const LARGEST_BODY = 64 * 1024;

export class Conversation {
  readonly #registry: RegistryAddress;
  readonly #options: ConversationOptions;
  readonly #signal: AbortSignal;
  /** Where the registry itself was first found: later questions lead no further in. */
  #found: AddressClass | undefined;

  constructor(registry: RegistryAddress, options: ConversationOptions) {
    this.#registry = registry;
    this.#options = options;
    const whole = AbortSignal.timeout((options.timeouts ?? CHECK_TIMEOUTS).whole);
    this.#signal = options.signal === undefined ? whole : AbortSignal.any([whole, options.signal]);
  }

  /** Rejects when there is no complete answer. The first question goes to the registry. */
  async ask(question: Question): Promise<Answer> {
    try {
      return await this.#ask(question);
    } catch (failure) {
      // An answer that is cut in its middle says only that it was cut.
      throw this.#signal.aborted ? this.#signal.reason : failure;
    }
  }

  async #ask({ url, method, authorization, accept, wantsBody = false }: Question): Promise<Answer> {
    const timeouts = this.#options.timeouts ?? CHECK_TIMEOUTS;
    const headers = {
      'user-agent': 'regcred',
      'accept-encoding': 'identity',
      ...(accept === undefined ? {} : { accept }),
      ...(authorization === undefined ? {} : { authorization }),
    };
    const proxy = proxyFor(url.href, undefined, this.#options.environment ?? {});
    const { ca, resolve } = this.#options;
    // One for each question: a check has four at most, and nothing is to be left open.
    const agent = guardedAgent(url, { proxy, ca, resolve, admits: address => this.#admits(url, address) });
    const answer = await exchange(
      agent,
      { url, method, headers, body: undefined, signal: this.#signal },
      timeouts,
    );
    try {
      this.#found ??= foundAt(url, proxy === undefined ? answer.socket.remoteAddress : undefined);
      const isPacked = (answer.headers['content-encoding'] ?? 'identity') !== 'identity';
      const isRead = wantsBody && !isPacked;
      return answerOf(answer, isRead ? await answerText(answer, timeouts.body, LARGEST_BODY) : undefined);
    } finally {
      answer.destroy();
    }
  }

  #admits(url: URL, address: string): boolean {
    return mayLeadTo(address, url, { registry: this.#registry.base, found: this.#found });
  }
}

function answerOf(answer: IncomingMessage, body: string | undefined): Answer {
  const retryAfter = answer.headers['retry-after'] ?? '';
  return {
    status: answer.statusCode ?? 0,
    challenges: answer.headersDistinct['www-authenticate'] ?? [],
    isHtml: /^text\/html\b/i.test(answer.headers['content-type'] ?? ''),
    retryAfter: /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined,
    body,
  };
}
