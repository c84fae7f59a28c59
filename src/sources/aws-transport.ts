// How AWS' libraries reach AWS: by the proxies and with the bounds that everything here has. Their own client knows
// no proxy, and reads an answer without end.

import type { IncomingHttpHeaders } from 'node:http';
import type { ECRClientConfig } from '../clouds/aws.ts';
import { answerText } from '../net/answer-text.ts';
import { exchange, type Timeouts } from '../net/exchange.ts';
import { guardedAgent } from '../net/guarded-agent.ts';
import { type Environment, proxyFor } from '../net/proxy.ts';

export interface TransportOptions {
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly timeouts?: Timeouts | undefined;
}

/** What their libraries send, as far as it is looked at. */
interface Sent {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Received {
  readonly response: {
    readonly statusCode: number;
    readonly reason?: string;
    readonly headers: Record<string, string>;
    readonly body: Uint8Array;
  };
}

/** Milliseconds. The library asks three times. */
const TIMEOUTS: Timeouts = { connect: 4_000, headers: 5_000, body: 5_000 };
/** Bytes; logins have some thousand. */
const LARGEST_BODY = 64 * 1024;

export function awsTransport(options: TransportOptions): NonNullable<ECRClientConfig['requestHandler']> {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: (sent: Sent) => answerTo(sent, options),
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  };
}

async function answerTo(
  { method, protocol, hostname, port, path, headers, body }: Sent,
  { environment, signal, timeouts = TIMEOUTS }: TransportOptions,
): Promise<Received> {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
  const proxy = proxyFor(url.href, undefined, environment);
  // Of what it asks, nothing is the author's to choose: a private address is that of an endpoint in a VPC.
  const agent = guardedAgent(url, { proxy, admits: () => true });
  const answer = await exchange(agent, { url, method, headers, body: textOf(body), signal }, timeouts);
  try {
    const text = await answerText(answer, timeouts.body, LARGEST_BODY);
    const response = {
      statusCode: answer.statusCode ?? 0,
      reason: answer.statusMessage ?? '',
      headers: flat(answer.headers),
      body: Buffer.from(text),
    };
    return { response };
  } finally {
    answer.destroy();
  }
}

/** Both of their protocols send text. Bytes of theirs complain on the console when Buffer.from looks at them. */
function textOf(body: unknown): string | undefined {
  if (body === undefined || body === null || typeof body === 'string') return body ?? undefined;
  return new TextDecoder().decode(body as Uint8Array);
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
