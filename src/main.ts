// The composition root: the only file that knows process.env, the kubeconfig and
// the wall clock. It builds the parts, starts them, and stops them in order.

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { systemClock } from './clock.ts';
import { type Config, parseConfig } from './config.ts';
import { HttpKubeClient } from './kube/client.ts';
import type { Endpoint } from './kube/endpoint.ts';
import { endpointOfFile, endpointOfPod } from './kube/kube-config.ts';
import { ownBearer } from './kube/own-bearer.ts';
import { createLog, type Log } from './log.ts';
import { toLoggableText } from './log-fields.ts';
import { createMetrics } from './metrics.ts';
import { createRedactor } from './redactor.ts';
import { checkLogin } from './registry/check-login.ts';
import { createReplica } from './replica.ts';
import { serveHealth, serveMetrics } from './server.ts';
import type { Surroundings } from './sources/source.ts';
import { undoAll } from './undo-all.ts';
import { version } from './version.ts';

/** Milliseconds; a request is answered in far less, unless nobody is there to answer. */
const LONGEST_STOP = 2_500;

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

const redactor = createRedactor();
const parsed = parseConfig(process.argv.slice(2), process.env, version);
if (parsed.ok) await (parsed.command === 'undo-all' ? undo(parsed) : run(parsed.config)).catch(fail);
else say(parsed.message, parsed.exitCode);

async function run(config: Config): Promise<void> {
  const log = createLog({ level: config.logLevel, format: config.logFormat, redactor });
  // Asked for before anything else: process 1 of a container hears no signal before, and would be killed in the end.
  const ending = firstSignal();
  // Node would print the error as it is, past the redaction.
  process.once('uncaughtException', error => {
    log.error('ended by a mistake of the operator', { error });
    process.exit(1);
  });
  const metrics = createMetrics(version);
  const surroundings: Surroundings = {
    environment: process.env,
    apiToken: async () => ownBearer(endpointOf(config)),
    nodeIdentity: config.nodeIdentity,
    oauth: config.oauth,
  };
  const replica = createReplica(config, {
    connect: maxConcurrentWrites =>
      new HttpKubeClient({
        endpoint: endpointOf(config),
        version,
        environment: process.env,
        redactor,
        maxConcurrentWrites,
        onRequest: metrics.observeRequest,
      }),
    checkLogin: (login, options) => checkLogin(login, { ...options, environment: process.env }),
    // A container that starts anew in the same pod is another candidate.
    identity: `${hostname()}_${randomUUID()}`,
    ask: (source, registry, context) => source.fetch(registry, { ...context, ...surroundings }),
    clock: systemClock,
    random: Math.random,
    log,
    redactor,
    metrics,
  });
  const servers = await Promise.all([
    config.healthAddress && serveHealth(config.healthAddress, () => replica.unready(), log.error),
    config.metricsAddress && serveMetrics(config.metricsAddress, metrics, log.error),
  ]);
  log.info('starting', { version, namespace: config.namespace, secretNames: config.secretNames });
  replica.start();

  const signal = await ending;
  log.info('stopping', { signal });
  setTimeout(() => giveUp(log), LONGEST_STOP).unref();
  await replica.stop();
  await Promise.all(servers.map(server => server?.close()));
}

/** Ends with 0 when everything is undone. */
async function undo({ config, given }: { config: Config; given: ReadonlySet<string> }): Promise<void> {
  // Process 1 of a container hears no signal that it does not ask for.
  for (const signal of SIGNALS) process.once(signal, () => process.exit(1));
  const client = new HttpKubeClient({
    endpoint: endpointOf(config),
    version,
    environment: process.env,
    redactor,
  });
  const problem = await undoAll({
    client,
    namespace: config.namespace,
    secretNames: given.has('secret-names') ? config.secretNames : undefined,
    timeout: config.undoTimeout * 1000,
    clock: systemClock,
    say: line => process.stdout.write(`${toLoggableText(line, redactor.redact)}\n`),
  });
  await client.close();
  if (problem !== undefined) throw new Error(problem);
}

/** What was sent may or may not have been done; whoever starts next looks anyway. */
function giveUp(log: Log): void {
  log.warn('stopped without an answer to every request');
  process.exit(0);
}

/** Throws KubeConfigError. */
function endpointOf({ kubeconfig }: Config): Endpoint {
  return kubeconfig === undefined ? endpointOfPod(process.env) : endpointOfFile(kubeconfig);
}

/** A second signal finds no handler: it ends the process at once, but for process 1, which has LONGEST_STOP for that. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    for (const signal of SIGNALS) process.once(signal, resolve);
  });
}

/** What cannot be mended by waiting: one line, for whoever started the process. */
function fail(error: unknown): void {
  say(toLoggableText(error instanceof Error ? error.message : String(error), redactor.redact), 1);
}

function say(message: string, exitCode: number): void {
  const stream = exitCode === 0 ? process.stdout : process.stderr;
  // One of the servers may listen already: nothing else would end the process.
  stream.write(`${message.trimEnd()}\n`, () => process.exit(exitCode));
}
