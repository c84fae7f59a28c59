// What is told of each RegistryCredential. All of it is asked for at each scrape, so nothing stays of one that is gone.

import { Gauge, type Registry } from 'prom-client';

const READY_STATUSES = ['True', 'False', 'Unknown'] as const;
type ReadyStatus = (typeof READY_STATUSES)[number];
/** How a source fares: docs/metrics.md. */
const REGISTRY_STATES = ['serving', 'partial', 'kept', 'expiring', 'expired', 'unknown', 'failed'] as const;
type RegistryState = (typeof REGISTRY_STATES)[number];
/** What a registry says to a login. */
const RESULTS = ['verified', 'rejected', 'denied', 'inconclusive'] as const;

/** Of one item of `spec.registries`. */
export interface RegistryNumbers {
  readonly state: RegistryState;
  /** When its login ends, in seconds since the epoch; undefined when it does not. */
  readonly expiresAt: number | undefined;
}

/** How one RegistryCredential stands. */
export interface CredentialNumbers {
  readonly name: string;
  /** The status of its condition Ready. */
  readonly ready: ReadyStatus;
  readonly namespaces: { readonly synced: number; readonly failed: number };
  readonly serviceAccounts: { readonly attached: number; readonly missing: number };
  readonly registries: readonly RegistryNumbers[];
}

export type Outcome = readonly [credential: string, result: (typeof RESULTS)[number]];

/** So many have series of their own, the first by name; all others are told together. */
export const MOST_TOLD = 1_000;
/** No name of an object: it has a character that none may have. */
export const OTHERS = '_others';

export interface CredentialMetrics {
  /** What is asked for; a later one takes the place of an earlier. */
  registerCredentials(look: () => Iterable<CredentialNumbers>): void;
  registerVerification(outcomes: () => Iterable<Outcome>): void;
  /** To be called before each scrape. */
  collect(): void;
}

export function credentialMetrics(register: Registry): CredentialMetrics {
  let look: () => Iterable<CredentialNumbers> = () => [];
  let outcomes: () => Iterable<Outcome> = () => [];
  const gauges = gaugesOf(register);
  return {
    registerCredentials: next => {
      look = next;
    },
    registerVerification: next => {
      outcomes = next;
    },
    collect: () => {
      for (const gauge of Object.values(gauges)) gauge.reset();
      const all = [...look()];
      const said = [...outcomes()];
      const told = toldOf([...all.map(({ name }) => name), ...said.map(([name]) => name)]);
      const ends: End[] = [];
      for (const numbers of all) count(told(numbers.name), numbers, gauges, ends);
      // The first to end is told last, and stays.
      for (const { at, ...labels } of ends.sort((a, b) => b.at - a.at)) gauges.expiry.set(labels, at);
      for (const [name, result] of said) gauges.verification.inc({ credential: told(name), result });
    },
  };
}

interface End {
  readonly credential: string;
  readonly state: RegistryState;
  readonly at: number;
}

function gaugesOf(register: Registry) {
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]): Gauge<L | 'credential'> =>
    new Gauge({ name, help, labelNames: ['credential', ...labelNames], registers: [register] });
  return {
    ready: gauge(
      'regcred_ready',
      'The condition Ready of a RegistryCredential: 1 for the status that it has, 0 for the others.',
      'status',
    ),
    namespaces: gauge(
      'regcred_namespaces',
      'Namespaces that a RegistryCredential selects: synced have its login, failed do not.',
      'state',
    ),
    serviceAccounts: gauge(
      'regcred_service_accounts',
      'ServiceAccounts that a RegistryCredential selects: attached have the reference, missing do not.',
      'state',
    ),
    registries: gauge(
      'regcred_registries',
      'Registries of a RegistryCredential by how their sources fare; all are to be serving.',
      'state',
    ),
    expiry: gauge(
      'regcred_credential_expiry_timestamp_seconds',
      'When the first login of a RegistryCredential ends, in seconds since the epoch, by how their sources fare.',
      'state',
    ),
    verification: gauge(
      'regcred_verification',
      'Logins by what their registries said when they were last tried, of each RegistryCredential.',
      'result',
    ),
  };
}

function count(
  credential: string,
  { ready, namespaces, serviceAccounts, registries }: CredentialNumbers,
  gauges: ReturnType<typeof gaugesOf>,
  ends: End[],
): void {
  for (const status of READY_STATUSES) gauges.ready.inc({ credential, status }, status === ready ? 1 : 0);
  gauges.namespaces.inc({ credential, state: 'synced' }, namespaces.synced);
  gauges.namespaces.inc({ credential, state: 'failed' }, namespaces.failed);
  gauges.serviceAccounts.inc({ credential, state: 'attached' }, serviceAccounts.attached);
  gauges.serviceAccounts.inc({ credential, state: 'missing' }, serviceAccounts.missing);
  // What is over is told as 0: a series that ends is found for minutes by alerts that look back.
  for (const state of REGISTRY_STATES) gauges.registries.inc({ credential, state }, 0);
  for (const { state, expiresAt } of registries) {
    gauges.registries.inc({ credential, state });
    if (expiresAt !== undefined) ends.push({ credential, state, at: expiresAt });
  }
  for (const result of RESULTS) gauges.verification.inc({ credential, result }, 0);
}

/** Under which name each is told. */
function toldOf(names: readonly string[]): (name: string) => string {
  const all = new Set(names);
  if (all.size <= MOST_TOLD) return name => name;
  const own = new Set([...all].sort().slice(0, MOST_TOLD));
  return name => (own.has(name) ? name : OTHERS);
}
