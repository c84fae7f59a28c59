// What a cron expression means, in a time zone, and what is said of one that means nothing.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { scheduleOf } from './schedule.ts';

/** The times from a moment on, so many of them, in UTC. */
function times(schedule: string, timeZone: string | undefined, from: string, count = 3): string[] {
  const parsed = scheduleOf({ schedule, ...(timeZone !== undefined && { timeZone }) });
  if (!parsed.ok) throw new Error(parsed.message);
  const found: string[] = [];
  let after = Date.parse(from);
  while (found.length < count) {
    const next = parsed.schedule.next(after);
    if (next === undefined) break;
    found.push(new Date(next).toISOString().slice(0, 16));
    after = next;
  }
  return found;
}

describe('a schedule', () => {
  it('gives the first time after a moment, and not that moment itself', () => {
    expect(times('0 */6 * * *', undefined, '2026-03-01T00:00:00Z')).to.deep.equal([
      '2026-03-01T06:00',
      '2026-03-01T12:00',
      '2026-03-01T18:00',
    ]);
    expect(times('* * * * *', undefined, '2026-03-01T00:00:59.999Z', 2)).to.deep.equal([
      '2026-03-01T00:01',
      '2026-03-01T00:02',
    ]);
  });

  it('is meant in its time zone, summer time included', () => {
    expect(times('30 4 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z', 2)).to.deep.equal([
      '2026-03-28T03:30',
      '2026-03-29T02:30',
    ]);
    expect(times('45 23 * * *', 'Asia/Kathmandu', '2026-03-01T18:00:01Z', 1)).to.deep.equal([
      '2026-03-02T18:00',
    ]);
  });

  it('leaves out a time that a day does not have, and comes twice where one has it twice', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 1)).to.deep.equal([
      '2026-03-30T00:30',
    ]);
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 3)).to.deep.equal([
      '2026-10-25T00:30',
      '2026-10-25T01:30',
      '2026-10-26T01:30',
    ]);
  });

  it('finds a day that is years away', () => {
    expect(times('0 0 29 2 *', undefined, '2026-01-01T00:00:00Z', 2)).to.deep.equal([
      '2028-02-29T00:00',
      '2032-02-29T00:00',
    ]);
  });

  it('wants both the day of the month and the day of the week', () => {
    expect(times('0 0 13 * FRI', undefined, '2026-03-14T00:00:00Z', 1)).to.deep.equal(['2026-11-13T00:00']);
  });

  for (const schedule of ['0 0 29 2 1', '0 0 L-30 2 *', '0 0 1 1 1', '0 0 1 * 1#2', '0 0 * 2 5#5'])
    it(`"${schedule}" comes less than once in four years, and is refused whenever one looks`, () => {
      const parsed = scheduleOf({ schedule });
      expect(!parsed.ok && parsed.message).to.contain('come less than once in four years');
    });

  for (const schedule of [
    '0 0 1 1 *',
    '0 0 29 2 *',
    '0 0 1-7 1 1',
    '0 0 13 * 5',
    '0 0 31 * 1-5',
    '0 4 * 2 1#1',
  ])
    it(`"${schedule}" comes often enough`, () => {
      expect(scheduleOf({ schedule })).to.include({ ok: true });
      expect(times(schedule, 'Europe/Berlin', '2026-11-26T00:00:00Z', 1)).to.have.lengthOf(1);
    });

  it('agrees with a look at every minute', () => {
    for (const [schedule, timeZone, count] of [
      ['7,37 */5 * * 1-5', 'America/St_Johns', 20],
      ['0 0 1,15 * *', 'Australia/Lord_Howe', 2],
      ['59 23 * * 0', 'Pacific/Apia', 3],
    ] as const) {
      const found = times(schedule, timeZone, '2026-03-20T11:11:00Z', count);
      expect(found).to.deep.equal(slowly(schedule, timeZone, Date.parse('2026-03-20T11:11:00Z'), count));
    }
  });

  const MISTAKES: Record<string, RegExp> = {
    '@daily': /has 1 field and not five/,
    '0 0 * * * *': /has 6 fields and not five/,
    '60 * * * *': /because of its minute/,
    '0 24 * * *': /because of its hour/,
    '0 0 31 2 *': /because of its day of month/,
    '0 0 1 13 *': /because of its month/,
    '0 0 * * 8': /because of its day of week/,
    '*/0 * * * *': /because of its minute/,
    '0-999999999 * * * *': /a number of three digits/,
    'é * * * *': /because of its characters/,
  };
  for (const [schedule, message] of Object.entries(MISTAKES)) {
    it(`"${schedule}" is refused, with what to write`, () => {
      const parsed = scheduleOf({ schedule });
      expect(parsed.ok).to.equal(false);
      expect(!parsed.ok && parsed.message)
        .to.match(message)
        .and.to.contain('such as "0 */6 * * *"');
    });
  }

  it('in a time zone that nobody knows is refused, with what to write', () => {
    const parsed = scheduleOf({ schedule: '0 0 * * *', timeZone: 'Mars/Olympus' });
    expect(!parsed.ok && parsed.message).to.contain(
      '"Mars/Olympus" is not known: write a name of the tz database',
    );
  });
});

/** By the calendar of Intl alone. */
function slowly(schedule: string, timeZone: string, after: number, count: number): string[] {
  const [minute, hour, day, , weekday] = schedule.split(' ') as [string, string, string, string, string];
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: 'numeric',
    minute: 'numeric',
    day: 'numeric',
    weekday: 'short',
    hourCycle: 'h23',
  });
  const found: string[] = [];
  for (let time = after + 60_000; found.length < count; time += 60_000) {
    const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const dayOfWeek = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(parts.weekday ?? '');
    const fields: [string, number][] = [
      [minute, Number(parts.minute)],
      [hour, Number(parts.hour)],
      [day, Number(parts.day)],
      [weekday, dayOfWeek],
    ];
    if (fields.every(([field, value]) => holds(field, value)))
      found.push(new Date(time).toISOString().slice(0, 16));
  }
  return found;
}

function holds(field: string, value: number): boolean {
  if (field === '*') return true;
  if (field.startsWith('*/')) return value % Number(field.slice(2)) === 0;
  const [from, to] = field.split('-').map(Number);
  if (to !== undefined && from !== undefined) return value >= from && value <= to;
  return field.split(',').map(Number).includes(value);
}
