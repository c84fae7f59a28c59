// `refresh`: when the logins of sources that give tokens are fetched again, besides before they end.

import { MAX_SCHEDULE, MAX_TIME_ZONE } from './bounds.ts';
import { matches } from './cel-rule.ts';
import type { Schema } from './schema.ts';

const FIELD = '[0-9A-Za-z*?/,#-]+';

export const refresh = {
  type: 'object',
  description:
    'When the logins of sources that give tokens are fetched again, besides in time before they end. It says nothing to basic and dockerConfig, whose Secrets are read anew whenever they change.',
  required: ['schedule'],
  properties: {
    schedule: {
      type: 'string',
      description:
        'A cron expression of five fields: minute, hour, day of month, month and day of week, as in "0 */6 * * *". A day has to match both of its fields. A time that is missed, because the operator does not run, is made up for once.',
      maxLength: MAX_SCHEDULE,
      'x-kubernetes-validations': [
        {
          rule: matches('self', `^ *${FIELD}( +${FIELD}){4} *$`),
          message:
            'schedule is no cron expression of five fields: write minute, hour, day of month, month and day of week, such as "0 */6 * * *"',
        },
        {
          rule: `!${matches('self', '[0-9]{3}')}`,
          message: 'schedule has a number of three digits: no minute, hour, day or month has so many',
        },
      ],
    },
    timeZone: {
      type: 'string',
      description:
        'The time zone that schedule is meant in, by its name in the tz database, such as Europe/Berlin. Left out, it is UTC.',
      maxLength: MAX_TIME_ZONE,
      'x-kubernetes-validations': [
        {
          rule: matches('self', '^[A-Za-z][A-Za-z0-9_+/-]*$'),
          message:
            'timeZone is no name of a time zone: write one of the tz database, such as Europe/Berlin, or leave it out for UTC',
        },
      ],
    },
  },
} as const satisfies Schema;

/** Of the whole spec. Every source but these two gives tokens. */
export const refreshRule = {
  rule: '!has(self.refresh) || self.registries.exists(r, !has(r.basic) && !has(r.dockerConfig))',
  message:
    'refresh beside basic and dockerConfig only, whose Secrets are read anew whenever they change: leave refresh out',
} as const;
