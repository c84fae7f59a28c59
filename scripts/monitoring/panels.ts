// The one table that the dashboard is made of: rows of panels, and what each asks of Prometheus.

import { LEASE } from '../../src/api/names.ts';

export interface Panel {
  readonly title: string;
  readonly description: string;
  readonly type: 'stat' | 'timeseries';
  /** As Grafana calls it. */
  readonly unit: 'short' | 's' | 'bytes' | 'ops' | 'percentunit';
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Series of the chosen operator. */
const of = (metric: string, ...labels: readonly string[]): string =>
  `${metric}{${['job=~"$job"', ...labels].join(',')}}`;
const rate = (metric: string, ...labels: readonly string[]): string =>
  `rate(${of(metric, ...labels)}[$__rate_interval])`;
/** `by` empty: over all. */
const quantile = (of: number, histogram: string, by = ''): string =>
  `histogram_quantile(${of}, sum by (le${by && `, ${by}`}) (${rate(`${histogram}_bucket`)}))`;

const panel = (type: Panel['type'], unit: Panel['unit']) => {
  return (title: string, description: string, ...queries: [expr: string, legend: string][]): Panel => ({
    ...{ title, description, type, unit },
    queries: queries.map(([expr, legend]) => ({ expr, legend })),
  });
};
const stat = panel('stat', 'short');
const counts = panel('timeseries', 'short');
const rates = panel('timeseries', 'ops');
const seconds = panel('timeseries', 's');

export const ROWS: readonly Row[] = [
  {
    title: 'Now',
    panels: [
      stat('Leaders', 'Is to be 1.', [`sum(${of('leader_election_master_status', `name="${LEASE}"`)})`, '']),
      stat('RegistryCredentials', 'Those that the leader knows.', [
        `count(count by (credential) (${of('regcred_namespaces')}))`,
        '',
      ]),
      stat('Namespaces served', 'Pairs of RegistryCredential and namespace.', [
        `sum(${of('regcred_namespaces', 'state="synced"')})`,
        '',
      ]),
      stat('Namespaces that fail', 'Is to be 0; the RegistryCredentials name them.', [
        `sum(${of('regcred_namespaces', 'state="failed"')})`,
        '',
      ]),
      stat('Registries that fail', 'Their sources give no login, or not all of it. Is to be 0.', [
        `sum(${of('regcred_registries', 'state!="serving"')}) or vector(0)`,
        '',
      ]),
      stat('Version', 'Replicas by version.', [
        `count by (version) (${of('regcred_build_info')})`,
        '{{version}}',
      ]),
    ],
  },
  {
    title: 'Logins',
    panels: [
      seconds(
        'Until the first login ends',
        'A token is renewed when half to three quarters of its life are over.',
        [
          `min by (credential) (${of('regcred_credential_expiry_timestamp_seconds')}) - time()`,
          '{{credential}}',
        ],
      ),
      counts(
        'Registries that fail',
        'By how their sources fare: docs/metrics.md says what the states mean.',
        [
          `sum by (credential, state) (${of('regcred_registries', 'state!="serving"')}) > 0`,
          '{{credential}} {{state}}',
        ],
      ),
      rates('Fetches from sources of tokens', 'By source and result.', [
        `sum by (source, result) (${rate('regcred_source_fetch_total')})`,
        '{{source}} {{result}}',
      ]),
      counts('What registries say to the logins', 'When they were last tried.', [
        `sum by (result) (${of('regcred_verification')})`,
        '{{result}}',
      ]),
    ],
  },
  {
    title: 'Namespaces',
    panels: [
      counts('Ready', 'RegistryCredentials by the status of their condition Ready. All are to be True.', [
        `sum by (status) (${of('regcred_ready')})`,
        '{{status}}',
      ]),
      counts('Namespaces that fail', 'By RegistryCredential.', [
        `sum by (credential) (${of('regcred_namespaces', 'state="failed"')})`,
        '{{credential}}',
      ]),
      counts('ServiceAccounts', 'Those that are selected.', [
        `sum by (state) (${of('regcred_service_accounts')})`,
        '{{state}}',
      ]),
      seconds(
        'From an event to the last write',
        'Of changes that asked for a write.',
        [quantile(0.5, 'regcred_sync_lag_seconds'), 'median'],
        [quantile(0.99, 'regcred_sync_lag_seconds'), '99 %'],
      ),
      seconds('The oldest change that waits', 'Of those that have not reached their namespace.', [
        `max(${of('regcred_sync_pending_seconds')})`,
        '',
      ]),
      rates('Put right', 'What somebody else had changed or deleted.', [
        `sum by (resource) (${rate('regcred_drift_corrections_total')})`,
        '{{resource}}',
      ]),
    ],
  },
  {
    title: 'Operator',
    panels: [
      rates('Reconciles', 'By controller and result.', [
        `sum by (controller, result) (${rate('controller_runtime_reconcile_total')})`,
        '{{controller}} {{result}}',
      ]),
      seconds('Time of a reconcile, 99 %', 'By controller.', [
        quantile(0.99, 'controller_runtime_reconcile_time_seconds', 'controller'),
        '{{controller}}',
      ]),
      counts('Keys that wait', 'By queue.', [`sum by (name) (${of('workqueue_depth')})`, '{{name}}']),
      seconds('Wait in a queue, 99 %', 'By queue.', [
        quantile(0.99, 'workqueue_queue_duration_seconds', 'name'),
        '{{name}}',
      ]),
      seconds('The longest key under way', 'By queue.', [
        `max by (name) (${of('workqueue_longest_running_processor_seconds')})`,
        '{{name}}',
      ]),
      rates('Keys tried again', 'By queue.', [
        `sum by (name) (${rate('workqueue_retries_total')})`,
        '{{name}}',
      ]),
      rates('Requests to the API server', 'By method and status code.', [
        `sum by (method, code) (${rate('rest_client_requests_total')})`,
        '{{method}} {{code}}',
      ]),
      seconds('Time of a request, 99 %', 'By method.', [
        quantile(0.99, 'rest_client_request_duration_seconds', 'verb'),
        '{{verb}}',
      ]),
      counts('Watches that are not followed', 'Is to be 0.', [
        `sum by (name) (1 - ${of('reflector_following')})`,
        '{{name}}',
      ]),
      panel('timeseries', 'bytes')('Memory', 'Of each replica.', [
        of('process_resident_memory_bytes'),
        '{{instance}}',
      ]),
      panel('timeseries', 'percentunit')('Processor', 'Of each replica, in parts of a core.', [
        rate('process_cpu_seconds_total'),
        '{{instance}}',
      ]),
    ],
  },
];
