// A registry of the distribution project as a process of ours on loopback, with its files in a folder that goes.

import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePorts } from '../cluster/free-ports.ts';
import { untilRunning } from '../cluster/program-up.ts';
import type { Watchdog } from '../cluster/watchdog.ts';

export interface RegistrySettings {
  /** One word, for the names of its files. */
  readonly name: string;
  /** The `auth` of its configuration; without it everybody is let in. */
  readonly auth?: object;
  /** Names of PEM files in the watchdog's folder. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** Seconds for what takes a fraction of one. */
const PATIENCE = 30;

/** All of one watchdog have the same images. @returns host:port */
export async function startRegistry(
  program: string,
  watchdog: Watchdog,
  { name, auth, tls }: RegistrySettings,
): Promise<string> {
  const { folder } = watchdog;
  const [port = 0] = await freePorts(1);
  const file = (last: string) => join(folder, `${name}-${last}`);
  const configuration = {
    version: 0.1,
    log: { accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'images') } },
    http: {
      addr: `127.0.0.1:${port}`,
      secret: 'of-the-tests',
      ...(tls && { tls: { certificate: join(folder, tls.certificate), key: join(folder, tls.key) } }),
    },
    ...(auth && { auth }),
  };
  // JSON is YAML.
  await writeFile(file('configuration.yaml'), JSON.stringify(configuration));
  const running = await watchdog.run({
    name: `the registry ${name}`,
    command: program,
    args: ['serve', file('configuration.yaml')],
    env: { PATH: process.env.PATH, OTEL_TRACES_EXPORTER: 'none' },
    cwd: folder,
    log: file('log'),
  });
  await untilRunning([running], 'it listens', () => listens(port), PATIENCE);
  return `127.0.0.1:${port}`;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
