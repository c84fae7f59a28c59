// The wire between the operator and whatever listens behind it: what a network does to TCP connections,
// at command. Who is not told of a fault goes on acknowledging, so that TCP's own probes find nothing.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

interface Line {
  readonly inside: Socket;
  readonly outside: Socket;
  /** Nothing comes through any more, in neither direction, and nobody is told. */
  stranded: boolean;
}

export class Wire {
  readonly #server: Server;
  readonly #target: number;
  readonly #lines = new Set<Line>();
  /** What came while the wire was silent, in order. */
  #held: (() => void)[] = [];
  #silent = false;
  /** Milliseconds that each piece takes in each direction. */
  latency = 0;

  /** To that port of 127.0.0.1. */
  constructor(target: number) {
    this.#target = target;
    this.#server = createServer(inside => {
      inside.pause();
      inside.on('error', () => undefined);
      this.#way()(() => this.#connect(inside));
    });
  }

  async open(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Open ones, those that are stranded included. */
  get connections(): number {
    return this.#lines.size;
  }

  /** RST, of all connections or of the one that whoever is behind sees coming from that port. */
  reset(port?: number): void {
    for (const line of [...this.#lines])
      if (port === undefined || line.outside.localPort === port) line.inside.resetAndDestroy();
  }

  /** Connections that there are carry nothing any more; new ones do. Answers how many there were. */
  strand(port?: number): number {
    const chosen = [...this.#lines].filter(({ outside }) => port === undefined || outside.localPort === port);
    for (const line of chosen) line.stranded = true;
    return chosen.length;
  }

  /** Nothing comes through until speak(), new connections included; then all that was held does. */
  hush(): void {
    this.#silent = true;
  }

  speak(): void {
    this.#silent = false;
    const held = this.#held;
    this.#held = [];
    for (const deliver of held) deliver();
  }

  close(): void {
    this.#server.close();
    for (const { inside, outside } of this.#lines) {
      inside.destroy();
      outside.destroy();
    }
  }

  #connect(inside: Socket): void {
    const outside = connect(this.#target, '127.0.0.1');
    const line: Line = { inside, outside, stranded: false };
    this.#lines.add(line);
    for (const [socket, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      const way = this.#way();
      const carry = (deliver: () => void): void => way(() => line.stranded || deliver());
      socket.setNoDelay(true);
      socket.on('data', (data: Buffer) => carry(() => other.write(data)));
      socket.on('end', () => carry(() => other.end()));
      socket.on('error', () => carry(() => other.resetAndDestroy()));
      socket.on('close', () => {
        if (line.stranded && socket === inside) outside.destroy();
        else carry(() => other.destroySoon());
        if (inside.destroyed) this.#lines.delete(line);
      });
    }
    inside.resume();
  }

  /** One direction: what goes in comes out in order, however the latency changes. */
  #way(): (deliver: () => void) => void {
    let last = 0;
    return deliver => {
      const now = performance.now();
      const due = Math.max(now + this.latency, last);
      if (due <= now) return this.#deliver(deliver);
      // Timers of another length that end at the same time may be called in another order.
      last = due + 1;
      setTimeout(() => this.#deliver(deliver), due - now);
    };
  }

  #deliver(deliver: () => void): void {
    if (this.#silent) this.#held.push(deliver);
    else deliver();
  }
}
