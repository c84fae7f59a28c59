// Loaded into the process that is measured, before its own code (node --import), so that nothing of it has to be in
// the operator: by perf_hooks, how long the event loop stood still, and when. At SIGUSR2 it writes what it saw.

import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds of the timer whose lateness is measured, and of the parts of time whose worst is kept. */
const RESOLUTION = 5;
const PART = 100;
/** Milliseconds; what is shorter is not worth keeping. */
const SHORTEST = 10;

const stalls = [];
const histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
histogram.enable();
const drain = () => {
  // The histogram has the whole time between two ticks of its timer.
  const ms = histogram.max / 1e6 - RESOLUTION;
  if (histogram.count > 0 && ms >= SHORTEST)
    stalls.push({ at: performance.timeOrigin + performance.now(), ms });
  histogram.reset();
};
setInterval(drain, PART).unref();

process.on('SIGUSR2', () => {
  drain();
  const file = process.env.BENCH_EVENT_LOOP;
  writeFileSync(`${file}.part`, JSON.stringify(stalls));
  renameSync(`${file}.part`, file);
});
