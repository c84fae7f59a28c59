// `npm run bench -- [--namespaces N] [--pairs N] [--parallel N] [--out FILE]`: what a cold start costs, beside
// a bare loop that makes the same writes, in turn on one API server. Prints JSON lines (and keeps them in FILE), then a table.

import { appendFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { install } from '../e2e/cluster/installation.ts';
import { operatorKubeconfig } from '../e2e/cluster/operator-kubeconfig.ts';
import { startCluster } from '../e2e/cluster/start-cluster.ts';
import { bundle } from '../scripts/bundle.ts';
import { CREDENTIALS_PATH, credentialPath, secretsPathIn } from '../src/controller/paths.ts';
import { HttpKubeClient } from '../src/kube/client.ts';
import { endpointOfFile } from '../src/kube/kube-config.ts';
import { countRequests } from './audit.ts';
import { clearFleet, createFleet, FLEET_LABEL } from './fleet.ts';
import { LOGIN } from './login.ts';
import { type Pair, table } from './report.ts';
import { runFloor, runOperator, type Setup } from './runs.ts';

const NAMESPACE = 'regcred-system';
const IDENTITY = `system:serviceaccount:${NAMESPACE}:regcred`;

const { values } = parseArgs({
  options: {
    namespaces: { type: 'string', default: '1000' },
    pairs: { type: 'string', default: '10' },
    parallel: { type: 'string', default: '32' },
    out: { type: 'string' },
  },
});
const size = Number(values.namespaces);

const source = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url));
await bundle({ entry: source('src/main.ts'), outfile: source('dist/operator.js') });
const cluster = await startCluster({ prefer: 'bare', audit: true });
try {
  const setup = await prepare();
  const pairs: Pair[] = [];
  for (let index = 0; index < Number(values.pairs); index += 1) {
    // Who goes first changes, so that a drift of the machine hits both alike.
    const pair = index % 2 === 0 ? await operatorFirst(setup) : await floorFirst(setup);
    pairs.push(pair);
    const line = JSON.stringify({ ...pair, load: loadavg()[0], at: new Date() });
    console.log(line);
    if (values.out !== undefined) await appendFile(values.out, `${line}\n`);
  }
  console.log(table(pairs, { namespaces: size, parallel: setup.parallel }));
} finally {
  await cluster.stop();
}

async function prepare(): Promise<Setup> {
  await install(cluster);
  const admin = new HttpKubeClient({ endpoint: endpointOfFile(cluster.kubeconfig), version: 'bench' });
  const kubeconfig = join(cluster.folder, 'bench.kubeconfig');
  await writeFile(kubeconfig, await operatorKubeconfig(cluster, NAMESPACE, 'regcred'), { mode: 0o600 });
  console.error(`making ${size} namespaces`);
  const names = await createFleet(admin, size);
  // Bundled like the operator: what a start costs is the same for both.
  const floor = join(cluster.folder, 'floor.js');
  await bundle({ entry: source('bench/floor.ts'), outfile: floor });
  const setup = { cluster, admin, names, parallel: Number(values.parallel), floor, kubeconfig };
  await admin.request({
    method: 'POST',
    path: secretsPathIn(NAMESPACE),
    body: {
      metadata: { name: 'bench' },
      type: 'kubernetes.io/basic-auth',
      stringData: { username: LOGIN.username, password: LOGIN.password },
    },
  });
  await createCredential(setup);
  return setup;
}

async function createCredential({ admin }: Setup): Promise<void> {
  const spec = {
    registries: [{ server: LOGIN.server, basic: { secretRef: { name: 'bench' } } }],
    namespaceSelector: { matchLabels: { [FLEET_LABEL]: 'true' } },
  };
  const body = {
    apiVersion: 'regcred.dev/v1alpha1',
    kind: 'RegistryCredential',
    metadata: { name: 'bench' },
    spec,
  };
  await admin.request({ method: 'POST', path: CREDENTIALS_PATH, body });
}

async function operatorFirst(setup: Setup): Promise<Pair> {
  const operator = await measureOperator(setup);
  return { ...operator, floor: await measureFloor(setup) };
}

async function floorFirst(setup: Setup): Promise<Pair> {
  const floor = await measureFloor(setup);
  return { ...(await measureOperator(setup)), floor };
}

async function measureOperator(setup: Setup): Promise<Omit<Pair, 'floor'>> {
  await setup.admin.request({ method: 'GET', path: credentialPath('bench') });
  const from = new Date();
  const { milliseconds, peakMegabytes } = await runOperator(setup);
  const requests = await countRequests(cluster.auditLog ?? '', IDENTITY, from);
  await clearFleet(setup.admin, setup.names);
  return { operator: milliseconds, peakMegabytes, requests };
}

async function measureFloor(setup: Setup): Promise<number> {
  const milliseconds = await runFloor(setup);
  await clearFleet(setup.admin, setup.names);
  return milliseconds;
}
