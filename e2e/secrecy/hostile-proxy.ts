// A proxy between the operator and the real API server that takes some requests for itself and answers
// what echoes.ts makes of them.

import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse, stringify } from 'yaml';
import { cluster } from '../api/cluster.ts';
import { OPERATOR_ACCOUNT, OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { operatorKubeconfig } from '../cluster/operator-kubeconfig.ts';
import type { Answer } from './hostile-answers.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Undefined: the API server is to answer. 'never': nobody answers. */
export type Choose = (asked: Asked) => Answer | 'never' | undefined;

export class HostileProxy {
  /** Leads here, with the operator's own token. */
  readonly kubeconfig: string;
  readonly token: string;
  /** How often each kind of request got a hostile answer, such as "PATCH secrets". */
  readonly taken = new Map<string, number>();
  readonly #server: Server;
  readonly #agent: Agent;
  #choose: Choose;

  private constructor(server: Server, agent: Agent, choose: Choose, kubeconfig: string, token: string) {
    this.#server = server;
    this.#agent = agent;
    this.#choose = choose;
    this.kubeconfig = kubeconfig;
    this.token = token;
    server.on('request', (request, response) => void this.#handle(request, response));
  }

  static async listen(choose: Choose): Promise<HostileProxy> {
    const config = parse(await operatorKubeconfig(cluster(), OPERATOR_NAMESPACE, OPERATOR_ACCOUNT));
    const ca = Buffer.from(config.clusters[0].cluster['certificate-authority-data'] ?? '', 'base64');
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    config.clusters[0].cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
    const file = join(cluster().folder, `hostile-${port}.kubeconfig`);
    await writeFile(file, stringify(config), { mode: 0o600 });
    const agent = new Agent({ ca, keepAlive: true });
    return new HostileProxy(server, agent, choose, file, config.users[0].user.token);
  }

  /** From now on the API server answers everything. */
  calm(): void {
    this.#choose = () => undefined;
  }

  /** From now on nobody answers what changes anything. */
  hang(): void {
    this.#choose = ({ method }) => (method === 'GET' ? undefined : 'never');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await once(this.#server.close(), 'close');
    this.#agent.destroy();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    const body = await text(request).catch(() => '');
    const { method = '', url = '', headers } = request;
    const answer = this.#choose({ method, path: url, body });
    if (answer === undefined) return this.#forward(request, body, response);
    const kind = kindOf(method, url);
    this.taken.set(kind, (this.taken.get(kind) ?? 0) + 1);
    if (answer !== 'never') answer({ authorization: headers.authorization ?? '', body }, response);
  }

  #forward({ method, url = '', headers }: IncomingMessage, body: string, response: ServerResponse): void {
    const { host: _, ...others } = headers;
    const options = { method, headers: others, agent: this.#agent };
    const outside = httpsRequest(new URL(url, cluster().server), options, answer => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      // Of a watch the headers count: they say that it is open.
      response.flushHeaders();
      answer.pipe(response);
    });
    outside.on('error', () => response.destroy());
    response.on('close', () => outside.destroy());
    outside.end(body);
  }
}

function kindOf(method: string, url: string): string {
  if (url.includes('watch=true')) return 'watch';
  const [path = ''] = url.split('?');
  const found = /\/(secrets|serviceaccounts|registrycredentials|events|leases)(?:\/[^/]+)?(\/status)?$/.exec(
    path,
  );
  return `${method} ${found?.[1]}${found?.[2] ?? ''}`;
}
