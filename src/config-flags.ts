// The one table of flags: parsing, the environment and --help are made from it.

import { DEFAULT_SECRET_NAME } from './api/names.ts';

export interface Flag {
  readonly name: string;
  /** The variable that serves when the flag is not given. */
  readonly env: string;
  /** What stands for the value in --help. */
  readonly value: string;
  /** Used when neither flag nor variable is given; undefined means there is none. */
  readonly fallback: string | undefined;
  readonly help: string;
}

export const FLAGS = [
  {
    name: 'kubeconfig',
    env: 'REGCRED_KUBECONFIG',
    value: 'FILE',
    fallback: undefined,
    help: 'Cluster to work on; without it, the cluster whose pod this is',
  },
  {
    name: 'namespace',
    env: 'POD_NAMESPACE',
    value: 'NAME',
    fallback: undefined,
    help: "The operator's own namespace, where the source Secrets are; required",
  },
  {
    name: 'secret-names',
    env: 'REGCRED_SECRET_NAMES',
    value: 'NAME,…',
    fallback: DEFAULT_SECRET_NAME,
    help: 'Names that spec.secretName may have, 1 to 16; RBAC must allow the same',
  },
  {
    name: 'leader-elect',
    env: 'REGCRED_LEADER_ELECT',
    value: 'true|false',
    fallback: 'true',
    help: 'Whether replicas agree by a Lease which one writes; false only where there is one and never two',
  },
  {
    name: 'metrics-address',
    env: 'REGCRED_METRICS_ADDRESS',
    value: '[HOST]:PORT',
    fallback: ':8080',
    help: 'Where /metrics is served; 0 switches it off',
  },
  {
    name: 'health-address',
    env: 'REGCRED_HEALTH_ADDRESS',
    value: '[HOST]:PORT',
    fallback: ':8081',
    help: 'Where /healthz and /readyz are served; 0 switches them off',
  },
  {
    name: 'max-concurrent-writes',
    env: 'REGCRED_MAX_CONCURRENT_WRITES',
    value: 'N',
    fallback: '32',
    help: 'Writes to the API server in flight at once, 1 to 512',
  },
  {
    name: 'oauth-token-endpoints',
    env: 'REGCRED_OAUTH_TOKEN_ENDPOINTS',
    value: 'URL[=AUDIENCE],…',
    fallback: undefined,
    help: 'Where the source oauth may send secrets of clients and, with =AUDIENCE, the token for that audience; none unless given',
  },
  {
    name: 'oauth-audiences',
    env: 'REGCRED_OAUTH_AUDIENCES',
    value: 'AUDIENCE=FILE,…',
    fallback: undefined,
    help: "Where the operator's tokens for the source oauth are mounted; an audience of the API server is refused",
  },
  {
    name: 'node-identity',
    env: 'REGCRED_NODE_IDENTITY',
    value: 'SOURCE,…',
    fallback: undefined,
    help: "Sources that may hand out what the node's identity gets, where the operator has none of its own: gar, acr; none unless given",
  },
  {
    name: 'default-verification',
    env: 'REGCRED_DEFAULT_VERIFICATION',
    value: 'MODE',
    fallback: 'Report',
    help: 'Mode where spec.verification.mode says none: Off, Report or Enforce; Off where no registry can be reached',
  },
  {
    name: 'token-servers',
    env: 'REGCRED_TOKEN_SERVERS',
    value: 'REGISTRY=HOST,…',
    fallback: undefined,
    help: 'Hosts that may be sent the logins of a registry to try them, besides those that are known to be its own',
  },
  {
    name: 'log-level',
    env: 'REGCRED_LOG_LEVEL',
    value: 'LEVEL',
    fallback: 'info',
    help: 'error, warn, info or debug',
  },
  {
    name: 'log-format',
    env: 'REGCRED_LOG_FORMAT',
    value: 'FORMAT',
    fallback: 'json',
    help: 'json or text',
  },
  {
    name: 'undo-timeout',
    env: 'REGCRED_UNDO_TIMEOUT',
    value: 'SECONDS',
    fallback: '240',
    help: 'How long undo-all waits until everything is undone, 10 to 86400',
  },
] as const satisfies readonly Flag[];

export type FlagName = (typeof FLAGS)[number]['name'];

/** What --help prints. */
export function helpText(): string {
  const rows: Array<[string, string]> = FLAGS.map((flag: Flag) => [
    `--${flag.name} ${flag.value}`,
    `${flag.help} [${flag.env}${flag.fallback === undefined ? '' : `, default ${flag.fallback}`}]`,
  ]);
  rows.push(['--help', 'Print this and exit'], ['--version', 'Print the version and exit']);
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
  return [
    'The RegistryCredential operator: hands registry logins out to namespaces and ServiceAccounts.',
    '',
    'Usage: operator [flags]',
    '       operator undo-all [flags]   deletes all RegistryCredentials and waits until they are undone, by an operator',
    '                                   that runs elsewhere; what a chart does before it is uninstalled',
    '',
    ...lines,
    '',
    'In brackets: the environment variable that serves when the flag is not given.',
  ].join('\n');
}
