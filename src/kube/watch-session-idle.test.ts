// A process ends by itself once nobody watches any more, though nobody closed the client.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { AUTHORITY_A } from '../testing/test-certificates.ts';

const source = (file: string): string => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
const program = (port: number): string => `
  import { HttpKubeClient } from ${source('./client.ts')};
  import { AUTHORITY_A } from ${source('../testing/test-certificates.ts')};
  const endpoint = {
    server: 'https://127.0.0.1:${port}',
    authenticate: async () => ({ headers: {}, tls: { ca: AUTHORITY_A.cert } }),
    renew: () => {},
  };
  const client = new HttpKubeClient({ endpoint, version: '0' });
  const abort = new AbortController();
  for await (const { type } of client.watch({ path: '/w', query: {}, signal: abort.signal })) {
    console.log(type, client.endsDeadWatches);
    break;
  }
`;

it('the connection of the watches keeps no process alive that watches nothing', async () => {
  const server = createSecureServer(AUTHORITY_A);
  server.on('stream', stream => {
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200 });
    stream.write('{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"1"}}}\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const arguments_ = ['--input-type=module', '--eval', program(port)];
  const { stdout } = await promisify(execFile)(process.execPath, arguments_, { timeout: 10_000 });
  expect(stdout).to.equal('ADDED true\n');
  server.close();
}).timeout(15_000);
