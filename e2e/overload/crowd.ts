// Many who ask for the same page over and over, each on a connection of its own; they stop by themselves.

import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface CrowdOutcome {
  answered: number;
  /** Turned away, or cut off. */
  refused: number;
}

/** Milliseconds before somebody who was turned away comes again. */
const PAUSE = 200;

/** @param milliseconds after which nobody asks again */
export async function crowd(url: string, size: number, milliseconds: number): Promise<CrowdOutcome> {
  const outcome: CrowdOutcome = { answered: 0, refused: 0 };
  const end = performance.now() + milliseconds;
  const agent = new Agent({ keepAlive: true, maxSockets: size });
  const one = async (): Promise<void> => {
    while (performance.now() < end) {
      const isAnswered = await ask(url, agent, end);
      outcome[isAnswered ? 'answered' : 'refused'] += 1;
      if (!isAnswered) await sleep(PAUSE);
    }
  };
  await Promise.all(Array.from({ length: size }, one));
  agent.destroy();
  return outcome;
}

function ask(url: string, agent: Agent, end: number): Promise<boolean> {
  return new Promise(resolve => {
    const request = get(url, { agent }, response => {
      response.once('end', () => resolve(true)).once('error', () => resolve(false));
      response.resume();
    });
    request.once('error', () => resolve(false));
    // One that hangs does not outlast the others.
    setTimeout(() => request.destroy(), Math.max(0, end - performance.now()) + 1_000).unref();
  });
}

/** How long the longest of them took, in milliseconds, of one who asks each half second until `isOver`. */
export async function longestAnswer(url: string, isOver: () => boolean): Promise<number> {
  let longest = 0;
  while (!isOver()) {
    const began = performance.now();
    const { ok } = await fetch(url, { headers: { connection: 'close' } });
    if (!ok) throw new Error(`${url} is not well`);
    longest = Math.max(longest, performance.now() - began);
    await sleep(500);
  }
  return longest;
}
