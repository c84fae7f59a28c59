// Where the demo is played: each kubectl command is shown as one would type it, and what it printed below.

import type { Cluster } from '../cluster/cluster.ts';
import { kubectl, shown } from '../cluster/kubectl.ts';

export interface Stage {
  readonly cluster: Cluster;
  /** Aborted by Ctrl-C: no further command is run. */
  readonly signal: AbortSignal;
}

export function tell(text: string): void {
  console.log(`\n# ${text}`);
}

/** Runs it before the audience. @param print what to show of stdout; default: all of it */
export async function show(
  stage: Stage,
  args: readonly string[],
  print: (out: string) => string = out => out,
): Promise<string> {
  console.log(`$ kubectl ${shown(args).map(quoted).join(' ')}`);
  const out = await quietly(stage, args);
  const text = print(out).trimEnd();
  if (text !== '') console.log(text);
  return out;
}

/** Runs it behind the scene. */
export async function quietly({ cluster, signal }: Stage, args: readonly string[]): Promise<string> {
  signal.throwIfAborted();
  return kubectl(cluster, args, { signal });
}

const quoted = (arg: string) => (/^[\w./:=,@*-]*$/.test(arg) ? arg : `'${arg}'`);
