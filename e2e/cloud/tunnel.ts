// A proxy that leads to the clouds of the tests whatever host is asked for. So the bundle asks the very hosts that it
// asks in the field, over TLS, and nothing in it has to know of tests.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { CLOUD_CERTIFICATE } from '../../src/testing/cloud-certificate.ts';
import type { CloudRig } from '../../src/testing/cloud-rig.ts';

export class Tunnel {
  /** HOST:PORT of each tunnel. */
  readonly asked: string[] = [];
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();

  private constructor(server: Server, clouds: readonly CloudRig[]) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connect', (request: IncomingMessage, socket: Duplex) => {
      this.asked.push(request.url ?? '');
      this.#keep(socket);
      const cloud = clouds.find(({ hosts }) => hosts.test(request.url ?? ''));
      if (cloud === undefined) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      const inside = new TLSSocket(socket as Socket, { isServer: true, ...CLOUD_CERTIFICATE });
      this.#keep(inside);
      cloud.server.emit('connection', inside);
    });
  }

  /** A host that none of the clouds has is refused. */
  static async start(...clouds: readonly CloudRig[]): Promise<Tunnel> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Tunnel(server, clouds);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server.close(), 'close');
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
