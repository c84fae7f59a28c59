// Time and chance come in by argument, so that tests and the simulator own them.

export interface Clock {
  /** Milliseconds since the epoch, for people and other machines to read: somebody may set it back by an hour. */
  now(): number;
  /** Milliseconds since some moment, by which to measure how much time has passed: it never jumps. */
  monotonic(): number;
  setTimeout(callback: () => void, milliseconds: number): Timer;
}

export interface Timer {
  cancel(): void;
}

/** Uniform in [0, 1). */
export type Random = () => number;

/** The clocks of this machine, for the composition root. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout(callback, milliseconds) {
    const timer = setTimeout(callback, milliseconds);
    return { cancel: () => clearTimeout(timer) };
  },
};
