// When each alert fires, when it does not, and what it says then: rows for promtool, one sample every 30 seconds.

import { CREDENTIAL_ROWS } from './alert-rows-credentials.ts';
import { NOT_READY_ROWS } from './alert-rows-not-ready.ts';
import { OPERATOR_ROWS } from './alert-rows-operator.ts';

export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

export interface AlertRow {
  /** A sentence that is true of `alert`. */
  readonly title: string;
  readonly alert: string;
  /** Series -> values, as promtool writes them: `0x20` is 0 and then 20 times the same. */
  readonly series: Readonly<Record<string, string>>;
  /** Times -> what fires then. */
  readonly at: Readonly<Record<string, readonly Firing[]>>;
}

export const ALERT_ROWS: readonly AlertRow[] = [...NOT_READY_ROWS, ...CREDENTIAL_ROWS, ...OPERATOR_ROWS];
