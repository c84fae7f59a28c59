// A runbook as a person follows it: its fenced commands from top to bottom in one shell, with the names of the case at hand.

import { readFile } from 'node:fs/promises';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cluster } from '../api/cluster.ts';
import { outputOf } from '../cluster/program-output.ts';

const FOLDER = new URL('../../docs/runbooks/', import.meta.url);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Case {
  /** In place of the values that the runbook has as examples; each has to be there. */
  readonly variables: Readonly<Record<string, string>>;
  /** What is typed where it reads something. */
  readonly typed?: string;
}

/** @returns what the commands print. @throws when one of them fails. */
export async function follow(runbook: string, { variables, typed = '' }: Case): Promise<string> {
  const { kubectl, kubeconfig } = cluster();
  let script = (await commandsOf(runbook)).join('\n');
  for (const [name, value] of Object.entries(variables)) {
    const assignment = new RegExp(`^${name}=.*$`, 'm');
    if (!assignment.test(script)) throw new Error(`docs/runbooks/${runbook}.md does not set ${name}`);
    script = script.replace(assignment, `${name}=${value}`);
  }
  const PATH = [dirname(kubectl), process.env.PATH].join(delimiter);
  return outputOf({
    title: `the commands of docs/runbooks/${runbook}.md`,
    command: 'bash',
    args: ['-c', `set -euo pipefail\ncd '${ROOT}'\n${script}`],
    input: `${typed}\n`,
    env: { PATH, KUBECONFIG: kubeconfig, HOME: process.env.HOME },
  });
}

/** Of each fenced block; there is no other kind. */
export async function commandsOf(runbook: string): Promise<string[]> {
  const text = await readFile(new URL(`${runbook}.md`, FOLDER), 'utf8');
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, kind, commands = '']) => {
    if (kind !== 'sh')
      throw new Error(`docs/runbooks/${runbook}.md has a block of "${kind}" that nobody tries`);
    return commands;
  });
}
