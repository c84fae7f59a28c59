// A way to the API server, which a test can open when it wants to, and block without a
// word: what a network does to the operator.

import { connect, createServer, type Server, type Socket } from 'node:net';
import { cluster } from './cluster.ts';

export class Door {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor() {
    const { hostname, port } = new URL(cluster().server);
    this.#server = createServer(inside => {
      const outside = connect(Number(port), hostname);
      for (const [socket, other] of [
        [inside, outside],
        [outside, inside],
      ] as const) {
        this.#sockets.add(socket);
        socket.pipe(other);
        socket.on('error', () => other.destroy());
      }
    });
  }

  open(port: number): Promise<void> {
    return new Promise(resolve => this.#server.listen(port, '127.0.0.1', resolve));
  }

  block(): void {
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
