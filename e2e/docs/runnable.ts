// The fenced commands of a document that say of themselves that they can be run: ```sh runnable. They are run as they
// stand, from the root of the repository, by a person's shell with kubectl and an admin's kubeconfig.

import { readFile } from 'node:fs/promises';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../cluster/cluster.ts';
import { outputOf } from '../cluster/program-output.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Block {
  /** "README.md, line 12" */
  readonly title: string;
  readonly commands: string;
}

export async function runnableBlocks(document: string): Promise<Block[]> {
  return blocksIn(document, await readFile(new URL(`../../${document}`, import.meta.url), 'utf8'));
}

export function blocksIn(document: string, text: string): Block[] {
  const blocks: Block[] = [];
  for (const { index, 1: kind = '', 2: commands = '' } of text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)) {
    if (!/\brunnable\b/.test(kind)) continue;
    const title = `${document}, line ${text.slice(0, index).split('\n').length}`;
    if (kind !== 'sh runnable') throw new Error(`${title}: write \`\`\`sh runnable, not \`\`\`${kind}`);
    blocks.push({ title, commands });
  }
  return blocks;
}

export interface Surroundings {
  /** Folders with further programs. */
  readonly path?: readonly string[];
}

/** @returns what the commands print. @throws when one of them fails, with what it said. */
export function run(
  { title, commands }: Block,
  { kubectl, kubeconfig, folder }: Cluster,
  { path = [] }: Surroundings = {},
): Promise<string> {
  const PATH = [dirname(kubectl), ...path, process.env.PATH].join(delimiter);
  return outputOf({
    title: `the commands of ${title}`,
    command: 'bash',
    args: ['-c', `set -euo pipefail\ncd '${ROOT}'\n${commands}`],
    // Nothing of the person who runs the tests: no settings, no plugins.
    env: { PATH, KUBECONFIG: kubeconfig, HOME: folder },
  });
}
