// A registry whose answer never comes to its end: a header line a second.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const BETWEEN_LINES = 1_000;

export class DrippingRegistry {
  /** host:port */
  readonly server: string;
  /** Logins that were sent to it. */
  readonly logins: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    this.server = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connection', socket => this.#drip(socket));
  }

  static async start(): Promise<DrippingRegistry> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new DrippingRegistry(server);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server.close(), 'close');
  }

  #drip(socket: Socket): void {
    this.#sockets.add(socket);
    const timer = setInterval(() => socket.write('x-more: to come\r\n'), BETWEEN_LINES);
    socket.on('error', () => {});
    socket.once('close', () => {
      clearInterval(timer);
      this.#sockets.delete(socket);
    });
    socket.on('data', data => {
      const [login] = /^authorization: .*$/im.exec(data.toString()) ?? [];
      if (login !== undefined) this.logins.push(login);
    });
    socket.write('HTTP/1.1 200 OK\r\n');
  }
}
