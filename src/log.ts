// The log: winston, JSON lines, redacted. The interface is what everybody else sees.

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Everything that varies; the message itself is constant. */
export type LogFields = Readonly<Record<string, unknown>>;
