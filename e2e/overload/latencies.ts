// Times that somebody waited, in words.

/** The smallest of `values` that so large a part of them does not exceed. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

export function inWords(milliseconds: readonly number[]): string {
  const [p50, p99, longest] = [0.5, 0.99, 1].map(part => Math.round(quantile(milliseconds, part)));
  return `p50 ${p50} ms, p99 ${p99} ms, longest ${longest} ms of ${milliseconds.length}`;
}
