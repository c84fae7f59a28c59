// Loaded into the process that is measured, before its own code (node --import), so that nothing of it has to be in
// the operator: by perf_hooks, how long the event loop stood still, and when. At SIGUSR2 it writes what it saw since the
// last one.

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
setTimeout(() => {
  untilFirstTurn = performance.now() - loaded;
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

process.on('SIGUSR2', () => {
  drain();
  const file = process.env.BENCH_EVENT_LOOP;
  writeFileSync(`${file}.part`, JSON.stringify({ untilFirstTurn, longest: longestOf(whole), stalls }));
  renameSync(`${file}.part`, file);
  stalls = [];
  whole.disable();
  whole = begin();
});
