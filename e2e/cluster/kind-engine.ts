// Can kind run here? It needs its own program and a container engine that answers, not one that is
// merely installed.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Found } from './go-toolchain.ts';

const run = promisify(execFile);

/** Milliseconds for an engine to say that it is there; podman takes two seconds for its first answer. */
const PATIENCE = 15_000;

export type Engine = { readonly ok: true; readonly engine: string } | Extract<Found, { ok: false }>;

export async function findKind(env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  if (!(await answers('kind', ['version']))) return { ok: false, why: 'there is no kind on the PATH' };
  const named = env.KIND_EXPERIMENTAL_PROVIDER;
  const engines = named ? [named] : ['docker', 'podman'];
  for (const engine of engines) {
    if (await answers(engine, ['info'])) return { ok: true, engine };
  }
  return { ok: false, why: `kind is there, but ${engines.join(' and ')} did not answer "info"` };
}

async function answers(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(program, args, { timeout: PATIENCE });
    return true;
  } catch {
    return false;
  }
}
