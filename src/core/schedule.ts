// The cron expression of `spec.refresh`. node-cron says what is one and which moments it means; when to look is ours, for
// node-cron's own timers and its question for the next run know no clock but that of the machine (ADR 0016).

import { createTask, validateDetailed } from 'node-cron';
import type { RegistryCredentialSpec } from '../api/types.ts';

export type RefreshSpec = NonNullable<RegistryCredentialSpec['refresh']>;

export interface Schedule {
  /** The first moment after this one, both in milliseconds since the epoch; undefined if there is none within four years. */
  next(after: number): number | undefined;
}

/** `message` says what is wrong and what to write. */
export type ParsedSchedule =
  | { readonly ok: true; readonly schedule: Schedule }
  | { readonly ok: false; readonly message: string };

/** Asked for at every event, so the last few are remembered. */
const parsed = new Map<string, ParsedSchedule>();
const MOST_REMEMBERED = 64;

export function scheduleOf(refresh: RefreshSpec): ParsedSchedule {
  const key = JSON.stringify([refresh.schedule, refresh.timeZone]);
  const known = parsed.get(key) ?? parse(refresh);
  parsed.delete(key);
  parsed.set(key, known);
  for (const oldest of parsed.keys()) if (parsed.size > MOST_REMEMBERED) parsed.delete(oldest);
  return known;
}

function parse({ schedule, timeZone = 'UTC' }: RefreshSpec): ParsedSchedule {
  const mistake = mistakeIn(schedule);
  if (mistake !== undefined) return { ok: false, message: `spec.refresh.schedule ${mistake}: write ${FORM}` };
  if (!isTimeZone(timeZone)) {
    const message = `spec.refresh.timeZone "${timeZone}" is not known: write a name of the tz database, such as Europe/Berlin, or leave it out for UTC`;
    return { ok: false, message };
  }
  return { ok: true, schedule: { next: remembered(nextOf(schedule, timeZone)) } };
}

const FORM = 'five fields for minute, hour, day of month, month and day of week, such as "0 */6 * * *"';

/** Fields are bounded before node-cron sees them: it writes ranges out. Seconds would ask for a token at each of them. */
function mistakeIn(expression: string): string | undefined {
  const fields = expression.trim().split(/\s+/).length;
  if (fields !== 5) return `has ${fields} field${fields === 1 ? '' : 's'} and not five`;
  if (/[0-9]{3}/.test(expression)) return 'has a number of three digits';
  const [error] = validateDetailed(expression).errors;
  return error && `is no cron expression, because of its ${NAMES[error.field] ?? 'characters'}`;
}

/** As node-cron names the fields. */
const NAMES: Readonly<Record<string, string>> = {
  minute: 'minute',
  hour: 'hour',
  dayOfMonth: 'day of month',
  month: 'month',
  dayOfWeek: 'day of week',
};

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
    return true;
  } catch {
    return false;
  }
}

const MINUTE = 60_000;
/** Hours begin at a multiple of it, wherever one is. */
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;
/** Every day is longer, so none is stepped over. */
const NEARLY_A_DAY = 22 * HOUR;
const FARTHEST = 4 * 366 * 24 * HOUR;

type Matches = (time: number) => boolean;

/** First the day, then the hour in it, then the minute: each question takes some microseconds. */
function nextOf(expression: string, timeZone: string): (after: number) => number | undefined {
  const [, hour = '', ...day] = expression.trim().split(/\s+/);
  const isTime = matcher(expression, timeZone);
  const isHour = matcher(['*', hour, ...day].join(' '), timeZone);
  const isDay = matcher(['*', '*', ...day].join(' '), timeZone);
  return after => {
    let time = nextMultiple(after, MINUTE);
    for (const end = time + FARTHEST; time < end; ) {
      if (!isDay(time)) time = laterDay(time, isDay);
      else if (!isHour(time)) time = nextMultiple(time, QUARTER);
      else if (!isTime(time)) time += MINUTE;
      else return time;
    }
    return undefined;
  };
}

/** The first minute of the next day that matches, or nearly a day later. */
function laterDay(time: number, isDay: Matches): number {
  let later = time + NEARLY_A_DAY;
  for (const step of isDay(later) ? [HOUR, MINUTE] : []) while (isDay(later - step)) later -= step;
  return later;
}

const nextMultiple = (time: number, unit: number): number => (Math.floor(time / unit) + 1) * unit;

function matcher(expression: string, timezone: string): Matches {
  const task = createTask(expression, () => undefined, { timezone });
  // It was never started; else node-cron remembers it for ever.
  void task.destroy();
  return time => task.match(new Date(time));
}

/** The same is asked again and again. */
function remembered(next: Schedule['next']): Schedule['next'] {
  let last: { readonly after: number; readonly time: number | undefined } | undefined;
  return after => {
    if (last?.after !== after) last = { after, time: next(after) };
    return last.time;
  };
}
