// A credential when the operator ends otherwise than it should: by a mistake of its own, with the credential
// in whatever is thrown, and by a signal while nobody answers.

import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parse } from 'yaml';
import { type OperatorProcess, startOperator } from '../cluster/operator-process.ts';
import { LIMITS, LOGGED, THROWN } from '../secrecy/failure-paths.ts';
import { HostileProxy } from '../secrecy/hostile-proxy.ts';
import { markedPassword } from '../secrecy/marks.ts';
import { expectSecrecy } from '../secrecy/said.ts';
import { Scanner } from '../secrecy/scanner.ts';
import { cluster } from './cluster.ts';
import { eventually } from './eventually.ts';
import { operator, restartOperator, stopOperator } from './operator.ts';
import { docker, Scenario } from './scenario.ts';
import { isServed } from './served.ts';

const PASSWORD = markedPassword();
const LOGIN = { server: 'r.example.com', username: 'marked-user', password: PASSWORD };
const LOGINS = { 'r.example.com': ['marked-user', PASSWORD] } as const;
const PRELOAD = new URL('../secrecy/crash.mjs', import.meta.url);
const CRASHES = [
  'error',
  'nested',
  'aggregate',
  'answer',
  'text',
  'object',
  'getter',
  'rejection',
  'rejection-text',
  'rejection-object',
  'emitter',
];

const tokenOf = async (kubeconfig: string): Promise<string> =>
  parse(await readFile(kubeconfig, 'utf8')).users[0].user.token;

describe('a failure that no test drives from outside', () => {
  const paths: [string, string][] = [
    ...Object.entries(LOGGED).map(([message, driven]) => [`the message "${message}"`, driven] as const),
    ...Object.entries(THROWN).map(([file, { driven }]) => [`the errors of src/${file}`, driven] as const),
  ].flatMap(([path, driven]) => ('skipped' in driven ? [[path, driven.skipped]] : []));
  for (const [path, why] of [...paths, ...Object.entries(LIMITS)])
    it(`shows no credential: ${path}`, function () {
      Object.assign(this.test ?? {}, { skipReason: why });
      this.skip();
    });
});

describe('a credential in the last words of the operator', () => {
  let story: Scenario;
  let namespace: string;
  beforeEach(async () => {
    story = new Scenario('crash');
    namespace = await story.namespace('a');
    await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
    await operator();
    await isServed(namespace, LOGINS);
  });
  afterEach(async () => {
    await restartOperator();
    await story.end();
  });

  /** One that knows the password and its own token, and does nothing else than what the running one did. */
  const crashing = async (crash: string): Promise<[OperatorProcess, token: string]> => {
    const kubeconfig = (await operator()).kubeconfig;
    const token = await tokenOf(kubeconfig);
    const running = await startOperator(cluster(), {
      kubeconfig,
      args: ['--leader-elect', 'false'],
      env: {
        NODE_OPTIONS: `--import ${PRELOAD.href}`,
        CRASH: crash,
        CRASH_PASSWORD: PASSWORD,
        CRASH_TOKEN: token,
      },
    });
    await eventually('it has started', async () => expect(await running.logs()).to.contain('"started"'));
    return [running, token];
  };

  it('is not there, whatever was thrown or rejected, and nothing is dumped', async () => {
    const folders = [fileURLToPath(new URL('../..', import.meta.url)), cluster().folder];
    const files = async () => (await Promise.all(folders.map(folder => readdir(folder)))).flat();
    const before = await files();
    const waiting = [...CRASHES];
    const one = async (): Promise<void> => {
      for (let crash = waiting.shift(); crash !== undefined; crash = waiting.shift()) {
        const [running, token] = await crashing(crash);
        running.kill('SIGUSR2');
        expect((await running.exited()).code, crash).to.equal(1);
        const log = await running.logs();
        const scanner = new Scanner({ 'the password': PASSWORD, 'the token': token.replace(/.*\./, '') });
        scanner.expectNothingIn({ [`the end by ${crash}`]: log });
        expect(log.trim().split('\n').at(-1), crash).to.match(/^\{"level":"error",.*ended by a mistake/);
      }
    };
    await Promise.all([one(), one()]);
    const written = (await files()).filter(
      file => !before.includes(file) && !/^operator-\d+\.log$/.test(file),
    );
    expect(written, 'no report, no heap, no core').to.deep.equal([]);
  });

  it('is not there when it is told to end while its writes hang', async () => {
    await stopOperator();
    const proxy = await HostileProxy.listen(() => undefined);
    try {
      // Without a Lease, which it could not give back.
      const args = ['--leader-elect', 'false'];
      const running = await startOperator(cluster(), { kubeconfig: proxy.kubeconfig, args });
      proxy.hang();
      const names = await Promise.all(['b', 'c'].map(name => story.namespace(name)));
      await eventually('writes hang', async () =>
        expect(proxy.taken.get('PATCH secrets')).to.be.at.least(names.length),
      );
      const scanner = new Scanner({ 'the password': PASSWORD, 'the token': proxy.token.replace(/.*\./, '') });
      await expectSecrecy(scanner, running);
      expect((await running.stop()).code).to.equal(0);
      expect(await running.logs()).to.contain('stopped without an answer to every request');
      scanner.expectNothingIn({ 'the log to its end': await running.logs() });
    } finally {
      proxy.calm();
      await proxy.close();
    }
  });
});
