// Rows of the alerts that are about the operator itself.

import type { AlertRow, Firing } from './alert-rows.ts';
import { of, ofOther, type SeriesOf } from './alert-series.ts';

const follows = (series: SeriesOf, name = 'serviceaccounts'): string =>
  series('reflector_following', `name="${name}"`);
const leads = (series: SeriesOf): string => series('leader_election_master_status', 'name="regcred"');
const isUp = (series: SeriesOf): string => series('up');
const runs = (series: SeriesOf): string => series('regcred_build_info', 'version="1"');
const retries = (series: SeriesOf): string => series('workqueue_retries_total', 'name="status"');
const PENDING = of('regcred_sync_pending_seconds');
const COUNT = of('regcred_sync_lag_seconds_count');
const lag = (le: string): string => of('regcred_sync_lag_seconds_bucket', `le="${le}"`);

const watchless: Firing = {
  labels: { name: 'serviceaccounts' },
  summary: 'A replica of the RegistryCredential operator cannot watch serviceaccounts.',
  description:
    'The API server refuses it, or does not answer. What changes there is not seen, and a replica that starts does nothing at all.',
};
const leaderless: Firing = {
  labels: { job: 'regcred', namespace: 'regcred-system', name: 'regcred' },
  summary: 'No replica of the RegistryCredential operator leads.',
  description:
    'Replicas run, and none gets the Lease regcred, or the one that has it is not scraped. Without a leader nothing is handed out or renewed; what was handed out stays.',
};
const untold: Firing = {
  labels: { job: 'regcred', namespace: 'regcred-system' },
  summary: 'The RegistryCredential operator cannot write status.',
  description:
    'The API server refuses it, or does not answer. What kubectl and the conditions say of RegistryCredentials is out of date; logins are handed out all the same, and metrics are right.',
};
const slow = (lasting: string): Firing => ({
  labels: {},
  summary: `Changes take ${lasting} to reach their namespaces.`,
  description:
    'New namespaces and new logins wait. The API server, or something that it asks, is slow or fails.',
});
const absent: Firing = {
  labels: {},
  summary: 'No replica of the RegistryCredential operator is scraped.',
  description:
    'It does not run, or Prometheus does not reach it. While it does not run nothing is handed out or renewed; what was handed out stays.',
};

/** So many slow changes by then; bounds as Prometheus 2 and 3 write them. */
const slowOnes = (many: string, bound: string): AlertRow['series'] => ({
  [lag(bound)]: '0x60',
  [lag('120')]: many,
  [lag('+Inf')]: many,
  [COUNT]: many,
});

/** Changes that arrive, of a roll-out of ten minutes: twenty a second, and two. */
const ROLLING = '0x6 600+600x19 12000x60';
const CREEPING = '0x6 60+60x19 1200x60';

/** A sample each minute, so many times. */
const everyMinute = (value: string, times: number): string => Array(times).fill(`${value} _`).join(' ');

