// Waits for a condition of the cluster. What never comes true fails with the last reason why not.

import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds. Everything that the operator does takes far less. */
const LONGEST = 15_000;
const BETWEEN_LOOKS = 25;

/** Resolves with the first result of `check` that is not an error. */
export async function eventually<T>(what: string, check: () => Promise<T>, longest = LONGEST): Promise<T> {
  const end = Date.now() + longest;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end)
        throw new Error(`not within ${longest} ms: ${what}: ${(error as Error).message}`, { cause: error });
    }
    await sleep(BETWEEN_LOOKS);
  }
}

/** Whether `check` holds now and still holds after `milliseconds`: for what must not happen. */
export async function holdsFor(milliseconds: number, check: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    await check();
    await sleep(BETWEEN_LOOKS);
  }
}
