// A way to the API server, which a test can open when it wants to, and block without a
// word: what a network does to the operator.

import { writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { OPERATOR_ACCOUNT, OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { operatorKubeconfig } from '../cluster/operator-kubeconfig.ts';
import { cluster } from './cluster.ts';

export class Door {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #blocked = false;

  constructor() {
    const { hostname, port } = new URL(cluster().server);
    this.#server = createServer(inside => {
      this.#sockets.add(inside);
      if (this.#blocked) return void inside.on('error', () => undefined);
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

  /** From now on nothing comes through, and nobody is told. */
  block(): void {
    this.#blocked = true;
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** The operator's, with a token of its own, by way of the door on that port; goes with the cluster. */
export async function kubeconfigThrough(port: number): Promise<string> {
  const text = await operatorKubeconfig(cluster(), OPERATOR_NAMESPACE, OPERATOR_ACCOUNT);
  const path = join(cluster().folder, `door-${port}`);
  await writeFile(path, text.replaceAll(cluster().server, `https://127.0.0.1:${port}`), { mode: 0o600 });
  return path;
}