export const OPERATOR_ROWS: readonly AlertRow[] = [
  {
    title: 'fires after ten minutes, also when one of two replicas does follow, and ends when both do',
    alert: 'RegcredWatchFailing',
    series: {
      [follows(of)]: '1x10 0x40 1x40',
      [follows(ofOther)]: '1x90',
      [follows(of, 'namespaces')]: '1x90',
    },
    at: { '14m': [], '16m': [watchless], '27m': [] },
  },
  {
    title: 'is silent about a watch that is begun again and again',
    alert: 'RegcredWatchFailing',
    series: { [follows(of)]: '1 0x7 1 0x7 1 0x7 1 0x7 1 0x7 1 0x7 1 0x7' },
    at: { '11m': [], '16m': [], '29m': [] },
  },
  {
    title: 'does not begin anew when a replica starts in the place of another',
    alert: 'RegcredWatchFailing',
    series: { [follows(of)]: '0x8 stale', [follows(ofOther)]: '_x12 0x40' },
    at: { '4m': [], '6m': [watchless], '15m': [watchless] },
  },
  {
    title: 'fires when two replicas run and none leads',
    alert: 'RegcredNoLeader',
    series: {
      [leads(of)]: '1x10 0x20 0x20',
      [leads(ofOther)]: '0x10 0x20 1x20',
      [isUp(of)]: '1x50',
      [isUp(ofOther)]: '1x50',
      'leader_election_master_status{name="of-somebody-else",pod="x"}': '0x50',
      'up{job="of-somebody-else",pod="x"}': '0x50',
    },
    at: { '5m': [], '10m': [leaderless], '20m': [] },
  },
  {
    title: 'is silent when one replica takes over from another within a minute',
    alert: 'RegcredNoLeader',
    series: { [leads(of)]: '1x10 0x40', [leads(ofOther)]: '0x11 1x39' },
    at: { '5m30s': [], '6m': [], '10m': [] },
  },
  {
    title: 'is silent when one replica takes over from another between their scrapes, once a minute',
    alert: 'RegcredNoLeader',
    // The one that led is scraped at once after it, the one that leads just before: a scrape is told of for a minute.
    series: {
      [leads(of)]: `${everyMinute('1', 5)} ${everyMinute('0', 10)}`,
      [leads(ofOther)]: `_ ${everyMinute('0', 5)} 0 _ ${everyMinute('1', 10)}`,
    },
    at: { '5m': [], '5m30s': [], '6m': [], '6m30s': [], '7m': [], '7m30s': [], '8m': [], '10m': [] },
  },
  {
    title: 'fires when none leads, also where replicas are scraped once a minute',
    alert: 'RegcredNoLeader',
    series: {
      [leads(of)]: `${everyMinute('1', 5)} ${everyMinute('0', 10)}`,
      [leads(ofOther)]: `_ ${everyMinute('0', 15)}`,
    },
    at: { '5m': [], '6m30s': [], '7m30s': [leaderless], '12m': [leaderless] },
  },
  {
    title: 'is silent for a quarter of an hour when only the pod that leads is not scraped',
    alert: 'RegcredNoLeader',
    series: {
      [leads(of)]: '1x10 stale',
      [isUp(of)]: '1x10 0x60',
      [leads(ofOther)]: '0x80',
      [isUp(ofOther)]: '1x80',
    },
    at: { '7m': [], '10m': [], '19m': [], '22m': [leaderless] },
  },
  {
    title: 'fires when status is refused time and again, also by another leader, and ends with that',
    alert: 'RegcredStatusNotWritten',
    series: {
      [retries(of)]: '0x10 1+1x39 40x60',
      [retries(ofOther)]: '0x52 1+1x9 10x50',
      ...{ [runs(of)]: '1x110', [runs(ofOther)]: '1x110' },
    },
    at: { '8m': [], '14m': [], '20m': [untold], '29m': [untold], '40m': [] },
  },
  {
    title: 'is silent about an API server that was away for a moment',
    alert: 'RegcredStatusNotWritten',
    series: { [retries(of)]: '0x10 7x20 12x60', [runs(of)]: '1x90' },
    at: { '6m': [], '10m': [], '16m': [], '20m': [], '30m': [] },
  },
  {
    title: 'is silent about a write that fails every four minutes, and goes through then',
    alert: 'RegcredStatusNotWritten',
    series: { [retries(of)]: '0x7 1x7 2x7 3x7 4x7 5x7 6x7 7x7', [runs(of)]: '1x90' },
    at: { '16m': [], '20m': [], '30m': [] },
  },
  {
    title: 'is silent about a queue of that name of another operator',
    alert: 'RegcredStatusNotWritten',
    series: {
      'workqueue_retries_total{job="x",name="status",namespace="of-somebody-else",pod="x"}': '0+5x90',
      ...{ [retries(of)]: '0x90', [runs(of)]: '1x90' },
      [of('workqueue_retries_total', 'name="namespace"')]: '0+5x90',
    },
    at: { '16m': [], '30m': [] },
  },
  {
    title: 'fires when a change waits for minutes',
    alert: 'RegcredSyncLag',
    series: { [PENDING]: '0x10 90x30 0x30' },
    at: { '8m': [], '12m': [slow('1m 30s')], '25m': [] },
  },
  {
    title: 'does not begin anew when another replica takes over, to which a change is new',
    alert: 'RegcredSyncLag',
    series: {
      [PENDING]: '90x6 stale',
      [ofOther('regcred_sync_pending_seconds')]: '_x8 0+30x2 90x40',
    },
    at: { '4m': [], '6m': [slow('1m 30s')], '15m': [slow('1m 30s')] },
  },
  {
    title: 'fires when changes arrive late, each of them',
    alert: 'RegcredSyncLag',
    series: { [lag('60')]: '0x60', [lag('120')]: '0+1x60', [lag('+Inf')]: '0+1x60', [COUNT]: '0+1x60' },
    at: { '4m': [], '20m': [slow('1m 59s')] },
  },
  {
    title: 'is silent when one of a thousand changes arrives late',
    alert: 'RegcredSyncLag',
    series: {
      ...{ [lag('1')]: '0+999x60', [lag('60.0')]: '0+999x60', [lag('+Inf')]: '0+1000x60' },
      [COUNT]: '0+1000x60',
    },
    at: { '20m': [] },
  },
  {
    title: 'is silent about the one change of an hour, though it is slow',
    alert: 'RegcredSyncLag',
    series: { ...slowOnes('0x9 1x50', '60.0'), [PENDING]: '0x6 90x2 0x50' },
    at: { '5m': [], '8m': [], '9m30s': [], '12m': [] },
  },
  {
    title: 'is silent about two slow changes, minutes apart',
    alert: 'RegcredSyncLag',
    series: slowOnes('0x9 1x7 2x50', '60.0'),
    at: { '5m': [], '10m30s': [], '13m': [] },
  },
  {
    title: 'is silent about slow changes of one moment, when it is over',
    alert: 'RegcredSyncLag',
    series: slowOnes('0x9 20x50', '60'),
    at: { '5m': [], '8m': [], '9m30s': [], '12m': [] },
  },
  {
    title: 'is silent about one roll-out of two minutes, when it is over',
    alert: 'RegcredSyncLag',
    series: { ...slowOnes('0x9 100 200 300x50', '60'), [PENDING]: '0x6 30 60 90 120 0x50' },
    at: { '6m': [], '8m': [], '10m': [], '11m': [] },
  },
  {
    title: 'is silent about a roll-out of ten minutes that gets on, to thousands of namespaces',
    alert: 'RegcredSyncLag',
    series: {
      ...{ [lag('60')]: '0x6 600+600x1 1200x60', [lag('+Inf')]: ROLLING, [COUNT]: ROLLING },
      [PENDING]: '0x5 30+30x20 0x60',
    },
    at: { '5m': [], '8m': [], '10m': [], '12m': [], '13m': [], '14m30s': [], '16m': [], '18m': [] },
  },
  {
    title: 'fires in a roll-out that hardly gets on, and ends after it',
    alert: 'RegcredSyncLag',
    series: {
      ...{ [lag('60')]: '0x6 60+60x1 120x60', [lag('600')]: CREEPING, [lag('+Inf')]: CREEPING },
      ...{ [COUNT]: CREEPING, [PENDING]: '0x5 30+30x20 0x60' },
    },
    at: { '5m': [], '8m': [], '12m': [slow('9m 54s')], '17m': [] },
  },
  {
    title: 'fires when nothing is scraped any more',
    alert: 'RegcredAbsent',
    series: { [runs(of)]: '1x20 stale _x30 1x20' },
    at: { '9m': [], '12m': [], '17m': [absent], '30m': [] },
  },
  {
    title: 'is silent when one of two replicas is not scraped any more',
    alert: 'RegcredAbsent',
    series: { [runs(of)]: '1x20 stale', [runs(ofOther)]: '1x60' },
    at: { '12m': [], '17m': [], '29m': [] },
  },
];
