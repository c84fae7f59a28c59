// The alerts, and the file of rules that Prometheus reads: charts/regcred/files/alerts.yaml. What to do about each
// stands in docs/runbooks, and a test does it.
//
// Another replica that leads tells of RegistryCredentials in series of its own, some seconds after those of the first
// have ended. So what has to last is looked for in five minutes: else each change would begin it anew. And it is the most
// of what replicas say rather than the sum, for one scrape can find both.

import { LEASE } from '../../src/api/names.ts';

export interface Alert {
  readonly name: string;
  /** Of docs/runbooks, without .md. */
  readonly runbook: string;
  readonly expr: string;
  readonly for: string;
  /** How long it goes on when its series are away. */
  readonly keepFiringFor?: string;
  readonly severity: 'warning' | 'critical';
  readonly summary: string;
  readonly description: string;
}

/** Where docs/runbooks is read, unless prometheusRule.runbookUrl of the chart says otherwise. */
export const RUNBOOKS = 'https://regcred.dev/docs/runbooks';

/** Of each RegistryCredential what was told last in five minutes. */
const last = (metric: string, labels: string): string =>
  `max by (credential) (last_over_time(${metric}{${labels}}[5m]))`;

const FAILING_SOURCES = `${last('regcred_registries', 'state!="serving"')} > 0`;
const FAILING_NAMESPACES = `${last('regcred_namespaces', 'state="failed"')} > 0`;
/** Of each RegistryCredential, of those of its logins whose series these are. */
const endsIn = (labels: string): string =>
  `min by (credential) (regcred_credential_expiry_timestamp_seconds${labels}) - time()`;
const LEADS = `leader_election_master_status{name="${LEASE}"}`;
/** Prometheus 3 writes a bound as 60.0. */
const LATE =
  'sum(increase(regcred_sync_lag_seconds_count[2m]))' +
  ' - sum(increase(regcred_sync_lag_seconds_bucket{le=~"60([.]0)?"}[2m]))';

