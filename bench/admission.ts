// `npm run bench:admission -- [--rounds N] [--creates N] [--out FILE]`: what the admission policy costs each CREATE
// of a ServiceAccount, by the number of RegistryCredentials. Beside each such request goes one in a namespace that
// the policy leaves out, so that whatever the machine does meanwhile hits both. JSON lines, then a table.

import { appendFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { installAdmission, uninstallAdmission } from '../e2e/cluster/admission-component.ts';
import { install } from '../e2e/cluster/installation.ts';
import { kubectl } from '../e2e/cluster/kubectl.ts';
import { startCluster } from '../e2e/cluster/start-cluster.ts';
import { HttpKubeClient } from '../src/kube/client.ts';
import { endpointOfFile } from '../src/kube/kube-config.ts';
import { accountsIn, Credentials, FIRST_NAME, REFERENCE, SERVED } from './credentials.ts';
import { quantile } from './median.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    creates: { type: 'string', default: '100' },
    out: { type: 'string' },
  },
});

const creates = Number(values.creates);

/** The policy is not installed where there are none. */
const SETTINGS = [
  { name: 'without the policy', credentials: 0, forAll: false },
  ...[1, 10, 50, 200].map(credentials => ({ name: `${credentials}`, credentials, forAll: false })),
  { name: '200, all for this namespace', credentials: 200, forAll: true },
] as const;
type Setting = (typeof SETTINGS)[number];

/** Milliseconds of every request, and processor time of the API server a request. */
interface Times {
  readonly served: number[];
  readonly reference: number[];
  readonly servedCpu: number[];
  readonly referenceCpu: number[];
}
const none = (): Times => ({ served: [], reference: [], servedCpu: [], referenceCpu: [] });

const cluster = await startCluster({ prefer: 'bare' });
const admin = new HttpKubeClient({ endpoint: endpointOfFile(cluster.kubeconfig), version: 'bench' });
const credentials = new Credentials(admin);
try {
  await install(cluster);
  await credentials.makeNamespaces();
  const all = new Map<string, Times>(SETTINGS.map(({ name }) => [name, none()]));
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const index of SETTINGS.keys()) {
      // Each round begins with another one, so that a drift of the machine hits all alike.
      const setting = SETTINGS[(index + round) % SETTINGS.length] as Setting;
      const times = await measure(setting);
      for (const [key, list] of Object.entries(all.get(setting.name) ?? {}))
        list.push(...times[key as keyof Times]);
      await tell({ round, ...setting, ...shown(times), load: loadavg()[0], at: new Date() });
    }
  console.log(table(all));
} finally {
  admin.close();
  await cluster.stop();
}

async function measure({ credentials: count, forAll }: Setting): Promise<Times> {
  const prefix = await credentials.set(count, forAll);
  if (count === 0) await uninstallAdmission(cluster);
  else {
    await installAdmission(cluster, ['regcred', FIRST_NAME]);
    await credentials.awaitSeen(prefix);
  }
  const times = none();
  for (let index = 0; index < creates; index += 1) {
    const pair = [
      async () => times.served.push(await create(SERVED, `${prefix}${index}`)),
      async () => times.reference.push(await create(REFERENCE, `${prefix}${index}`)),
    ];
    for (const turn of index % 2 === 0 ? pair : pair.toReversed()) await turn();
  }
  times.servedCpu.push(await cpuOf(SERVED, `${prefix}cpu-`));
  times.referenceCpu.push(await cpuOf(REFERENCE, `${prefix}cpu-`));
  for (const namespace of [SERVED, REFERENCE])
    await admin.request({ method: 'DELETE', path: accountsIn(namespace) });
  return times;
}

/** Not to be told from what else it does meanwhile, but that is little; and no neighbour on the machine counts. */
async function cpuOf(namespace: string, prefix: string): Promise<number> {
  const before = await cpuSeconds();
  for (let index = 0; index < creates; index += 1) await create(namespace, `${prefix}${index}`);
  return (((await cpuSeconds()) - before) * 1000) / creates;
}

async function cpuSeconds(): Promise<number> {
  const metrics = await kubectl(cluster, ['get', '--raw', '/metrics']);
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(metrics)?.[1]);
}

async function create(namespace: string, name: string): Promise<number> {
  const began = performance.now();
  await admin.request({ method: 'POST', path: accountsIn(namespace), body: { metadata: { name } } });
  return performance.now() - began;
}

function shown({ served, reference, servedCpu, referenceCpu }: Times) {
  return {
    median: quantile(served, 0.5),
    p90: quantile(served, 0.9),
    referenceMedian: quantile(reference, 0.5),
    referenceP90: quantile(reference, 0.9),
    cpu: quantile(servedCpu, 0.5),
    referenceCpu: quantile(referenceCpu, 0.5),
  };
}

async function tell(line: object): Promise<void> {
  const text = JSON.stringify(line);
  console.log(text);
  if (values.out !== undefined) await appendFile(values.out, `${text}\n`);
}

function table(all: ReadonlyMap<string, Times>): string {
  const ms = (value: number): string => value.toFixed(1);
  const rows = [...all].map(([name, times]) => {
    const { median, p90, referenceMedian, referenceP90, cpu, referenceCpu } = shown(times);
    const latencies = `${ms(median)} / ${ms(p90)} | ${ms(referenceMedian)} / ${ms(referenceP90)}`;
    return `| ${name} | ${latencies} | ${ms(cpu)} | ${ms(referenceCpu)} |`;
  });
  return [
    `${values.rounds} rounds of ${creates} creates each; ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`,
    '',
    '| RegistryCredentials | median / p90, ms | left out: median / p90, ms | CPU, ms | left out: CPU, ms |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
