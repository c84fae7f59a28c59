// What the CRD refuses and admits of `refresh`, each refusal with a message that says what to write.

import { SECRET } from './admission.ts';
import { type AdmittedRows, type RefusedRows, tryRows } from './admission-rows.ts';

const oauth = {
  tokenEndpoint: 'https://login.example.com/token',
  username: 'robot',
  clientCredentials: SECRET,
};
const tokens = { server: 'r.example.com', oauth };
const at = (refresh: object) => ({ registries: [tokens], refresh });

const REFUSED: RefusedRows = {
  'refresh without schedule': [at({}), 'refresh.schedule: Required value'],
  seconds: [at({ schedule: '0 0 * * * *' }), 'schedule is no cron expression of five fields: write minute'],
  'a nickname': [at({ schedule: '@daily' }), 'schedule is no cron expression of five fields'],
  'an empty schedule': [at({ schedule: '' }), 'schedule is no cron expression of five fields'],
  'a line break': [at({ schedule: '0 0 * *\n*' }), 'schedule is no cron expression of five fields'],
  'a range that would be written out': [
    at({ schedule: '0-99999 * * * *' }),
    'schedule has a number of three digits',
  ],
  'a time zone that is none': [
    at({ schedule: '0 0 * * *', timeZone: '+02:00' }),
    'timeZone is no name of a time zone',
  ],
  'refresh beside stored logins only': [
    {
      registries: [{ server: 'r.example.com', basic: SECRET }, { dockerConfig: SECRET }],
      refresh: { schedule: '0 0 * * *' },
    },
    'refresh beside basic and dockerConfig only, whose Secrets are read anew whenever they change: leave refresh out',
  ],
};

const ADMITTED: AdmittedRows = {
  'a schedule with all that it may have': at({
    schedule: ' 0,30 */6 1-15 JAN,jul MON-FRI ',
    timeZone: 'Europe/Berlin',
  }),
  'a schedule beside stored logins and one that ends': {
    registries: [{ server: 'a.example.com', basic: SECRET }, tokens],
    refresh: { schedule: '0 0 L * *', timeZone: 'Etc/GMT+3' },
  },
};

describe('The API server, of refresh,', () => {
  tryRows(REFUSED, ADMITTED);
});
