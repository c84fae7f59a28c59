// A login that ends, with what has to be known to fetch the next one in time.

import type { AuthEntry } from './auth-entry.ts';
import type { Life } from './refresh.ts';

/** Holds the login: never log it. */
export interface Token extends Life {
  /** Tells what was asked, and by which Secrets; another one means that this token is not what is asked for now. */
  readonly key: string;
  readonly entries: readonly AuthEntry[];
}
