// How the libraries of clouds reach anybody: through one place that sends to the hosts of that cloud and to nobody
// else, follows no redirect, and keeps what was last said. So a failure is told from what was said, and not by an
// error of a library, which holds what was sent.

import { addressClass } from '../net/address-class.ts';
import { answerText } from '../net/answer-text.ts';
import { exchange, type Timeouts } from '../net/exchange.ts';
import { guardedAgent } from '../net/guarded-agent.ts';
import { type Environment, proxyFor } from '../net/proxy.ts';

export interface CloudQuestion {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface CloudAnswer {
  readonly status: number;
  /** Names in lower-case letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Rejects when there is no complete answer. */
export type Ask = (question: CloudQuestion, signal: AbortSignal) => Promise<CloudAnswer>;

/** What came of the last question. */
export type LastAsked = { readonly host: string } & (
  | { readonly answer: CloudAnswer }
  | { readonly failure: unknown }
);

const TIMEOUTS: Timeouts = { connect: 10_000, headers: 15_000, body: 10_000 };
/** Bytes; tokens have some thousand. */
const LARGEST_BODY = 256 * 1024;

export class CloudConversation {
  last: LastAsked | undefined;
  readonly #ask: Ask;
  readonly #mayAsk: (url: URL) => boolean;
  readonly #signal: AbortSignal;

  constructor(ask: Ask, mayAsk: (url: URL) => boolean, signal: AbortSignal) {
    this.#ask = ask;
    this.#mayAsk = mayAsk;
    this.#signal = signal;
  }

  async ask(question: CloudQuestion): Promise<CloudAnswer> {
    const { host } = question.url;
    try {
      // No library asks anybody else today. Should one begin to, it is with our secrets in hand.
      if (!this.#mayAsk(question.url)) throw new Error('not a host that this source asks');
      const answer = await this.#ask(question, this.#signal);
      this.last = { host, answer };
      return answer;
    } catch (failure) {
      this.last = { host, failure };
      throw failure;
    }
  }
}

/** Plain http goes to metadata servers only, which are beside us: never through a proxy. */
export function askOverNet(environment: Environment): Ask {
  return async ({ url, method, headers, body }, signal) => {
    const isCloud = url.protocol === 'https:';
    const proxy = isCloud ? proxyFor(url.href, undefined, environment) : undefined;
    const agent = guardedAgent(url, { proxy, admits: address => !isCloud || isOutside(address) });
    const all = { ...headers, 'accept-encoding': 'identity' };
    const answer = await exchange(agent, { url, method, headers: all, body, signal }, TIMEOUTS);
    try {
      const text = await answerText(answer, TIMEOUTS.body, LARGEST_BODY);
      const received = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
      return { status: answer.statusCode ?? 0, headers: Object.fromEntries(received), body: text };
    } catch (failure) {
      // An answer that is cut in its middle says only that it was cut.
      throw signal.aborted ? signal.reason : failure;
    } finally {
      answer.destroy();
    }
  };
}

/** Private addresses are: a cloud's services can have some within its networks. */
function isOutside(address: string): boolean {
  const kind = addressClass(address);
  return kind === 'public' || kind === 'private';
}
