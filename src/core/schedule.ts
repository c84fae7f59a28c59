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

/** Asked for at every event, and of all RegistryCredentials in turn: as many are remembered as there may be. */
const parsed = new Map<string, ParsedSchedule>();
const MOST_REMEMBERED = 2_048;

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
  const next = nextOf(schedule, timeZone);
  if (!isRare(schedule, next)) return { ok: true, schedule: { next: remembered(next) } };
  const message =
    'spec.refresh.schedule names days that come less than once in four years, for day of month, month and day of week have to match all three: leave some of them at *';
  return { ok: false, message };
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
const DAY = 24 * HOUR;
/** Every day is longer, and every month, so none is stepped over. */
const NEARLY_A_DAY = 22 * HOUR;
const NEARLY_A_MONTH = 27 * DAY;
const FARTHEST = 4 * 366 * 24 * HOUR;

type Matches = (time: number) => boolean;

/** Dates fall on the same days of the week again after so many years, but for a century without a leap year. */
const CYCLE = { first: 2001, years: 28 };

/**
 * Whether more than four years can go by without a time, looked at from each year of a cycle: what is said of a
 * schedule is not to depend on the day on which it is said.
 */
function isRare(expression: string, next: Schedule['next']): boolean {
  const [day = '', month = '', dayOfWeek = ''] = expression.trim().split(/\s+/).slice(2);
  // What hangs on one thing alone comes in every year, and 29 February in every fourth.
  if (dayOfWeek === '*' && /^[0-9,/*-]+$/.test(day)) return false;
  // Without a month it comes in any two years or never.
  const years = month === '*' ? 1 : CYCLE.years;
  return Array.from({ length: years }, (_, year) => Date.UTC(CYCLE.first + year, 0, 1)).some(
    from => next(from) === undefined,
  );
}

/** First the month, then the day in it, then hour and minute: each question takes some microseconds. */
function nextOf(expression: string, timeZone: string): (after: number) => number | undefined {
  const [, hour = '', ...day] = expression.trim().split(/\s+/);
  const isTime = matcher(expression, timeZone);
  const isHour = matcher(['*', hour, ...day].join(' '), timeZone);
  const isDay = matcher(['*', '*', ...day].join(' '), timeZone);
  const isMonth = matcher(['* * *', day[1], '*'].join(' '), timeZone);
  return after => {
    let time = nextMultiple(after, MINUTE);
    for (const end = time + FARTHEST; time < end; ) {
      if (!isMonth(time)) time = later(time, isMonth, NEARLY_A_MONTH, [DAY, HOUR, MINUTE]);
      else if (!isDay(time)) time = later(time, isDay, NEARLY_A_DAY, [HOUR, MINUTE]);
      else if (!isHour(time)) time = nextMultiple(time, QUARTER);
      else if (!isTime(time)) time += MINUTE;
      else return time;
    }
    return undefined;
  };
}

/** The first minute of the month or day that matches within `nearlyOne` of it, or so much later. */
function later(time: number, matches: Matches, nearlyOne: number, steps: readonly number[]): number {
  let found = time + nearlyOne;
  for (const step of matches(found) ? steps : []) while (matches(found - step)) found -= step;
  return found;
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
