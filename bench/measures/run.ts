// One measured run of either program, from the start of its process until everything is right.

import { setTimeout as delay } from 'node:timers/promises';
import { type AuditedRequest, countsOf, isDone, isServing, mostASecond, requestsSince } from '../audit.ts';
import type { Options } from '../options.ts';
import { awaitCompletion, type Completion, type Wanted } from '../stage/completion.ts';
import { accountName, namesOf } from '../stage/fleet.ts';
import { isAttached, refers } from '../stage/following.ts';
import { patiently } from '../stage/patience.ts';
import { cpuSecondsOf, memoryOf } from '../stage/processes.ts';
import { runFloor, runOperator, type Started } from '../stage/programs.ts';
import type { Stage } from '../stage/stage.ts';
import { askForStalls } from '../stage/stalls.ts';

/** Milliseconds; a status comes at most once a second. */
const LONGEST_STATUS = 15_000;

export const wantedOf = ({ fleet }: Stage, version = 0): Wanted => ({
  namespaces: namesOf(fleet),
  accounts: Array.from({ length: fleet.accounts }, (_, index) => accountName(index)),
  version,
  credentials: fleet.credentials,
  isAttached,
});

export type Run = Awaited<ReturnType<typeof figuresOf>>;

export async function coldOperator(stage: Stage, { parallel }: Pick<Options, 'parallel'>) {
  await stage.restore('seeded');
  const completion = await watched(stage, wantedOf(stage));
  const serverBefore = await stage.serverCpu();
  const operator = await runOperator(stage, parallel, true);
  const done = await patiently('everything is right', completion.done, operator.failed);
  const figures = await figuresOf(stage, operator, done, serverBefore);
  const told = await Promise.race([completion.told, delay(LONGEST_STATUS)]);
  const requests = await requestsSince(stage.auditLog, operator.at);
  const stalls = await askForStalls(operator);
  completion.stop();
  await operator.stop();
  const statuses = requests.filter(({ resource }) => resource === 'registrycredentials/status');
  return {
    ...figures,
    status: told && Math.round(told - operator.began),
    statusWrites: statuses.length,
    statusWritesASecond: busiestSecond(statuses),
    stalls,
    requests: countsOf(requests),
  };
}

export async function coldFloor(
  stage: Stage,
  { parallel }: Pick<Options, 'parallel'>,
  mode: 'cold' | 'two-writes' = 'cold',
) {
  await stage.restore('seeded');
  const wanted = wantedOf(stage);
  const completion = await watched(stage, mode === 'cold' ? wanted : { ...wanted, isAttached: refers });
  const serverBefore = await stage.serverCpu();
  const floor = runFloor(stage, parallel, [mode]);
  const done = await patiently('everything is right', completion.done, floor.failed);
  const figures = await figuresOf(stage, floor, done, serverBefore);
  completion.stop();
  await floor.stop();
  return { ...figures, requests: countsOf(await requestsSince(stage.auditLog, floor.at)) };
}

export async function watched(stage: Stage, wanted: Wanted): Promise<Completion> {
  const completion = awaitCompletion(stage.admin, wanted);
  await Promise.race([completion.watching, completion.done]);
  return completion;
}

/** Milliseconds from the start of its process; processor time in seconds. */
async function figuresOf(stage: Stage, { pid, began, at }: Started, done: number, serverBefore: number) {
  const [cpu, server, memory] = await Promise.all([cpuSecondsOf(pid), stage.serverCpu(), memoryOf(pid)]);
  const writes = (await requestsSince(stage.auditLog, at)).filter(isServing);
  return {
    ms: Math.round(done - began),
    firstWrite: firstOf(writes.filter(isDone), at),
    writes: writes.length,
    refused: writes.filter(request => !isDone(request)).length,
    cpu,
    serverCpu: Math.round((server - serverBefore) * 100) / 100,
    memory,
  };
}

/** Of one RegistryCredential. */
function busiestSecond(statuses: readonly AuditedRequest[]): number {
  const each = [...Map.groupBy(statuses, ({ name }) => name).values()];
  return Math.max(...each.map(of => mostASecond(of.map(({ answered }) => answered))));
}

const firstOf = (writes: readonly AuditedRequest[], at: number): number =>
  Math.round(Math.min(...writes.map(({ received }) => received)) - at);
