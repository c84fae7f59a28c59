// A runbook as a person follows it: its fenced commands from top to bottom in one shell, with the names of the case at hand.

import { cluster } from '../api/cluster.ts';
import { fencedIn, read, run } from '../docs/runnable.ts';

export interface Case {
  /** In place of the values that the runbook has as examples; each has to be there. */
  readonly variables: Readonly<Record<string, string>>;
  /** What is typed where it reads something. */
  readonly typed?: string;
}

/** @returns what the commands print. @throws when one of them fails. */
export async function follow(runbook: string, { variables, typed = '' }: Case): Promise<string> {
  let commands = (await commandsOf(runbook)).join('\n');
  for (const [name, value] of Object.entries(variables)) {
    const assignment = new RegExp(`^${name}=.*$`, 'm');
    if (!assignment.test(commands)) throw new Error(`docs/runbooks/${runbook}.md does not set ${name}`);
    commands = commands.replace(assignment, `${name}=${value}`);
  }
  return run({ title: `docs/runbooks/${runbook}.md`, commands }, cluster(), { typed });
}

/** Of each fenced block; there is no other kind. */
export async function commandsOf(runbook: string): Promise<string[]> {
  const document = `docs/runbooks/${runbook}.md`;
  return fencedIn(document, await read(document)).map(({ title, kind, commands }) => {
    if (kind !== 'sh') throw new Error(`${title}: a block of "${kind}" that nobody tries`);
    return commands;
  });
}
