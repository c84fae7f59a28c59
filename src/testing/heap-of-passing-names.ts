// Prints how large the heap is after each of some rounds in which names come and go (bytes, as JSON).
// A program of its own, run with --expose-gc: nothing but the operator and a clock is in it.

import { Controller } from '../controller/controller.ts';
import { EventRecorder } from '../kube/event-recorder.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { createRedactor } from '../redactor.ts';
import { OPERATOR_NAMESPACE } from './builders.ts';
import { FakeClock } from './fake-clock.ts';
import { PassingNames } from './passing-names.ts';

const ROUNDS = 20;
const NAMESPACES = 600;
/** Few at a time: what all of them give together is remembered for a while. */
const CREDENTIALS = 10;
const BATCHES = 30;
/** As long as the name of a namespace may be, so that whoever keeps names shows it. */
const LONG = 'x'.repeat(35);

const cluster = new PassingNames();
const clock = new FakeClock();
const redactor = createRedactor();
const log = createLog({ level: 'info', format: 'json', redactor, write: failOnError });
const common = { client: cluster, clock, random: () => 0.5, log };
const { redact } = redactor;
const controller = new Controller({
  ...common,
  operatorNamespace: OPERATOR_NAMESPACE,
  secretNames: ['regcred'],
  checkLogin: async () => ({ outcome: 'verified', reason: 'LoginAccepted', message: 'fine' }),
  tokenServers: new Map(),
  defaultVerification: 'Report',
  workers: 32,
  redactor,
  ask: () => Promise.reject(new Error('no source of tokens here')),
  metrics: createMetrics('0.0.0'),
  recorder: new EventRecorder({
    ...common,
    redact,
    regarding: { apiVersion: 'regcred.dev/v1alpha1', kind: 'RegistryCredential' },
    reportingController: 'regcred',
    reportingInstance: 'regcred-0',
  }),
});
controller.start();
controller.lead();
await clock.advance(0);
cluster.source();
cluster.credential('ADDED', 'standing');
// Of the kind that takes what it is given.
cluster.namespace('ADDED', 'standing-0');
const heaps: number[] = [];
for (let round = 1; round <= ROUNDS; round += 1) {
  const namespaces = namesOf('passing', NAMESPACES, round);
  for (const name of namespaces) cluster.namespace('ADDED', name);
  await clock.advance(2_000);
  for (const name of namespaces) cluster.namespace('DELETED', name);
  for (let few = 1; few <= BATCHES; few += 1) {
    const credentials = namesOf('credential', CREDENTIALS, round * BATCHES + few);
    for (const name of credentials) cluster.credential('ADDED', name);
    await clock.advance(200);
    for (const name of credentials) cluster.credential('DELETED', name);
    await clock.advance(200);
  }
  // Past the longest back-off.
  await clock.advance(40_000);
  globalThis.gc?.();
  heaps.push(process.memoryUsage().heapUsed);
}
console.log(JSON.stringify(heaps));
process.exit(0);

/** Names that are as long in the last round as in the first. */
function namesOf(kind: string, count: number, round: number): string[] {
  return Array.from({ length: count }, (_, n) => `${kind}-${100_000 + round * count + n}-${LONG}`);
}

/** What it logs as an error is a mistake, of the operator or of this cluster; nothing would be learnt then. */
function failOnError(line: string): void {
  if (!line.startsWith('{"level":"error"')) return;
  console.error(line);
  process.exit(1);
}
