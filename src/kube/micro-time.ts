// Leases and Events have times of their own kind: exactly 6 fractional digits, or the API server answers 400.

/** @param milliseconds since the epoch */
export const microTime = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('Z', '000Z');
