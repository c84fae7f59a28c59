// The control plane that all other tests stand on: that it is a whole one, and that nothing of it is left.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { expect } from 'chai';
import type { Cluster } from './cluster.ts';
import { kubectl } from './kubectl.ts';
import { kubernetesOf } from './kubernetes-version.ts';
import { cachedPrograms } from './programs.ts';
import { startCluster } from './start-cluster.ts';
import { until } from './until.ts';

const OWNER = `
import { startCluster } from ${JSON.stringify(new URL('./start-cluster.ts', import.meta.url).href)};
const { folder, server } = await startCluster();
console.log(JSON.stringify({ folder, server }));
`;

async function isListening(server: string): Promise<boolean> {
  const { hostname, port } = new URL(server);
  const socket = createConnection({ host: hostname, port: Number(port) });
  const [event] = await Promise.race([
    once(socket, 'connect').then(() => ['connect']),
    once(socket, 'error').then(() => ['error']),
  ]).catch(() => ['error']);
  socket.destroy();
  return event === 'connect';
}

describe('a bare control plane', () => {
  let cluster: Cluster | undefined;

  before(async function () {
    this.timeout(120_000);
    const elsewhere = process.env.E2E_KUBECONFIG || process.env.E2E_CLUSTER === 'kind';
    if (!elsewhere && (await cachedPrograms()) !== undefined) return;
    const skipReason = 'it is about the control plane that is built here, and another cluster is used';
    Object.assign(this.test?.parent ?? {}, { skipReason });
    this.skip();
  });
  afterEach(async () => {
    await cluster?.stop();
    cluster = undefined;
  });

  it('is of the version that was asked for', async () => {
    cluster = await startCluster();
    const { gitVersion } = JSON.parse(await kubectl(cluster, ['get', '--raw', '/version']));
    expect(gitVersion).to.equal(kubernetesOf().version);
  });

  it('brings namespaces to life and lets them go', async () => {
    cluster = await startCluster();
    await kubectl(cluster, ['create', 'namespace', 'a']);
    await kubectl(cluster, ['-n', 'a', 'wait', '--for=create', 'serviceaccount/default', '--timeout=20s']);
    await kubectl(cluster, [
      '-n',
      'a',
      'wait',
      '--for=create',
      'configmap/kube-root-ca.crt',
      '--timeout=20s',
    ]);
    await kubectl(cluster, ['delete', 'namespace', 'a', '--timeout=30s']);
  });

  it('writes down each request when it is asked to', async () => {
    cluster = await startCluster({ audit: true });
    await kubectl(cluster, ['create', 'secret', 'generic', 'x', '--from-literal=a=hunter2']);
    const lines = (await readFile(cluster.auditLog ?? '', 'utf8')).trim().split('\n');
    const mine = lines.map(line => JSON.parse(line)).filter(({ objectRef }) => objectRef?.name === 'x');
    expect(mine.map(({ verb, user, responseStatus }) => [verb, user.username, responseStatus.code])).to.eql([
      ['create', 'admin', 201],
    ]);
    expect(lines.join()).not.to.contain('hunter2');
  });

  it('passes further flags on, and says what kube-apiserver said of a bad one', async () => {
    const error = await startCluster({ apiServerFlags: ['--no-such-flag'] }).catch((cause: Error) => cause);
    expect(String(error)).to.match(/kube-apiserver ended \(exit code 1\).*unknown flag: --no-such-flag/s);
  });

  it('leaves nothing behind when its owner is killed', async () => {
    const owner = spawn(
      process.execPath,
      ['--input-type=module-typescript', '-e', `${OWNER}setInterval(() => {}, 1e3);`],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [line] = await once(owner.stdout, 'data');
    const { folder, server } = JSON.parse(String(line));
    expect(await isListening(server)).to.equal(true);
    owner.kill('SIGKILL');
    await until(
      'folder and API server are gone',
      async () => !existsSync(folder) && !(await isListening(server)),
      10,
    );
  });
});
