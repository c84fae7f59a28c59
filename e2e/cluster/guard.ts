// The process behind watchdog.ts: parent of the programs, so that none can be started and then forgotten.
// It lives in its own session, where neither Ctrl-C nor the death of the process that wants it reaches it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync } from 'node:fs';
import type { LastCommand, Notice, Program, Request } from './watchdog.ts';

const folder = process.argv[2] ?? '';
const running = new Set<ChildProcess>();
const lastCommands: LastCommand[] = [];

process.on('message', (request: Request) => {
  if ('atEnd' in request) {
    lastCommands.push(request.atEnd);
    tell({ id: request.id, done: true });
  } else {
    start(request.id, request.start);
  }
});
process.once('disconnect', end);

function start(id: number, program: Program): void {
  const log = openSync(program.log, 'a', 0o600);
  const child = spawn(program.command, program.args, {
    // A group of its own: at the end what the program started goes too.
    detached: true,
    stdio: ['ignore', log, log],
    ...(program.env === undefined ? {} : { env: program.env }),
    ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
  });
  closeSync(log);
  child.once('spawn', () => {
    running.add(child);
    tell({ id, done: true, ...(child.pid === undefined ? {} : { pid: child.pid }) });
  });
  child.once('error', cause =>
    tell({ id, failed: `could not start ${program.name} (${program.command}): ${cause.message}` }),
  );
  child.once('exit', (code, signal) => {
    running.delete(child);
    tell({ id, exit: { code, signal } });
  });
}

function tell(notice: Notice): void {
  if (process.connected) process.send?.(notice);
}

async function end(): Promise<void> {
  await Promise.all([...running].map(kill));
  for (const { command, args, env = process.env } of lastCommands) {
    const child = spawn(command, args, { stdio: 'ignore', env });
    // Nobody is left to hear that it failed; the folder must go all the same.
    await once(child, 'exit').catch(() => undefined);
  }
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}

/** Nothing here is worth a graceful end: the data goes with the folder. */
async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  await gone;
}
