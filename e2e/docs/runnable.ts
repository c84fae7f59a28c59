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

export interface Fenced extends Block {
  /** What stands behind the fence, such as yaml. */
  readonly kind: string;
}

export const read = (document: string) => readFile(new URL(`../../${document}`, import.meta.url), 'utf8');

export const runnableBlocks = async (document: string): Promise<Block[]> =>
  blocksIn(document, await read(document));

export function blocksIn(document: string, text: string): Block[] {
  const marked = fencedIn(document, text).filter(({ kind }) => /\brunnable\b/.test(kind));
  return marked.map(({ title, kind, commands }) => {
    if (kind !== 'sh runnable') throw new Error(`${title}: write \`\`\`sh runnable, not \`\`\`${kind}`);
    return { title, commands };
  });
}

/** All blocks below a heading, up to the next one of its level. */
export async function section(document: string, heading: string): Promise<Fenced[]> {
  const text = await read(document);
  const from = text.indexOf(`\n${heading}\n`);
  if (from < 0) throw new Error(`${document} has no heading "${heading}"`);
  const level = heading.split(' ')[0];
  const to = text.indexOf(`\n${level} `, from + 1);
  const end = to < 0 ? text.length : to;
  return fencedIn(document, text.slice(0, end)).filter(
    (_, at, all) => at >= all.length - count(text.slice(from, end)),
  );
}

const count = (text: string): number => fencedIn('', text).length;

export function fencedIn(document: string, text: string): Fenced[] {
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(
    ({ index, 1: kind = '', 2: commands = '' }) => ({
      title: `${document}, line ${text.slice(0, index).split('\n').length}`,
      kind,
      commands,
    }),
  );
}

export interface Surroundings {
  /** Folders with further programs. */
  readonly path?: readonly string[];
  /** What is typed where they read something. */
  readonly typed?: string;
}

/** What they started in the background, and did not come to end because one of them failed. */
const LET_NOTHING_RUN_ON = "trap 'kill $(jobs -p) 2>/dev/null || :' EXIT";

/** @returns what the commands print. @throws when one of them fails, with what it said. */
export function run(
  { title, commands }: Block,
  { kubectl, kubeconfig, folder }: Cluster,
  { path = [], typed = '' }: Surroundings = {},
): Promise<string> {
  const PATH = [dirname(kubectl), ...path, process.env.PATH].join(delimiter);
  return outputOf({
    title: `the commands of ${title}`,
    command: 'bash',
    args: ['-c', `set -euo pipefail\n${LET_NOTHING_RUN_ON}\ncd '${ROOT}'\n${commands}`],
    input: `${typed}\n`,
    // Nothing of the person who runs the tests: no settings, no plugins.
    env: { PATH, KUBECONFIG: kubeconfig, HOME: folder },
  });
}
