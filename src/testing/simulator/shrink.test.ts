// A schedule that fails is read by a person, so no step may be left in it that does not matter.

import { expect } from 'chai';
import { randomSchedule } from './random-schedule.ts';
import type { Result } from './run.ts';
import { shrink } from './shrink.ts';
import type { Schedule, Step } from './step.ts';

const step = (name: string, after = 10): Step => ({ after, do: 'deleteCredential', name });

const named = ({ steps }: Schedule): string[] =>
  steps.map(one => (one.do === 'deleteCredential' ? one.name : one.do));

/** Fails when it holds both, in this order. */
const play = async (schedule: Schedule): Promise<Result> => {
  const names = named(schedule);
  const fails = names.includes('a') && names.indexOf('b') > names.indexOf('a');
  const violation = fails ? { rule: 'r', detail: 'd', at: 0 } : undefined;
  return { seed: 1, violation, trace: [], hash: '', writes: 0, time: 0, counts: new Map() };
};

describe('a schedule that fails', () => {
  const others = Array.from({ length: 20 }, (_, index) => step(`other-${index}`));
  const schedule: Schedule = {
    ...randomSchedule(1),
    replicas: 2,
    election: true,
    undo: true,
    startsAfter: 50,
    steps: [...others, step('a'), ...others, step('b'), ...others],
  };

  it('is shrunk to what it takes, and the time between stays', async () => {
    const small = await shrink(schedule, await play(schedule), play);
    expect(named(small.schedule)).to.deep.equal(['a', 'b']);
    expect(small.schedule.steps.map(({ after }) => after)).to.deep.equal([210, 210]);
    expect(small.schedule).to.include({ replicas: 1, election: false, undo: false, startsAfter: 0 });
    expect(small.result.violation?.rule).to.equal('r');
  });

  it('is left as it is when another rule is broken without a step', async () => {
    const other = async (candidate: Schedule): Promise<Result> => ({
      ...(await play(schedule)),
      violation: { rule: candidate.steps.length < schedule.steps.length ? 'other' : 'r', detail: '', at: 0 },
    });
    const small = await shrink(schedule, await play(schedule), other);
    expect(small.schedule.steps).to.deep.equal(schedule.steps);
  });
});
