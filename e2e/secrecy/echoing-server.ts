// Something that stands where the API server or a proxy should be, and puts into every answer what it
// was sent, as error pages of gateways do.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AUTHORITY_A } from '../../src/testing/test-certificates.ts';
import { echoes } from './echoes.ts';

export class EchoingServer {
  readonly http: string;
  readonly https: string;
  readonly #servers: readonly Server[];

  private constructor(plain: Server, tls: Server) {
    this.http = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    this.https = `https://127.0.0.1:${(tls.address() as AddressInfo).port}`;
    this.#servers = [plain, tls];
  }

  static async listen(): Promise<EchoingServer> {
    const plain = createServer(answer);
    // How a proxy says that it opens no tunnel.
    plain.on('connect', (request, socket) => {
      const echo = echoOf(request).replaceAll('\n', ' ');
      socket.end(`HTTP/1.1 407 you sent ${echo}\r\nx-echo: ${echo}\r\ncontent-length: 0\r\n\r\n`);
    });
    const tls = createTlsServer(AUTHORITY_A, answer);
    await Promise.all([plain, tls].map(server => once(server.listen(0, '127.0.0.1'), 'listening')));
    return new EchoingServer(plain, tls);
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await once(server.close(), 'close');
    }
  }
}

const echoOf = ({ headers }: IncomingMessage): string =>
  Object.values(echoes(headers.authorization ?? headers['proxy-authorization'] ?? '')).join('\n');

function answer(request: IncomingMessage, response: ServerResponse): void {
  const message = echoOf(request);
  // One after the other, so that all that is asked for anew gets all of them.
  const status = [401, 403, 502, 200][turn++ % 4] ?? 500;
  response.writeHead(status, { 'content-type': 'application/json', 'x-echo': encodeURIComponent(message) });
  response.end(status === 502 ? message : JSON.stringify({ kind: 'Status', code: status, message }));
}

let turn = 0;
