// Hundreds who ask for /metrics at once, as any pod of the cluster may, of an operator that has much to tell: what they
// take is the event loop that renews the Lease and answers the kubelet.

import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { CREDENTIALS_PATH } from '../../src/controller/paths.ts';
import { MOST_TOLD } from '../../src/metrics/credentials.ts';
import type { OperatorProcess } from '../cluster/operator-process.ts';
import { until } from '../cluster/until.ts';
import { crowd, longestAnswer } from '../overload/crowd.ts';
import { metricsOf, queued } from '../overload/metrics.ts';
import { OwnCluster } from '../overload/own-cluster.ts';
import { skipUnlessBare } from '../overload/skip.ts';

const CROWD = 400;
const MOST_CONNECTIONS = 64;
/** Milliseconds; longer than a Lease lasts, which is 15 s. */
const PRESS = 20_000;
/** Milliseconds, within which a leader has to renew. */
const LONGEST_GAP = 10_000;
/** Milliseconds; the kubelet asks again, and begins anew after a minute without an answer. */
const LONGEST_PROBE = 10_000;

describe('a crowd at /metrics', () => {
  let own: OwnCluster;
  let operator: OperatorProcess;

  before(async function () {
    this.timeout(300_000);
    skipUnlessBare(this);
    own = await OwnCluster.start();
    await own.makeCredential(0, 'nobody-has-it');
    await Promise.all(Array.from({ length: MOST_TOLD - 1 }, (_, index) => alike(index)));
    operator = await own.startOperator();
    // Seldom: a look is a rendering, and a megabyte.
    while ((await queued(operator)) > 0) await sleep(1_000);
  });
  after(async function () {
    this.timeout(60_000);
    await own?.stop();
  });

  /** With the source of the first one. */
  async function alike(index: number): Promise<void> {
    const body = {
      ...{ apiVersion: 'regcred.dev/v1alpha1', kind: 'RegistryCredential', metadata: { name: `x${index}` } },
      spec: {
        registries: [{ server: 'c00.example.com', basic: { secretRef: { name: 'c00' } } }],
        namespaceSelector: { matchLabels: { 'nobody-has-it': 'true' } },
      },
    };
    await own.admin.request({ method: 'POST', path: CREDENTIALS_PATH, body });
  }

  it('that says nothing gives way within seconds', async () => {
    const [host, port] = operator.metricsAddress.split(':');
    const silent = Array.from({ length: MOST_CONNECTIONS }, () => connect(Number(port), host));
    await Promise.all(
      silent.map(socket =>
        once(
          socket.on('error', () => undefined),
          'connect',
        ),
      ),
    );
    // On a connection of its own, which fetch would not make.
    const isAnswered = async () =>
      (await crowd(`http://${operator.metricsAddress}/metrics`, 1, 50)).answered > 0;
    expect(await isAnswered(), 'there is no place').to.equal(false);
    for (const socket of silent) socket.resume();
    await until('all are sent away', () => silent.every(({ closed }) => closed), 20);
    await until('there is a place again', isAnswered, 20);
  });

  it('takes neither the Lease nor the answer to probes away', async function () {
    this.timeout(120_000);
    const mark = await own.mark();
    const began = Date.now();
    let isOver = false;
    const probes = longestAnswer(`http://${operator.healthAddress}/healthz`, () => isOver);
    const { answered, refused } = await crowd(`http://${operator.metricsAddress}/metrics`, CROWD, PRESS);
    isOver = true;
    const [probe, renewals] = [await probes, await own.leaseWrites(mark)];
    const times = [began, ...renewals.map(write => write.answered), Date.now()];
    const gap = Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
    console.log(
      `      ${CROWD} connections for ${PRESS / 1000} s: ${answered} answers, ${refused} turned away; ` +
        `${renewals.length} renewals, ${gap} ms apart at most; probes answered in ${Math.round(probe)} ms at most`,
    );
    expect(answered, 'answers').to.be.greaterThan(0);
    expect(refused, 'turned away').to.be.greaterThan(0);
    expect(gap).to.be.lessThan(LONGEST_GAP);
    expect(probe).to.be.lessThan(LONGEST_PROBE);
    expect(await operator.logs()).not.to.contain('lost the lease');
    expect((await metricsOf(operator)).get('leader_election_master_status{name="regcred"}')).to.equal(1);
  });
});
