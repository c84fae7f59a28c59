// Everything that the operator writes, says or shows, but the content of Secrets. Each test of secrecy
// looks through all of it.

import {
  CREDENTIALS_PATH,
  NAMESPACES_PATH,
  SECRETS_PATH,
  SERVICE_ACCOUNTS_PATH,
} from '../../src/controller/paths.ts';
import { type AnyObject, read } from '../api/admin.ts';
import { kubectl } from '../api/kubectl.ts';
import { operator } from '../api/operator.ts';
import type { OperatorProcess } from '../cluster/operator-process.ts';
import type { Scanner } from './scanner.ts';

/** kubectl's own note of what it applied, not ours. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** By where it stands. */
export async function everythingSaid(running?: OperatorProcess): Promise<Record<string, string>> {
  const [process, objects] = await Promise.all([
    saidByProcess(running ?? (await operator())),
    saidInCluster(),
  ]);
  return { ...process, ...objects };
}

export async function saidByProcess(running: OperatorProcess): Promise<Record<string, string>> {
  const { logs, healthAddress, metricsAddress } = running;
  const text = async (address: string) => (await fetch(`http://${address}`)).text();
  return {
    log: await logs(),
    metrics: await text(`${metricsAddress}/metrics`),
    readyz: await text(`${healthAddress}/readyz`),
    healthz: await text(`${healthAddress}/healthz`),
    'a page that is not there': await text(`${healthAddress}/metrics?password=x`),
  };
}

export async function saidInCluster(): Promise<Record<string, string>> {
  const secrets: AnyObject[] = (await read(SECRETS_PATH)).items;
  for (const secret of secrets) {
    delete secret.data;
    delete secret.metadata.annotations?.[LAST_APPLIED];
    // Keys of data stand there too, as the people of the tests wrote them.
    delete secret.metadata.managedFields;
  }
  const credentials: AnyObject[] = (await read(CREDENTIALS_PATH)).items;
  for (const credential of credentials) delete credential.spec;
  const list = async (path: string) => JSON.stringify((await read(path)).items);
  return {
    secrets: JSON.stringify(secrets),
    'status of RegistryCredentials': JSON.stringify(credentials),
    serviceAccounts: await list(SERVICE_ACCOUNTS_PATH),
    namespaces: await list(NAMESPACES_PATH),
    events: await list('/apis/events.k8s.io/v1/events'),
    leases: await list('/apis/coordination.k8s.io/v1/leases'),
    described: await kubectl(['describe', 'registrycredentials']),
  };
}

/** What every test asks at its end. */
export async function expectSecrecy(scanner: Scanner, running?: OperatorProcess): Promise<void> {
  scanner.expectNothingIn(await everythingSaid(running));
}
