// A webhook that takes every call and answers none: each write that it is asked about takes as long as it is waited for.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { create, remove } from '../api/admin.ts';
import { SCENARIO_LABEL } from '../api/scenario.ts';

const PATH = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';

export class SlowWebhook {
  readonly name: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(name: string, server: Server) {
    this.name = name;
    this.#server = server;
    server.on('connection', socket => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
    });
  }

  /** For Secrets in the namespaces of one scenario; it is waited for so many seconds. */
  static async start(scenario: string, timeoutSeconds: number): Promise<SlowWebhook> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const webhook = new SlowWebhook(`${scenario}-slow`, server);
    const { port } = server.address() as AddressInfo;
    await create(PATH, {
      metadata: { name: webhook.name },
      webhooks: [
        {
          name: 'slow.example.com',
          clientConfig: { url: `https://127.0.0.1:${port}/` },
          rules: [
            {
              apiGroups: [''],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['secrets'],
            },
          ],
          namespaceSelector: { matchLabels: { [SCENARIO_LABEL]: scenario } },
          failurePolicy: 'Ignore',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds,
        },
      ],
    });
    return webhook;
  }

  async stop(): Promise<void> {
    await remove(`${PATH}/${this.name}`);
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
