// Can kind run here? It needs a container engine that answers, not one that is merely installed. Its own
// program is no condition: kind-program.ts fetches it.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Found } from './go-toolchain.ts';

const run = promisify(execFile);

/** Milliseconds for an engine to say that it is there; podman takes two seconds for its first answer. */
const PATIENCE = 15_000;

export type Engine = { readonly ok: true; readonly engine: string } | Extract<Found, { ok: false }>;

export async function findEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const named = env.KIND_EXPERIMENTAL_PROVIDER;
  const engines = named ? [named] : ['docker', 'podman'];
  for (const engine of engines) {
    const answers = await run(engine, ['info'], { timeout: PATIENCE, env }).then(
      () => true,
      () => false,
    );
    if (answers) return { ok: true, engine };
  }
  return { ok: false, why: `${engines.join(' and ')} did not answer "info"` };
}
