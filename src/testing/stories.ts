// What is told by Events of a RegistryCredential whose situation changes, step by step.

import { expect } from 'chai';
import type { RegistryCredentialStatus } from '../api/types.ts';
import { statusOf } from '../core/status.ts';
import { isSettled, type Telling, tell, toldBy } from '../core/status-events.ts';
import { aReport, aSituation, failure, verdict } from './situations.ts';

export type Step = ReturnType<typeof aSituation>;

export const well = () => aSituation();
export const gone = () => aSituation().reporting(aReport({ state: 'failed', message: 'Secret gone' }));
export const kept = (message = 'Secret gone') => aSituation().reporting(aReport({ state: 'kept', message }));
export const foreign = verdict(failure('ForeignSecret', 'it is foreign'));
export const conflict = () => aSituation().in({ apps: verdict(), legacy: foreign });

/** The steps one after the other, each with what was said before. At the last one so many roll-outs are over. */
export function tellAll(steps: readonly Step[], rollouts = 0): Telling[] {
  let told = toldBy(undefined, 0);
  let status: RegistryCredentialStatus | undefined;
  return steps.map((step, index) => {
    status = statusOf(status === undefined ? step : step.saying(status), 0);
    const isLast = index === steps.length - 1;
    const telling = tell(told, status, { isSettled: isSettled(step), rollouts: isLast ? rollouts : 0 });
    told = telling.told;
    return telling;
  });
}

/** "type reason" of what is told at the last step. */
export const lastTold = (steps: readonly Step[], rollouts = 0): string[] =>
  (tellAll(steps, rollouts).at(-1)?.events ?? []).map(({ type, reason }) => `${type} ${reason}`);

/** Of what is told at the last step. */
export const notes = (...steps: Step[]): string[] =>
  (tellAll(steps).at(-1)?.events ?? []).map(({ note }) => note);

/** A test for each row: a story, and the Events of its last step. */
export const itTells = (rows: Record<string, [story: Step[], expected: string[]]>): void => {
  for (const [sentence, [story, expected]] of Object.entries(rows))
    it(sentence, () => expect(lastTold(story)).to.deep.equal(expected));
};
