// The alerts, and the file of rules that Prometheus reads: charts/regcred/files/alerts.yaml. What to do about each
// stands in docs/runbooks, and a test does it.

import { LEASE } from '../../src/api/names.ts';

export interface Alert {
  readonly name: string;
  /** Of docs/runbooks, without .md. */
  readonly runbook: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: 'warning' | 'critical';
  readonly summary: string;
  readonly description: string;
}

/** Where docs/runbooks is read. */
export const RUNBOOKS = 'https://regcred.dev/docs/runbooks';

export const ALERTS: readonly Alert[] = [
  {
    name: 'RegcredCredentialExpiresSoon',
    runbook: 'credential-expires-soon',
    // Only of those that cannot be renewed: one that lives five minutes ends soon all the time.
    expr:
      'min by (credential) (regcred_credential_expiry_timestamp_seconds) - time()' +
      ' and on (credential) max by (credential) (regcred_registries{state=~"expiring|expired"}) > 0',
    for: '1m',
    severity: 'critical',
    summary: 'A login of the RegistryCredential {{ $labels.credential }} ends and cannot be renewed.',
    description:
      'Its source fails, and of the life of the last login less than a quarter is left: {{ $value | humanizeDuration }}. After that no new image is pulled with it.',
  },
  {
    name: 'RegcredSourceFailing',
    runbook: 'source-failing',
    expr: 'sum by (credential) (regcred_registries{state!="serving"}) > 0',
    for: '10m',
    severity: 'warning',
    summary: 'Sources of the RegistryCredential {{ $labels.credential }} fail.',
    description:
      '{{ $value }} of its registries give no login, or not all of it. The last good one stays in use where there is one.',
  },
  {
    name: 'RegcredNamespacesFailing',
    runbook: 'namespaces-failing',
    expr: 'sum by (credential) (regcred_namespaces{state="failed"}) > 0',
    for: '10m',
    severity: 'warning',
    summary:
      '{{ $value }} namespaces do not have the login of the RegistryCredential {{ $labels.credential }}.',
    description: 'Pods there cannot pull with it. Its status names the namespaces, and why.',
  },
  {
    name: 'RegcredNoLeader',
    runbook: 'no-leader',
    expr: `sum by (name) (leader_election_master_status{name="${LEASE}"}) < 1`,
    for: '1m',
    severity: 'critical',
    summary: 'No replica of the RegistryCredential operator leads.',
    description:
      'Replicas run, and none gets the Lease {{ $labels.name }}. Nothing is handed out or renewed until one does; what was handed out stays.',
  },
  {
    name: 'RegcredSyncLag',
    runbook: 'sync-lag',
    expr:
      'histogram_quantile(0.99, sum by (le) (rate(regcred_sync_lag_seconds_bucket[10m]))) > 60' +
      ' or max(regcred_sync_pending_seconds) > 60',
    for: '5m',
    severity: 'warning',
    summary: 'Changes take {{ $value | humanizeDuration }} to reach their namespaces.',
    description:
      'New namespaces and new logins wait. The API server, or something that it asks, is slow or fails.',
  },
  {
    name: 'RegcredAbsent',
    runbook: 'absent',
    expr: 'absent(regcred_build_info)',
    for: '5m',
    severity: 'critical',
    summary: 'No replica of the RegistryCredential operator is scraped.',
    description:
      'It does not run, or Prometheus does not reach it. While it does not run nothing is handed out or renewed; what was handed out stays.',
  },
];

/** As Prometheus reads it. */
export const rulesOf = (alerts: readonly Alert[]): object => ({
  groups: [
    {
      name: 'regcred',
      rules: alerts.map(({ name, expr, severity, summary, description, runbook, ...alert }) => ({
        alert: name,
        expr,
        for: alert.for,
        labels: { severity },
        annotations: { summary, description, runbook_url: `${RUNBOOKS}/${runbook}.md` },
      })),
    },
  ],
});
