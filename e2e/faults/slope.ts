// Whether something grows: the slope of the straight line that fits best.

export interface Sample {
  readonly minutes: number;
  readonly value: number;
}

/** By how much it grows in a minute. */
export function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [minutes, value] = [mean(sample => sample.minutes), mean(sample => sample.value)];
  const covariance = mean(sample => (sample.minutes - minutes) * (sample.value - value));
  return covariance / mean(sample => (sample.minutes - minutes) ** 2);
}
