// The connections to the API server, kept alive and shared by all requests: a new one
// costs a TLS handshake. They are made anew when the TLS material has changed. Watches have one for themselves.

import { type Agent, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createSecureContext } from 'node:tls';
import { answerText } from '../net/answer-text.ts';
import { exchange, type Outgoing, type Timeouts } from '../net/exchange.ts';
import { socksAgent } from '../net/socks-agent.ts';
import type { TlsMaterial } from './endpoint.ts';
import { isSameTls } from './same-tls.ts';
import type { CompleteAnswer, OpenedAnswer, Transport } from './transport.ts';
import { WatchConnection } from './watch-connection.ts';
import { StreamAnswer } from './watch-session.ts';

export interface ConnectionOptions {
  readonly server: string;
  readonly proxy: string | undefined;
  readonly timeouts: Timeouts;
}

export const TIMEOUTS: Timeouts = { connect: 10_000, headers: 30_000, body: 30_000 };

/** Milliseconds; below the 60 s after which many load balancers drop an idle connection without a word. */
const KEPT_ALIVE = 30_000;

export class Connection implements Transport {
  readonly #options: ConnectionOptions;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  /** Undefined where a proxy is between us, which may not let it through. */
  readonly #watches: WatchConnection | undefined;
  #current: { readonly tls: TlsMaterial; readonly agent: Agent } | undefined;

  constructor(options: ConnectionOptions) {
    const { server, proxy, timeouts } = options;
    this.#options = options;
    if (proxy === undefined && server.startsWith('https:'))
      this.#watches = new WatchConnection(server, timeouts);
  }

  get endsDeadWatches(): boolean {
    return this.#watches?.isSpoken === true;
  }

  send(tls: TlsMaterial, outgoing: Outgoing): Promise<CompleteAnswer> {
    const sent = this.#send(tls, outgoing).finally(() => this.#underWay.delete(sent));
    this.#underWay.add(sent);
    return sent;
  }

  async open(tls: TlsMaterial, outgoing: Outgoing): Promise<IncomingMessage | StreamAnswer> {
    const signals = [this.#closing.signal, ...(outgoing.signal ? [outgoing.signal] : [])];
    const cut = { ...outgoing, signal: AbortSignal.any(signals) };
    const answer = await this.#watches?.open(tls, cut);
    return answer ?? exchange(this.#agent(tls), cut, this.#options.timeouts);
  }

  async complete(answer: OpenedAnswer): Promise<CompleteAnswer> {
    const silence = this.#options.timeouts.body;
    if (answer instanceof StreamAnswer) {
      const { statusCode: status, retryAfter } = answer;
      return { status, retryAfter, text: await answer.text(silence) };
    }
    const { statusCode = 0, headers } = answer as IncomingMessage;
    const text = await answerText(answer as IncomingMessage, silence);
    return { status: statusCode, retryAfter: headers['retry-after'], text };
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the client is closed'));
    this.#watches?.close();
    await Promise.allSettled(this.#underWay);
    this.#current?.agent.destroy();
    this.#current = undefined;
  }

  async #send(tls: TlsMaterial, outgoing: Outgoing): Promise<CompleteAnswer> {
    return this.complete(await exchange(this.#agent(tls), outgoing, this.#options.timeouts));
  }

  #agent(tls: TlsMaterial): Agent {
    const current = this.#current;
    if (current !== undefined && isSameTls(current.tls, tls)) return current.agent;
    if (current !== undefined) retire(current.agent);
    const agent = agentFor(tls, this.#options);
    this.#current = { tls, agent };
    return agent;
  }
}

/** The old connections end with what runs on them. */
function retire(agent: Agent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets))
    for (const socket of sockets ?? []) socket.destroy();
}

function agentFor(tls: TlsMaterial, { server, proxy }: ConnectionOptions): Agent {
  const { ca, cert, key, ...others } = tls;
  const kept = { keepAlive: true, timeout: KEPT_ALIVE };
  // One for all connections: each of its own would read the certificates again, and keep them.
  const secure = { ...others, secureContext: createSecureContext({ ca, cert, key }) };
  if (proxy?.startsWith('socks')) return socksAgent(proxy, server, { ...kept, ...secure });
  const proxyEnv = proxy === undefined ? undefined : { HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
  if (server.startsWith('http:')) return new HttpAgent({ ...kept, proxyEnv });
  return new HttpsAgent({ ...kept, ...secure, proxyEnv });
}
