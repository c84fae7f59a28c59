// Until somebody has come to rest: what one does for oneself after a start is no part of what is measured.

import { setTimeout as delay } from 'node:timers/promises';

/** Of one processor. */
const CALM = 0.08;
/** Milliseconds. */
const LOOK = 500;
const LONGEST_UNREST = 20_000;

/** `cpuSeconds`: what it has used so far. */
export async function calm(who: string, cpuSeconds: () => Promise<number>): Promise<void> {
  const deadline = performance.now() + LONGEST_UNREST;
  for (let before = await cpuSeconds(); performance.now() < deadline; ) {
    await delay(LOOK);
    const now = await cpuSeconds();
    if ((now - before) / (LOOK / 1000) <= CALM) return;
    before = now;
  }
  console.error(`  ${who} did not come to rest in ${LONGEST_UNREST / 1000} s`);
}
