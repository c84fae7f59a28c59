// Makes a failing schedule small: whatever can be left out without the same rule being kept is left out.

import { type Result, run } from './run.ts';
import type { Schedule, Step } from './step.ts';

/** Runs; a schedule of a few dozen steps needs fewer. */
const MOST_RUNS = 400;

export interface Shrunken {
  readonly schedule: Schedule;
  readonly result: Result;
  readonly runs: number;
}

type Play = (schedule: Schedule) => Promise<Result>;

/** @param first what the schedule itself gave */
export async function shrink(schedule: Schedule, first: Result, play: Play = run): Promise<Shrunken> {
  let best = { schedule, result: first };
  let runs = 0;
  const attempt = async (candidate: Schedule): Promise<boolean> => {
    if (runs >= MOST_RUNS) return false;
    runs++;
    const result = await play(candidate);
    if (result.violation?.rule !== first.violation?.rule) return false;
    best = { schedule: candidate, result };
    return true;
  };
  for (let size = -1; size !== best.schedule.steps.length; ) {
    size = best.schedule.steps.length;
    await leaveOut(() => best.schedule, attempt);
    for (const simpler of simplifications(best.schedule)) await attempt({ ...best.schedule, ...simpler });
  }
  return { ...best, runs };
}

/** Chunks of half of the steps first, single ones last. */
async function leaveOut(
  current: () => Schedule,
  attempt: (candidate: Schedule) => Promise<boolean>,
): Promise<void> {
  for (
    let size = Math.ceil(current().steps.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let start = current().steps.length - size; start > -size; start -= size) {
      const schedule = current();
      await attempt({ ...schedule, steps: without(schedule.steps, Math.max(0, start), start + size) });
    }
  }
}

/** The time that they took passes all the same. */
function without(steps: readonly Step[], start: number, end: number): Step[] {
  const waited = steps.slice(start, end).reduce((sum, { after }) => sum + after, 0);
  const [next, ...rest] = steps.slice(end);
  return [
    ...steps.slice(0, start),
    ...(next === undefined ? [] : [{ ...next, after: next.after + waited }, ...rest]),
  ];
}

const simplifications = ({
  replicas,
  election,
  undo,
  startsAfter,
  admission,
  policies,
}: Schedule): Partial<Schedule>[] => [
  ...(undo ? [{ undo: false }] : []),
  ...(admission ? [{ admission: false }] : []),
  ...(policies ? [{ policies: false }] : []),
  ...(replicas > 1 ? [{ replicas: 1 as const }] : []),
  ...(election ? [{ election: false }] : []),
  ...(startsAfter > 0 ? [{ startsAfter: 0 }] : []),
];
