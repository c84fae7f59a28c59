// Awaits a condition of the outside world that nothing announces, such as a port that answers.

import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks: short beside a start of three seconds, long beside one look. */
const INTERVAL = 25;

/**
 * @param what the condition, as a sentence: it is what the error says
 * @param holds throws if the condition can never come true
 * @param seconds how long to wait at most
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  seconds: number,
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await delay(INTERVAL);
  }
}
