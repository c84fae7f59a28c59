// A registry of the tests' own: a container beside the nodes, on their network, as kind's documentation has it.
// The nodes know it under an image host of our choice; this machine reaches it on a loopback port, to push.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../cluster/cluster.ts';
import { until } from '../cluster/until.ts';
import { type Nodes, redirect } from './nodes.ts';
import { accepts, pushTo } from './push.ts';
import type { Account, Registry } from './registry.ts';

/** Hashes of fixed passwords, for the registry reads bcrypt only and Node does not write it. */
export const ACCOUNTS = {
  first: {
    username: 'puller',
    password: 'opens-the-door',
    hash: '$2y$05$lvAF0IuqGRRfuKRXv.ew3ejWalu3LUjkpJtwo6624Wp/6d186lToa',
  },
  second: {
    username: 'puller',
    password: 'opens-it-anew',
    hash: '$2y$05$3R.UAwVIJM/upvNKNbPWWuX1wj2WurRwfn7CqxOIIYgGMTkD/9Noy',
  },
} as const;

export type KnownAccount = Account & { readonly hash: string };

export interface OwnRegistry extends Registry {
  /** From now on only this login opens it. */
  change(account: KnownAccount): Promise<void>;
}

/** Of the distribution project, version 2 or 3, with its program as entry point. */
const imageName = () => process.env.E2E_REGISTRY_IMAGE || 'registry:3';

const CONFIG = '/registry.yml';
const PASSWORDS = '/htpasswd';

export async function startRegistry(
  cluster: Cluster,
  nodes: Nodes,
  host: string,
  first?: KnownAccount,
): Promise<OwnRegistry> {
  const { engine } = nodes;
  const container = `regcred-${process.pid}-${host.replaceAll('.', '-')}`;
  const copy = async (content: string, to: string) => {
    const file = join(cluster.folder, container);
    await writeFile(file, content);
    await engine.run(['cp', file, `${container}:${to}`]);
  };
  await cluster.watchdog.atEnd(engine.name, ['rm', '-f', '-v', container]);
  const where = ['--name', container, '--network', nodes.network, '-p', '127.0.0.1::5000'];
  await engine.run(['create', ...where, imageName(), 'serve', CONFIG]);
  await copy(configuration(first !== undefined), CONFIG);
  if (first !== undefined) await copy(line(first), PASSWORDS);
  await engine.run(['start', container]);
  const address = (await engine.run(['port', container, '5000/tcp'])).trim().split('\n')[0];
  const url = `http://${address}`;
  await redirect(cluster, nodes, host, container);

  let account: Account | undefined = first;
  const answers = () => accepts({ url, account }).catch(() => false);
  await until(`the registry ${container} answers`, answers, 60);
  return {
    host,
    get account() {
      return account;
    },
    push: async (repository, tag, image) => {
      await pushTo({ url, account }, { repository, tag, image });
      return `${host}/${repository}:${tag}`;
    },
    change: async next => {
      await copy(line(next), PASSWORDS);
      account = next;
      await until(`the registry ${container} knows its new password`, answers, 60);
    },
  };
}

const line = ({ username, hash }: KnownAccount) => `${username}:${hash}\n`;

const configuration = (isProtected: boolean) => `version: 0.1
storage: {filesystem: {rootdirectory: /var/lib/registry}}
http: {addr: ":5000"}
${isProtected ? `auth: {htpasswd: {realm: tests, path: ${PASSWORDS}}}` : ''}
`;
