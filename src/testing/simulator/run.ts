// Runs a schedule to its end: the steps, the rest after the last fault, a restart that must change
// nothing, and for some the end of all RegistryCredentials.

import { createHash } from 'node:crypto';
import { differences, differencesInKept } from './oracle/desired.ts';
import { restartProblem, unsettled, wasHeldBack } from './restart.ts';
import { Simulation, type Violation } from './simulation.ts';
import type { Schedule } from './step.ts';

export interface Result {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly trace: readonly string[];
  /** The same for every run of the same schedule. */
  readonly hash: string;
  readonly writes: number;
  /** Virtual milliseconds. */
  readonly time: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** Milliseconds in which a cluster without faults must come to rest: back-offs of 30 s, time-outs of 30 s, a new leader. */
const TO_REST = 150_000;
/** Milliseconds in which nothing is written then: longer than any back-off. */
const OF_REST = 35_000;
/** Milliseconds for what only follows, such as status. */
const AFTERWARDS = 5_000;

export async function run(schedule: Schedule): Promise<Result> {
  const simulation = new Simulation(schedule);
  const fail = (error: unknown): void =>
    simulation.violate('no mistake of the operator', `unhandled rejection: ${String(error)}`);
  process.on('unhandledRejection', fail);
  try {
    await play(simulation, schedule);
  } catch (error) {
    // Such as that time stands still.
    simulation.violate('no mistake of the operator', String(error));
  } finally {
    process.off('unhandledRejection', fail);
  }
  const { violation, trace, faults, writes, time } = simulation;
  const hash = createHash('sha256').update(trace.join('\n')).digest('hex').slice(0, 16);
  return { seed: schedule.seed, violation, trace, hash, writes, time: time.now, counts: faults.counts };
}

async function play(simulation: Simulation, { steps, startsAfter, undo }: Schedule): Promise<void> {
  const { time } = simulation;
  time.after(startsAfter, () => simulation.replicas.startAll());
  let moment = 0;
  for (const step of steps) {
    moment += step.after;
    await time.runUntil(moment, () => simulation.hasFailed);
    if (simulation.hasFailed) return;
    simulation.take(step);
  }
  await time.runUntil(Math.max(moment, startsAfter), () => simulation.hasFailed);
  simulation.endFaults();
  await rest(simulation);
  if (!simulation.hasFailed) await restart(simulation);
  if (undo && !simulation.hasFailed) await undoAll(simulation);
  simulation.replicas.crashAll();
}

async function rest(simulation: Simulation): Promise<void> {
  const { time } = simulation;
  const deadline = time.now + TO_REST;
  let found = await waitFor(simulation, deadline);
  while (found.length === 0 && !simulation.hasFailed) {
    const before = simulation.attempts;
    await time.runUntil(time.now + OF_REST, () => simulation.hasFailed);
    if (simulation.attempts === before) return;
    if (time.now > deadline) {
      simulation.violate(
        'the cluster comes to rest',
        `there are still writes ${TO_REST / 1000} s after the last fault`,
      );
      return;
    }
    found = await waitFor(simulation, deadline);
  }
  if (found.length > 0) simulation.violate('the cluster comes to what is wanted', found.join('; '));
}

/** Until nothing is different from what it ought to be, and a moment longer. */
async function waitFor(simulation: Simulation, deadline: number): Promise<readonly string[]> {
  const { time, history } = simulation;
  for (;;) {
    const found = differencesIn(simulation);
    if (found.length > 0 && time.now >= deadline) return found;
    const seen = history.changes.length;
    const isOver = (): boolean =>
      simulation.hasFailed || (found.length > 0 && history.changes.length > seen + 3);
    await time.runUntil(
      found.length === 0 ? time.now + AFTERWARDS : Math.min(deadline, time.now + 2_000),
      isOver,
    );
    if (simulation.hasFailed || (found.length === 0 && differencesIn(simulation).length === 0)) return [];
  }
}

function differencesIn({ history, replicas, faults, rules }: Simulation): readonly string[] {
  const { snapshot, past } = history.now();
  const found = [...differences(snapshot, past, rules), ...differencesInKept(snapshot, past, rules)];
  // After a restart a Secret stays as it is while a login in it may be one that is not known (ADR 0002),
  // also with what somebody had in it whom no finalizer kept until then.
  return replicas.restarts === 0 || !faults.counts.has('user clearFinalizer')
    ? found
    : found.filter(difference => !/ has a login of .* which is gone$/.test(difference));
}

async function restart(simulation: Simulation): Promise<void> {
  const { time, history } = simulation;
  simulation.note('restart of all replicas');
  const hadSuspects = simulation.replicas.suspects.length > 0;
  await simulation.stopReplicas();
  if (simulation.hasFailed) return;
  const before = history.changes.length;
  const credentials = history.all('registrycredentials');
  const mayBeTold = unsettled(history.all('secrets'), credentials);
  simulation.replicas.startAll();
  await time.runUntil(time.now + 20_000, () => simulation.hasFailed);
  const problem = restartProblem(history.changes.slice(before), mayBeTold);
  if (problem !== undefined && !hadSuspects && !credentials.some(wasHeldBack))
    simulation.violate('a restart changes nothing', problem);
}

async function undoAll(simulation: Simulation): Promise<void> {
  simulation.note('all RegistryCredentials are deleted');
  for (const { metadata } of simulation.history.all('registrycredentials'))
    simulation.server.delete('registrycredentials', metadata.name);
  await rest(simulation);
}
