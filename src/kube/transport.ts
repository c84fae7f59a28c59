// How requests get to the API server and answers back: connections (connection.ts), or what
// stands in for them, such as the network of the simulator.

import type { Outgoing } from '../net/exchange.ts';
import type { TlsMaterial } from './endpoint.ts';

export interface CompleteAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** An answer that has begun; its body breaks off with an error when it is cut. */
export interface OpenedAnswer extends AsyncIterable<Uint8Array> {
  readonly statusCode?: number | undefined;
}

export interface Transport {
  /** A watch whose connection has died ends soon; otherwise only its own end shows that it lived. May change to false. */
  readonly endsDeadWatches: boolean;
  /** A request with an answer that ends. */
  send(tls: TlsMaterial, outgoing: Outgoing): Promise<CompleteAnswer>;
  /** Resolves as soon as the answer begins; it is cut by close(). */
  open(tls: TlsMaterial, outgoing: Outgoing): Promise<OpenedAnswer>;
  /** What remains of an answer that open() gave and that turned out to be short. */
  complete(answer: OpenedAnswer): Promise<CompleteAnswer>;
  /** Requests under way are finished, watches are cut. */
  close(): Promise<void>;
}
