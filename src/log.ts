// The log: winston, JSON lines, redacted. The interface is what everybody else sees.

import { Writable } from 'node:stream';
import { createLogger, format, transports } from 'winston';
import { linesTo } from './line-output.ts';
import { toLoggable, toLoggableText } from './log-fields.ts';
import { createRedactor, type Redactor } from './redactor.ts';

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Everything that varies; the message itself is constant. */
export type LogFields = Readonly<Record<string, unknown>>;

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['json', 'text'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Knows the credentials of the moment; without it only what looks like one is masked. */
  readonly redactor?: Redactor;
  /** Takes one line with its newline; standard output unless given. */
  readonly write?: (line: string) => void;
  /** RFC 3339; the wall clock unless given. */
  readonly time?: () => string;
}

/** winston's own symbol for the finished line; its types do not export the key. */
const MESSAGE = Symbol.for('message');

interface Line {
  readonly level: string;
  readonly time: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function createLog(options: LogOptions): Log {
  const { redact } = options.redactor ?? createRedactor();
  const render = options.format === 'json' ? renderJson : renderText;
  const time = options.time ?? (() => new Date().toISOString());
  const redacted = format(info => {
    const { fields } = info as { fields?: unknown };
    const line: Line = {
      level: info.level,
      time: time(),
      message: toLoggableText(String(info.message), redact),
      fields: toLoggable(fields ?? {}, redact) as Line['fields'],
    };
    return Object.assign(info, { [MESSAGE]: render(line) });
  });
  const logger = createLogger({
    level: options.level,
    levels: Object.fromEntries(LOG_LEVELS.map((level, index) => [level, index])),
    format: redacted(),
    transports: [new transports.Stream({ stream: lineStream(options.write), eol: '\n' })],
  });
  const log = (level: LogLevel) => (message: string, fields?: LogFields) => {
    // As one object, for winston joins a field named "message" to the message.
    logger.log({ level, message, fields });
  };
  return { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') };
}

function lineStream(write: LogOptions['write']): NodeJS.WritableStream {
  if (write === undefined) return linesTo(process.stdout, flush => process.once('exit', flush));
  return new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      write(chunk);
      done();
    },
  });
}

function renderJson({ level, time, message, fields }: Line): string {
  const taken: Record<string, unknown> = { level, time, message };
  const rest = Object.entries(fields).map(([key, value]) => [key in taken ? `${key}_` : key, value]);
  return JSON.stringify({ ...taken, ...Object.fromEntries(rest) });
}

function renderText({ level, time, message, fields }: Line): string {
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}=${/^[\w./:-]+$/.test(String(value)) ? String(value) : JSON.stringify(value)}`,
    );
  return `${time} ${level.toUpperCase().padEnd(5)} ${message}${pairs.join('')}`;
}
