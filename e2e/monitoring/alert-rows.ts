// When each alert fires, when it does not, and what it says then: rows for promtool, one sample every 30 seconds.

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

const POD = 'namespace="regcred-system",pod="regcred-0"';
const of = (metric: string, labels: string): string => `${metric}{${labels},${POD}}`;
const TEAM = 'credential="team"';
const EXPIRY = of('regcred_credential_expiry_timestamp_seconds', TEAM);
const lag = (le: string): string => of('regcred_sync_lag_seconds_bucket', `le="${le}"`);
const NOTHING_ENDS = { [EXPIRY]: '300x60' };

const expiring: Firing = {
  labels: { credential: 'team' },
  summary: 'A login of the RegistryCredential team ends and cannot be renewed.',
  description:
    'Its source fails, and of the life of the last login less than a quarter is left: 10m 0s. After that no new image is pulled with it.',
};
const failing: Firing = {
  labels: { credential: 'team' },
  summary: 'Sources of the RegistryCredential team fail.',
  description:
    '2 of its registries give no login, or not all of it. The last good one stays in use where there is one.',
};
const namespaces: Firing = {
  labels: { credential: 'team' },
  summary: '3 namespaces do not have the login of the RegistryCredential team.',
  description: 'Pods there cannot pull with it. Its status names the namespaces, and why.',
};
const leaderless: Firing = {
  labels: { name: 'regcred' },
  summary: 'No replica of the RegistryCredential operator leads.',
  description:
    'Replicas run, and none gets the Lease regcred. Nothing is handed out or renewed until one does; what was handed out stays.',
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

export const ALERT_ROWS: readonly AlertRow[] = [
  {
    title: 'fires when a login that cannot be renewed is in its last quarter, and ends with a new one',
    alert: 'RegcredCredentialExpiresSoon',
    series: {
      [EXPIRY]: '1200x30 8000x30',
      [of('regcred_registries', `${TEAM},state="expiring"`)]: '_x10 1x20 stale',
      [of('regcred_registries', `${TEAM},state="serving"`)]: '_x30 1x30',
    },
    at: { '5m': [], '10m': [expiring], '20m': [] },
  },
  {
    title: 'is silent for a login that ends soon and is renewed in time',
    alert: 'RegcredCredentialExpiresSoon',
    series: { ...NOTHING_ENDS, [of('regcred_registries', `${TEAM},state="serving"`)]: '1x60' },
    at: { '4m': [], '20m': [] },
  },
  {
    title: 'fires after ten minutes of a failing source, adds its registries up, and ends with the failure',
    alert: 'RegcredSourceFailing',
    series: {
      [of('regcred_registries', `${TEAM},state="serving"`)]: '3x100',
      [of('regcred_registries', `${TEAM},state="kept"`)]: '_x10 1x40 stale',
      [of('regcred_registries', `${TEAM},state="failed"`)]: '_x10 1x40 stale',
      [of('regcred_registries', 'credential="well",state="serving"')]: '1x100',
    },
    at: { '12m': [], '17m': [failing], '40m': [] },
  },
  {
    title: 'fires after ten minutes of failing namespaces, and not for those of another RegistryCredential',
    alert: 'RegcredNamespacesFailing',
    series: {
      [of('regcred_namespaces', `${TEAM},state="failed"`)]: '0x10 3x40 0x40',
      [of('regcred_namespaces', `${TEAM},state="synced"`)]: '9x100',
      [of('regcred_namespaces', 'credential="well",state="failed"')]: '0x100',
    },
    at: { '12m': [], '17m': [namespaces], '40m': [] },
  },
  {
    title: 'fires when two replicas run and none leads',
    alert: 'RegcredNoLeader',
    series: {
      [of('leader_election_master_status', 'name="regcred"')]: '1x10 0x20 0x20',
      'leader_election_master_status{name="regcred",pod="regcred-1"}': '0x10 0x20 1x20',
      'leader_election_master_status{name="of-somebody-else",pod="x"}': '0x50',
    },
    at: { '5m': [], '10m': [leaderless], '20m': [] },
  },
  {
    title: 'is silent when one replica takes over from another within a minute',
    alert: 'RegcredNoLeader',
    series: {
      [of('leader_election_master_status', 'name="regcred"')]: '1x10 0x40',
      'leader_election_master_status{name="regcred",pod="regcred-1"}': '0x11 1x39',
    },
    at: { '5m30s': [], '6m': [], '10m': [] },
  },
  {
    title: 'fires when a change waits for minutes',
    alert: 'RegcredSyncLag',
    series: { [of('regcred_sync_pending_seconds', 'job="x"')]: '0x10 90x30 0x30' },
    at: { '8m': [], '12m': [slow('1m 30s')], '25m': [] },
  },
  {
    title: 'fires when changes arrive late, each of them',
    alert: 'RegcredSyncLag',
    series: { [lag('60')]: '0x60', [lag('120')]: '0+1x60', [lag('+Inf')]: '0+1x60' },
    at: { '4m': [], '20m': [slow('1m 59s')] },
  },
  {
    title: 'is silent when one of a thousand changes arrives late',
    alert: 'RegcredSyncLag',
    series: { [lag('1')]: '0+999x60', [lag('60')]: '0+999x60', [lag('+Inf')]: '0+1000x60' },
    at: { '20m': [] },
  },
  {
    title: 'fires when nothing is scraped any more',
    alert: 'RegcredAbsent',
    series: { [of('regcred_build_info', 'version="1"')]: '1x20 stale _x30 1x20' },
    at: { '9m': [], '12m': [], '17m': [absent], '30m': [] },
  },
];
