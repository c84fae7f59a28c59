// How the operator starts and ends: what a person can mend is one line and an exit code,
// what mends itself is waited for, and an end leaves nothing half done.

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { freePorts } from '../cluster/free-ports.ts';
import type { OperatorProcess } from '../cluster/operator-process.ts';
import { cluster } from './cluster.ts';
import { Door, kubeconfigThrough } from './door.ts';
import { eventually } from './eventually.ts';
import { operator, restartOperator } from './operator.ts';
import { docker, Scenario } from './scenario.ts';
import { isServed } from './served.ts';

const BUNDLE = fileURLToPath(new URL('../../dist/operator.js', import.meta.url));
const LOGINS = { 'r.example.com': ['u', 'p'] } as const;
const LOGIN = { server: 'r.example.com', username: 'u', password: 'p' };

/** Milliseconds from SIGTERM to the end. */
const PROMISED = 3_000;
/**
 * The same where everybody waits for a processor until the signal arrives, and the end is seen. The promise itself is held
 * against the operator's own clock, for it waits for 2.5 s of that, and with twice as much it would not be within this either.
 */
const ON_A_BUSY_MACHINE = 4_900;
const GIVES_UP = 'stopped without an answer to every request';

interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** For a start that must fail before it listens anywhere. */
const runs = (...args: string[]): Promise<Ended> =>
  new Promise(resolve => {
    const options = { env: { PATH: process.env.PATH }, timeout: 10_000 };
    execFile(process.execPath, [BUNDLE, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });

const readyz = async ({ healthAddress }: OperatorProcess): Promise<[number, string]> => {
  const answer = await fetch(`http://${healthAddress}/readyz`);
  return [answer.status, await answer.text()];
};

/** Milliseconds since the epoch, by its own clock. */
async function saidAt(running: OperatorProcess, message: string): Promise<number> {
  const line = (await running.logs()).split('\n').find(one => one.includes(`"message":"${message}"`));
  expect(line, `it has not said: ${message}`).not.to.equal(undefined);
  return Date.parse(JSON.parse(line ?? '').time);
}

/** Goes with the cluster. */
async function file(name: string, text: string): Promise<string> {
  const path = join(cluster().folder, name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

describe('the start and the end of the operator', () => {
  let story: Scenario;
  beforeEach(() => {
    story = new Scenario('start');
  });
  afterEach(async () => {
    // The operator of all tests, to undo what was made here and for those to come.
    await restartOperator();
    await story.end();
  });

  it('exits with 1 and one line when its kubeconfig cannot be used', async () => {
    const kubeconfig = await readFile(cluster().kubeconfig, 'utf8');
    const cases: [path: string, why: RegExp][] = [
      [join(cluster().folder, 'there-is-none'), /could not read the kubeconfig .*there-is-none: ENOENT/],
      [cluster().folder, /could not read the kubeconfig .*EISDIR/],
      [await file('garbage', 'a: [b: {c'), /garbage cannot be used: it is not YAML/],
      [await file('prose', 'this is no kubeconfig'), /prose cannot be used/],
      [await file('empty', ''), /empty cannot be used/],
      [
        await file('no-context', kubeconfig.replace(/current-context: .*/, '')),
        /no-context cannot be used: it has no current-context; set one with kubectl config use-context/,
      ],
      [
        await file('wrong-context', kubeconfig.replace(/current-context: .*/, 'current-context: other')),
        /it has no context "other"/,
      ],
    ];
    for (const [path, why] of cases) {
      const ended = await runs('--namespace', 'regcred-system', '--kubeconfig', path);
      expect(ended.stderr, path).to.match(why);
      expect(ended.stderr, path).to.match(/^[^\n]+\n$/);
      expect([ended.code, ended.stdout], path).to.deep.equal([1, '']);
    }
  });

  it('exits with 2 and one line when it is started with what it cannot obey', async () => {
    const cases: [args: string[], why: RegExp][] = [
      [['--lead'], /unknown flag --lead; --help lists the flags there are/],
      [['--log-level', 'loud', '--namespace', 'a'], /write one of error, warn, info, debug/],
      [['word'], /unexpected argument/],
      [[], /give --namespace NAME or set POD_NAMESPACE/],
    ];
    for (const [args, why] of cases) {
      const ended = await runs(...args);
      expect(ended.stderr).to.match(why);
      expect(ended.stderr).to.match(/^[^\n]+\n$/);
      expect([ended.code, ended.stdout], ended.stderr).to.deep.equal([2, '']);
    }
  });

  it('exits with 1 and one line when its port is taken, and outside a pod without a kubeconfig', async () => {
    const { healthAddress, kubeconfig } = await operator();
    const common = ['--namespace', 'regcred-system', '--metrics-address', '0'];
    const taken = await runs(...common, '--health-address', healthAddress, '--kubeconfig', kubeconfig);
    expect(taken.stderr).to.match(/^could not listen on .* for health: [^\n]+\n$/);
    expect(taken.code).to.equal(1);
    const nowhere = await runs(...common, '--health-address', '0');
    expect(nowhere.stderr).to.match(/^not in a pod [^\n]+ --kubeconfig FILE\n$/);
    expect(nowhere.code).to.equal(1);
  });

  it('waits for an API server that is away, says why it is not ready, and then works', async () => {
    const namespace = await story.namespace('a');
    await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
    const [port = 0] = await freePorts(1);
    const door = new Door();
    const kubeconfig = await kubeconfigThrough(port);
    const waiting = await restartOperator(undefined, { kubeconfig, waitReady: false });
    await eventually('it says what it waits for', async () => {
      const [status, why] = await readyz(waiting);
      expect(status).to.equal(503);
      for (const kind of ['registrycredentials', 'source secrets', 'namespaces', 'serviceaccounts'])
        expect(why).to.match(new RegExp(`^not ready: ${kind}: could not .* ECONNREFUSED`, 'm'));
      expect(why).to.match(/^not ready: lease regcred-system\/regcred: could not .* ECONNREFUSED/m);
      expect(await waiting.logs()).to.match(/"level":"warn".*ECONNREFUSED/);
    });
    expect(waiting.exit()).to.equal(undefined);
    await door.open(port);
    try {
      await eventually('it is ready', async () => expect((await readyz(waiting))[0]).to.equal(200), 40_000);
      await isServed(namespace, LOGINS);
      expect((await waiting.stop()).code).to.equal(0);
    } finally {
      door.close();
    }
  });

  it('waits for a token that is refused to be taken, and then works', async () => {
    const namespace = await story.namespace('a');
    await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
    const good = await readFile((await operator()).kubeconfig, 'utf8');
    const kubeconfig = await file('refused', good.replace(/token: .*/, 'token: nobody-gave-this-out'));
    const waiting = await restartOperator(undefined, { kubeconfig, waitReady: false });
    await eventually('it says that it is refused', async () => {
      expect(await waiting.logs()).to.match(/"level":"warn".*Unauthorized/);
      expect((await readyz(waiting))[0]).to.equal(503);
    });
    expect(waiting.exit()).to.equal(undefined);
    await writeFile(kubeconfig, good);
    await eventually('it is ready', async () => expect((await readyz(waiting))[0]).to.equal(200), 40_000);
    await isServed(namespace, LOGINS);
  });

  async function ends(running: OperatorProcess): Promise<void> {
    const began = performance.now();
    expect(await running.stop()).to.deep.include({ code: 0, signal: null });
    expect(performance.now() - began).to.be.lessThan(ON_A_BUSY_MACHINE);
  }

  it('exits with 0 within 3 seconds of SIGTERM in the middle of its work, and the next one finishes it', async () => {
    const namespaces = await Promise.all(
      Array.from({ length: 40 }, (_, index) => story.namespace(`n${index}`)),
    );
    const running = await operator();
    await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
    await eventually('it has begun', async () =>
      expect(await running.logs()).to.contain(`"${namespaces[0]}"`),
    );
    await ends(running);
    expect(await running.logs()).to.not.contain('"level":"error"');
    // So it was over within 2.5 s of the signal, by its own clock.
    expect(await running.logs(), 'what is under way comes to its end').to.not.contain(GIVES_UP);
    await restartOperator();
    for (const namespace of namespaces) await isServed(namespace, LOGINS);
  });

  it('exits with 0 within 3 seconds of SIGTERM when the API server does not answer any more', async () => {
    const namespaces = await Promise.all(
      Array.from({ length: 40 }, (_, index) => story.namespace(`n${index}`)),
    );
    const [port = 0] = await freePorts(1);
    const door = new Door();
    const kubeconfig = await kubeconfigThrough(port);
    await door.open(port);
    try {
      const running = await restartOperator(undefined, { kubeconfig });
      await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
      await eventually('it has begun', async () =>
        expect(await running.logs()).to.contain(`"${namespaces[0]}"`),
      );
      door.block();
      await ends(running);
      expect((await saidAt(running, GIVES_UP)) - (await saidAt(running, 'stopping'))).to.be.lessThan(
        PROMISED,
      );
    } finally {
      door.close();
    }
    await restartOperator();
    for (const namespace of namespaces) await isServed(namespace, LOGINS);
  });

  it('counts requests, queues and reconciles under the names that dashboards know', async () => {
    const namespace = await story.namespace('a');
    const { metricsAddress } = await operator();
    await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
    await isServed(namespace, LOGINS);
    const metrics = await (await fetch(`http://${metricsAddress}/metrics`)).text();
    for (const line of [
      /^rest_client_requests_total\{code="201",method="PATCH",host="[^"]+"\} \d+$/m,
      /^rest_client_requests_total\{code="200",method="GET",host="[^"]+"\} \d+$/m,
      /^workqueue_depth\{name="namespace"\} \d+$/m,
      /^workqueue_adds_total\{name="registrycredential"\} [1-9]/m,
      /^workqueue_retries_total\{name="status"\} \d+$/m,
      /^controller_runtime_reconcile_total\{controller="namespace",result="success"\} [1-9]/m,
      /^controller_runtime_reconcile_errors_total\{controller="namespace"\} 0$/m,
      /^controller_runtime_reconcile_time_seconds_bucket\{.*controller="namespace".*\} \d+$/m,
      /^leader_election_master_status\{name="regcred"\} 1$/m,
      /^process_resident_memory_bytes \d+/m,
    ])
      expect(metrics).to.match(line);
    expect(metrics, 'no namespace is a label').to.not.contain(namespace);
  });
});
