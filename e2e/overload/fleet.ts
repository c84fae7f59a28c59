// The namespaces of a measurement, each with its one default ServiceAccount, and the
// way back to what they were before a run.

import { PULL_SECRETS_ANNOTATION } from '../../src/api/names.ts';
import {
  NAMESPACES_PATH,
  SERVICE_ACCOUNTS_PATH,
  secretPath,
  serviceAccountPath,
} from '../../src/controller/paths.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import type { KubeClient, KubeObject } from '../../src/kube/kube-client.ts';
import { Limiter } from '../../src/kube/limiter.ts';
import { until } from '../cluster/until.ts';

export const FLEET_LABEL = 'bench.regcred.dev/fleet';

/** Requests of the bench itself that are under way at a time. */
const PARALLEL = 32;

export async function createFleet(admin: KubeClient, size: number): Promise<string[]> {
  const names = Array.from({ length: size }, (_, index) => `fleet-${String(index).padStart(5, '0')}`);
  await each(names, async name => {
    const body = { metadata: { name, labels: { [FLEET_LABEL]: 'true' } } };
    await admin.request({ method: 'POST', path: NAMESPACES_PATH, body });
  });
  await until(
    'every namespace has its default ServiceAccount',
    async () => (await accounts(admin)) >= size,
    300,
  );
  return names;
}

async function accounts(admin: KubeClient): Promise<number> {
  const { body } = await admin.request<{ items: KubeObject[] }>({
    method: 'GET',
    path: SERVICE_ACCOUNTS_PATH,
  });
  return body.items.filter(({ metadata }) => metadata.namespace?.startsWith('fleet-')).length;
}

/** Takes the Secrets and the references away, as if nobody had been there. */
export async function clearFleet(admin: KubeClient, names: readonly string[]): Promise<void> {
  const body = { imagePullSecrets: null, metadata: { annotations: { [PULL_SECRETS_ANNOTATION]: null } } };
  const contentType = 'application/merge-patch+json';
  await each(names, async name => {
    await admin.request({ method: 'DELETE', path: secretPath(name, 'regcred') }).catch(unlessGone);
    await admin.request({ method: 'PATCH', path: serviceAccountPath(name, 'default'), body, contentType });
  });
}

function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

/** All of them, PARALLEL at a time. */
async function each(names: readonly string[], work: (name: string) => Promise<void>): Promise<void> {
  const limiter = new Limiter(PARALLEL);
  await Promise.all(names.map(name => limiter.run(() => work(name))));
}
