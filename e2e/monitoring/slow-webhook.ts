// A webhook that takes every call and answers none: each write that it is asked about takes as long as it is waited for.
// Its configuration has another one before it, which nobody is to touch.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { create, read, remove } from '../api/admin.ts';
import { SCENARIO_LABEL } from '../api/scenario.ts';

const GROUP = '/apis/admissionregistration.k8s.io/v1';

/** As kubectl shows it. */
export type WebhookKind = 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration';

export class SlowWebhook {
  /** Of its configuration. */
  readonly name: string;
  readonly webhook = 'slow.example.com';
  readonly #path: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(path: string, name: string, server: Server) {
    this.name = name;
    this.#path = path;
    this.#server = server;
    server.on('connection', socket => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
    });
  }

  /** For Secrets in the namespaces of one scenario; it is waited for so many seconds. */
  static async start(kind: WebhookKind, scenario: string, timeoutSeconds: number): Promise<SlowWebhook> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const path = `${GROUP}/${kind.toLowerCase()}s`;
    const slow = new SlowWebhook(path, `${scenario}-slow`, server);
    const { port } = server.address() as AddressInfo;
    const one = (name: string, resource: string, namespaces: string) => ({
      name,
      clientConfig: { url: `https://127.0.0.1:${port}/` },
      rules: [
        { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: [resource] },
      ],
      namespaceSelector: { matchLabels: { [SCENARIO_LABEL]: namespaces } },
      failurePolicy: 'Ignore',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      timeoutSeconds,
    });
    const webhooks = [
      one('first.example.com', 'configmaps', 'nobody'),
      one(slow.webhook, 'secrets', scenario),
    ];
    await create(path, { metadata: { name: slow.name }, webhooks });
    return slow;
  }

  /** Seconds that each of its configuration is waited for, in order. */
  async timeouts(): Promise<number[]> {
    const { webhooks } = await read(`${this.#path}/${this.name}`);
    return webhooks.map(({ timeoutSeconds }: { timeoutSeconds: number }) => timeoutSeconds);
  }

  async stop(): Promise<void> {
    await remove(`${this.#path}/${this.name}`);
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