export const ALERTS: readonly Alert[] = [
  {
    name: 'RegcredNotReady',
    runbook: 'not-ready',
    // For whatever no other alert has a name for.
    expr:
      `${last('regcred_ready', 'status="False"')} > 0` +
      ` unless on (credential) ${FAILING_SOURCES}` +
      ` unless on (credential) ${FAILING_NAMESPACES}` +
      // Only where no replica follows it: one that starts has not yet, and one that never does need not be the one that leads.
      ' unless on () min(max by (name) (max_over_time(reflector_following[5m]))) == 0',
    for: '15m',
    severity: 'warning',
    summary: 'The RegistryCredential {{ $labels.credential }} is not Ready.',
    description:
      'Its sources give logins and no namespace refuses them: its spec cannot be obeyed, its undo does not come to an end, or the API server refuses it. Its status says which.',
  },
  {
    name: 'RegcredCredentialExpiresSoon',
    runbook: 'credential-expires-soon',
    // Only of those that cannot be renewed: one that lives five minutes ends soon all the time. Of those that have ended
    // all: nobody renews that of one that is suspended.
    expr: `${endsIn('{state=~"expiring|expired"}')} or ${endsIn('')} < 0`,
    for: '1m',
    keepFiringFor: '5m',
    severity: 'critical',
    summary: 'A login of the RegistryCredential {{ $labels.credential }} ends and is not renewed.',
    description:
      'Its source fails, or it is suspended. Until its end, or since then: {{ $value | humanizeDuration }}. After that no new image is pulled with it.',
  },
  {
    name: 'RegcredSourceFailing',
    runbook: 'source-failing',
    expr: FAILING_SOURCES,
    for: '10m',
    severity: 'warning',
    summary: 'Sources of the RegistryCredential {{ $labels.credential }} fail.',
    description:
      'Registries of it get no login, or not all of it. The last good one stays in use where there is one.',
  },
  {
    name: 'RegcredLoginRejected',
    runbook: 'login-rejected',
    expr: `${last('regcred_verification', 'result=~"rejected|denied"')} > 0`,
    for: '10m',
    severity: 'warning',
    summary: 'A registry does not take a login of the RegistryCredential {{ $labels.credential }}.',
    description:
      'It rejects the login, or does not give the image of spec.verification to it. Where verification only reports, the namespaces have it all the same, and pods cannot pull with it.',
  },
  {
    name: 'RegcredNamespacesFailing',
    runbook: 'namespaces-failing',
    expr: FAILING_NAMESPACES,
    for: '10m',
    severity: 'warning',
    summary:
      '{{ $value }} namespaces do not have the login of the RegistryCredential {{ $labels.credential }}.',
    description: 'Pods there cannot pull with it. Its status names the namespaces, and why.',
  },
  {
    name: 'RegcredWatchFailing',
    runbook: 'watch-failing',
    // Five minutes in which it was not followed once, and five more.
    expr: 'min by (name) (max_over_time(reflector_following[5m])) == 0',
    for: '5m',
    severity: 'critical',
    summary: 'A replica of the RegistryCredential operator cannot watch {{ $labels.name }}.',
    description:
      'The API server refuses it, or does not answer. What changes there is not seen, and a replica that starts does nothing at all.',
  },
  {
    name: 'RegcredNoLeader',
    runbook: 'no-leader',
    // One that is not scraped may be the one that leads, for a quarter of an hour.
    expr:
      `max by (job, namespace, name) (${LEADS}) < 1 unless on (job, namespace) up == 0` +
      ` or max by (job, namespace, name) (max_over_time(${LEADS}[15m])) < 1`,
    // Scraped once a minute, a change of the leader can look like none for a minute: the one that led is scraped just after
    // it, and the one that leads just before.
    for: '2m',
    severity: 'critical',
    summary: 'No replica of the RegistryCredential operator leads.',
    description:
      'Replicas run, and none gets the Lease {{ $labels.name }}, or the one that has it is not scraped. Without a leader nothing is handed out or renewed; what was handed out stays.',
  },
  {
    name: 'RegcredStatusNotWritten',
    runbook: 'status-not-written',
    // One that is refused for good is tried ten times in five minutes. Other operators have queues of that name too.
    expr:
      'sum by (job, namespace) (increase(workqueue_retries_total{name="status"}[5m])) > 4' +
      ' and on (job, namespace) regcred_build_info',
    for: '10m',
    severity: 'warning',
    summary: 'The RegistryCredential operator cannot write status.',
    description:
      'The API server refuses it, or does not answer. What kubectl and the conditions say of RegistryCredentials is out of date; logins are handed out all the same, and metrics are right.',
  },
  {
    name: 'RegcredSyncLag',
    runbook: 'sync-lag',
    // Three at least: where little changes one is the slowest hundredth of all. In two minutes, else those of one roll-out
    // would last for all five. A leader that is new counts from zero for what waits. Not while ten a second arrive: that is
    // a roll-out to thousands, which new namespaces overtake.
    expr:
      '(histogram_quantile(0.99, sum by (le) (rate(regcred_sync_lag_seconds_bucket[2m]))) > 60' +
      ` and ${LATE} > 2.5` +
      ' or max(max_over_time(regcred_sync_pending_seconds[3m])) > 60)' +
      ' unless sum(rate(regcred_sync_lag_seconds_count[2m])) > 10',
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
      rules: alerts.map(
        ({ name, expr, severity, summary, description, runbook, keepFiringFor, ...alert }) => ({
          alert: name,
          expr,
          for: alert.for,
          ...(keepFiringFor !== undefined && { keep_firing_for: keepFiringFor }),
          labels: { severity },
          annotations: { summary, description, runbook_url: `${RUNBOOKS}/${runbook}.md` },
        }),
      ),
    },
  ],
});
