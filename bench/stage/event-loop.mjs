// Loaded into the process that is measured, before its own code (node --import), so that nothing of it has to be in
// the operator: by perf_hooks, how long the event loop stood still, and when, and how long it worked without a pause: on
// a machine with too few processors it also stands still because it is not its turn. At SIGUSR2 it writes what it saw since
// the last one.

import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds of the timer whose lateness is measured, and of the parts of time whose worst is kept. */
const RESOLUTION = 5;
const PART = 100;
/** Milliseconds; what is shorter is not worth keeping. */
const SHORTEST = 10;

const loaded = performance.now();
/** Milliseconds until the event loop turned for the first time: its timer knows nothing of that. */
let untilFirstTurn = 0;
/** Processor time of this thread at the last tick, in milliseconds. */
let work = 0;
setTimeout(() => {
  untilFirstTurn = performance.now() - loaded;
  work = workOf();
}, 0).unref();

const begin = () => {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  histogram.enable();
  return histogram;
};
/** It has the whole time between two ticks of its timer. */
const longestOf = histogram => (histogram.count > 0 ? Math.max(0, histogram.max / 1e6 - RESOLUTION) : 0);

let stalls = [];
/** Never set back meanwhile: what is set back forgets the tick before. */
let whole = begin();
const part = begin();
const drain = () => {
  const ms = longestOf(part);
  if (ms >= SHORTEST) stalls.push({ at: performance.timeOrigin + performance.now(), ms });
  part.reset();
};
setInterval(drain, PART).unref();

/** Processor time of this thread so far, in milliseconds. */
const workOf = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
/** Most of it between two ticks, less their distance: what the thread itself did of a stall. */
let longestWork = 0;
const tick = () => {
  const now = workOf();
  longestWork = Math.max(longestWork, now - work - RESOLUTION);
  work = now;
};
setInterval(tick, RESOLUTION).unref();

process.on('SIGUSR2', () => {
  drain();
  tick();
  const file = process.env.BENCH_EVENT_LOOP;
  writeFileSync(
    `${file}.part`,
    JSON.stringify({ untilFirstTurn, longest: longestOf(whole), longestWork, stalls }),
  );
  renameSync(`${file}.part`, file);
  stalls = [];
  longestWork = 0;
  whole.disable();
  whole = begin();
});
