// The promise that nothing is left behind, tested with the bluntest signal there is.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { until } from './until.ts';
import { Watchdog } from './watchdog.ts';

const OWNER = `
import { Watchdog } from ${JSON.stringify(new URL('./watchdog.ts', import.meta.url).href)};
const watchdog = await Watchdog.start();
const log = watchdog.folder + '/log';
const script = 'sleep 1000 & echo $! >' + watchdog.folder + '/grandchild; wait';
const program = await watchdog.run({ name: 'sleep', command: 'sh', args: ['-c', script], log });
console.log(JSON.stringify({ folder: watchdog.folder, pid: program.pid }));
if (process.argv[1] === 'throw') throw new Error('as a test may');
if (process.argv[1] === 'stay') setInterval(() => {}, 1000);
`;

const owners: ChildProcess[] = [];

interface Owned {
  readonly owner: ChildProcess;
  readonly folder: string;
  readonly pids: readonly number[];
}

async function own(how: 'stay' | 'throw' | 'return'): Promise<Owned> {
  const owner = spawn(process.execPath, ['--input-type=module-typescript', '-e', OWNER, how], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  owners.push(owner);
  const [line] = await once(owner.stdout, 'data');
  const { folder, pid } = JSON.parse(String(line));
  if (how !== 'stay') return { owner, folder, pids: [pid] };
  const note = join(folder, 'grandchild');
  await until('the grandchild runs', () => existsSync(note) && readFileSync(note, 'utf8').endsWith('\n'), 5);
  return { owner, folder, pids: [pid, Number(readFileSync(note, 'utf8'))] };
}

/** An orphan that nobody has reaped yet is dead all the same. */
const alive = (pid: number): boolean => {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
};

const gone = ({ folder, pids }: Owned) => !existsSync(folder) && !pids.some(alive);

describe('a watchdog', () => {
  afterEach(() => {
    for (const owner of owners.splice(0)) owner.kill('SIGKILL');
  });

  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
    it(`ends the programs and removes the folder after ${signal} of their owner`, async () => {
      const owned = await own('stay');
      expect(owned.pids.every(alive)).to.equal(true);
      owned.owner.kill(signal);
      await until('all is gone', () => gone(owned), 4);
    });
  }

  it('ends the programs when their owner throws', async () => {
    const owned = await own('throw');
    await until('all is gone', () => gone(owned), 4);
  });

  it('does not keep an owner alive that forgot to stop it', async () => {
    const owned = await own('return');
    await until('all is gone', () => gone(owned), 4);
  });

  it('tells how a program ended', async () => {
    const watchdog = await Watchdog.start();
    const log = join(watchdog.folder, 'log');
    const program = await watchdog.run({ name: 'x', command: 'sh', args: ['-c', 'echo hi; exit 3'], log });
    expect(await program.exited()).to.deep.equal({ code: 3, signal: null });
    expect(readFileSync(log, 'utf8')).to.equal('hi\n');
    await watchdog.stop();
    expect(existsSync(watchdog.folder)).to.equal(false);
  });

  it('says which program it could not start', async () => {
    const watchdog = await Watchdog.start();
    const program = { name: 'etcd', command: '/no/such/etcd', args: [], log: join(watchdog.folder, 'log') };
    const error = await watchdog.run(program).catch((cause: Error) => cause);
    expect(String(error)).to.match(/could not start etcd \(\/no\/such\/etcd\)/);
    await watchdog.stop();
  });
});
