// Ten minutes of churn in a cluster of 2,000 namespaces over a wire that is cut, stranded and silenced again
// and again. Then the whole cluster is compared with what it is to be.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { NAMESPACES_PATH } from '../../../src/controller/paths.ts';
import { Dice } from '../../../src/testing/random.ts';
import { freePorts } from '../../cluster/free-ports.ts';
import { OPERATOR_ACCOUNT, OPERATOR_NAMESPACE } from '../../cluster/installation.ts';
import { operatorKubeconfig } from '../../cluster/operator-kubeconfig.ts';
import type { OperatorProcess } from '../../cluster/operator-process.ts';
import { until } from '../../cluster/until.ts';
import { createFleet } from '../../overload/fleet.ts';
import { memoryInWords, memoryOf, metricsOf, queued } from '../../overload/metrics.ts';
import { OwnCluster } from '../../overload/own-cluster.ts';
import { skipUnlessBare } from '../../overload/skip.ts';
import { Churn, labelOf } from '../churn.ts';
import { differences } from '../comparison.ts';
import { Inside, inWords } from '../inside.ts';
import { type Sample, slopeOf } from '../slope.ts';
import { Wire } from '../wire.ts';

const NAMESPACES = Number(process.env.SOAK_NAMESPACES ?? 2_000);
const MINUTES = Number(process.env.SOAK_MINUTES ?? 10);
const SEED = Number(process.env.SOAK_SEED ?? Date.now() % 100_000);
const CREDENTIALS = 3;
const MINUTE = 60_000;
/** Milliseconds from one fault to the next. */
const FAULTS = 15_000;
/** Milliseconds of silence, when that is the fault. */
const SILENCE = 5_000;
/** Milliseconds from one look at the heap to the next. */
const LOOKS = 20_000;
/** Seconds after the last change. A watch that was stranded last is found within a minute. */
const CAUGHT_UP = 120;
/** Megabytes a minute. What is kept of 600 changes would be more. */
const STEEPEST = 0.25;

describe('ten minutes of churn and cuts', () => {
  let own: OwnCluster;
  let wire: Wire;
  let operator: OperatorProcess;
  let churn: Churn;
  let inside: Inside;
  const dice = new Dice(SEED);

  before(async function () {
    this.timeout(10 * MINUTE);
    skipUnlessBare(this);
    own = await OwnCluster.start();
    const names = await createFleet(own.admin, NAMESPACES);
    churn = new Churn(own, SEED, CREDENTIALS, names);
    for (let credential = 0; credential < CREDENTIALS; credential++)
      await own.makeCredential(credential, labelOf(credential));
    await Promise.all(names.map(select));
    wire = new Wire(Number(new URL(own.cluster.server).port));
    const [inspect = 0] = await freePorts(1);
    operator = await own.startOperator({
      kubeconfig: await kubeconfigThrough(await wire.open()),
      nodeFlags: [`--inspect=127.0.0.1:${inspect}`],
    });
    await untilAsItIsToBe();
    inside = await Inside.of(operator.pid, inspect);
  });
  after(async function () {
    this.timeout(MINUTE);
    inside?.close();
    wire?.close();
    await own?.stop();
  });

  /** Each by one of them. */
  const select = (name: string, index: number): Promise<unknown> =>
    own.admin.request({
      method: 'PATCH',
      path: `${NAMESPACES_PATH}/${name}`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { labels: { [labelOf(index % CREDENTIALS)]: 'true' } } },
    });

  async function kubeconfigThrough(port: number): Promise<string> {
    const text = await operatorKubeconfig(own.cluster, OPERATOR_NAMESPACE, OPERATOR_ACCOUNT);
    const path = join(own.cluster.folder, 'soak.kubeconfig');
    await writeFile(path, text.replaceAll(own.cluster.server, `https://127.0.0.1:${port}`), { mode: 0o600 });
    return path;
  }

  /** Resolves to the milliseconds that it took. */
  async function untilAsItIsToBe(): Promise<number> {
    const began = Date.now();
    let left: string[] = [];
    const isSo = async (): Promise<boolean> => {
      if ((await queued(operator)) > 0) return false;
      left = await differences(own, churn.versions);
      return left.length === 0;
    };
    await until('all is as it is to be', isSo, CAUGHT_UP).catch((error: Error) => {
      throw new Error(`${left.length} differences: ${left.slice(0, 5).join('; ')}`, { cause: error });
    });
    return Date.now() - began;
  }

  /** Until the signal; answers how many of each. */
  async function faults(signal: AbortSignal): Promise<Record<string, number>> {
    const made = { cut: 0, stranded: 0, silenced: 0 };
    while (!signal.aborted) {
      const fault = dice.one(['cut', 'stranded', 'silenced'] as const);
      made[fault]++;
      if (fault === 'cut') wire.reset();
      if (fault === 'stranded') wire.strand();
      if (fault === 'silenced') {
        wire.hush();
        await sleep(SILENCE);
        wire.speak();
      }
      await sleep(FAULTS, undefined, { signal }).catch(() => undefined);
    }
    return made;
  }

  async function looks(signal: AbortSignal): Promise<Sample[]> {
    const began = Date.now();
    const samples: Sample[] = [];
    while (!signal.aborted) {
      samples.push({ minutes: (Date.now() - began) / MINUTE, value: (await inside.holdings()).heap });
      await sleep(LOOKS, undefined, { signal }).catch(() => undefined);
    }
    return samples;
  }

  it('end with a cluster in which everything is as it is to be, and cost no memory', async function () {
    this.timeout((MINUTES + 10) * MINUTE);
    console.log(`      SOAK_SEED=${SEED}, ${NAMESPACES} namespaces, ${MINUTES} minutes`);
    const before = await inside.holdings();
    console.log(`      before: ${inWords(before)}; ${memoryInWords(await memoryOf(operator))}`);
    const over = new AbortController();
    const [made, samples] = [faults(over.signal), looks(over.signal)];
    await churn.run(MINUTES * MINUTE).finally(() => over.abort());
    console.log(`      ${churn.changes} changes, faults: ${JSON.stringify(await made)}`);
    console.log(`      as it is to be ${await untilAsItIsToBe()} ms after the last change`);
    const after = await inside.holdings();
    const slope = slopeOf(await samples);
    console.log(`      after: ${inWords(after)}; ${memoryInWords(await memoryOf(operator))}`);
    console.log(
      `      the heap grew by ${slope.toFixed(3)} MB a minute: ${(await samples).map(({ value }) => value.toFixed(1)).join(' ')}`,
    );
    expect(operator.exit()).to.equal(undefined);
    expect(await operator.logs()).not.to.contain('"level":"error"');
    expect(
      [...(await metricsOf(operator))]
        .filter(([name]) => name.startsWith('reflector_following'))
        .map(([, value]) => value),
    ).to.deep.equal([1, 1, 1, 1, 1]);
    expect(slope).to.be.lessThan(STEEPEST);
  });
});
