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
    this.#server = createServer(inside => this.#soon(() => this.#connect(inside)));
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
      socket.setNoDelay(true);
      socket.on('data', (data: Buffer) => this.#carry(line, () => other.write(data)));
      socket.on('end', () => this.#carry(line, () => other.end()));
      socket.on('error', () => this.#carry(line, () => other.resetAndDestroy()));
      socket.on('close', () => {
        if (inside.destroyed && (outside.destroyed || line.stranded)) this.#lines.delete(line);
        if (line.stranded && socket === inside) outside.destroy();
        else this.#carry(line, () => other.destroySoon());
      });
    }
  }

  #carry(line: Line, deliver: () => void): void {
    if (line.stranded) return;
    this.#soon(() => {
      if (!line.stranded) deliver();
    });
  }

  #soon(deliver: () => void): void {
    if (this.latency > 0) setTimeout(() => this.#deliver(deliver), this.latency);
    else this.#deliver(deliver);
  }

  #deliver(deliver: () => void): void {
    if (this.#silent) this.#held.push(deliver);
    else deliver();
  }
}
