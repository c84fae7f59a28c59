// What is told of some days on tokens.

export interface WeekResult {
  /** What should not be, with its moment; the first few. */
  readonly violations: readonly string[];
  readonly given: number;
  readonly refused: number;
  readonly restarts: number;
  readonly clocksSet: number;
  readonly standstills: number;
  readonly edits: number;
  readonly suspensions: number;
  /** Writes of Secrets by the operator, and how many it takes: one for each token in each Secret that is there. */
  readonly secretWrites: number;
  readonly needed: number;
  /** Milliseconds without a living login, of all namespaces together, since none could be had. */
  readonly without: number;
  /** Milliseconds in which the server was away. */
  readonly away: number;
  readonly outages: number;
}
