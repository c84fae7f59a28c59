// Five hundred namespaces come and go within a minute. Meanwhile somebody deletes Secrets in others, who must
// not wait longer for that; and when it is over, nothing is left of it.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { SYNC_LABEL } from '../../src/api/names.ts';
import { NAMESPACES_PATH, SECRETS_PATH } from '../../src/controller/paths.ts';
import type { KubeObject } from '../../src/kube/kube-client.ts';
import type { OperatorProcess } from '../cluster/operator-process.ts';
import { until } from '../cluster/until.ts';
import { inWords } from '../overload/latencies.ts';
import { memoryInWords, memoryOf, queued } from '../overload/metrics.ts';
import { lengthOf, repair } from '../overload/newcomer.ts';
import { OwnCluster } from '../overload/own-cluster.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import type { AuditedRequest } from './audit.ts';

const STORM = 500;
/** Milliseconds between one that comes and the next. */
const PACE = 70;
/** Milliseconds that they live, in turn: some go in the very moment in which they are served. */
const LIVES = [50, 10_000];
const MINUTE = 60_000;
/** Each is repaired a few times: more of the same within minutes would count as a fight. */
const STEADY = 40;
const IDLE_REPAIRS = 40;
/** Of one namespace: its Secret, its ServiceAccount twice (ADR 0009), and as much again for what comes across its end. */
const MOST_WRITES = 6;
/** Megabytes. The garbage of a storm is not collected at once; 500 namespaces that are kept would hardly be seen here: see forgetting.test.ts. */
const MOST_GROWTH = 40;

describe('a storm of namespaces', () => {
  let own: OwnCluster;
  let operator: OperatorProcess;
  const steady = Array.from({ length: STEADY }, (_, index) => `steady-${index}`);

  before(async function () {
    this.timeout(300_000);
    skipUnlessBare(this);
    own = await OwnCluster.start();
    await own.makeCredential(0, SYNC_LABEL);
    operator = await own.startOperator();
    await Promise.all(steady.map(come));
    await own.untilSynced(STEADY);
  });
  after(async function () {
    this.timeout(60_000);
    await own?.stop();
  });

  async function come(name: string): Promise<void> {
    const body = { metadata: { name, labels: { [SYNC_LABEL]: 'true' } } };
    await own.admin.request({ method: 'POST', path: NAMESPACES_PATH, body });
  }

  const go = (name: string): Promise<unknown> =>
    own.admin.request({ method: 'DELETE', path: `${NAMESPACES_PATH}/${name}` });

  /** Resolves with the milliseconds from the first that comes to the last that is told to go. */
  async function storm(): Promise<number> {
    const began = performance.now();
    await Promise.all(
      Array.from({ length: STORM }, async (_, index) => {
        await sleep(index * PACE);
        await come(`storm-${index}`);
        await sleep(LIVES[index % LIVES.length]);
        await go(`storm-${index}`);
      }),
    );
    return performance.now() - began;
  }

  const namesIn = async (path: string, fieldSelector = ''): Promise<string[]> => {
    const query = { fieldSelector };
    const { body } = await own.admin.request<{ items: KubeObject[] }>({ method: 'GET', path, query });
    return body.items.map(({ metadata }) => metadata.namespace ?? metadata.name);
  };

  const isOver = async (): Promise<boolean> =>
    (await namesIn(NAMESPACES_PATH)).every(name => !name.startsWith('storm-'));

  async function repairsUntil(isEnough: (count: number) => boolean): Promise<number[]> {
    const waits: number[] = [];
    while (!isEnough(waits.length)) {
      waits.push(lengthOf(await repair(own.admin, steady[waits.length % STEADY] ?? '')));
      await sleep(PACE);
    }
    return waits;
  }

  it('delays no repair for long, and leaves nothing behind', async function () {
    this.timeout(400_000);
    const idle = await repairsUntil(count => count === IDLE_REPAIRS);
    const before = await memoryOf(operator);
    const mark = await own.mark();
    let isEnded = false;
    const ended = storm().finally(() => {
      isEnded = true;
    });
    const during = await repairsUntil(count => isEnded || count === 6 * STEADY);
    const milliseconds = await ended;
    await until('the last namespace of the storm is gone', isOver, 300);
    await until('nothing waits any more', async () => (await queued(operator)) === 0, 30);
    await own.untilSynced(STEADY);
    const after = await memoryOf(operator);
    console.log(`      ${STORM} namespaces came and were told to go within ${Math.round(milliseconds)} ms`);
    console.log(`      a Secret that was deleted is back, before it: ${inWords(idle)}`);
    console.log(`      … meanwhile: ${inWords(during)}`);
    console.log(`      before it: ${memoryInWords(before)}`);
    console.log(`      after it: ${memoryInWords(after)}`);
    expect(milliseconds).to.be.lessThan(MINUTE);
    expectFewWrites((await own.writesSince(mark)).filter(({ what }) => what.includes(' storm-')));
    expect(await namesIn(SECRETS_PATH, 'metadata.name=regcred')).to.have.members(steady);
    expect(after.resident - before.resident).to.be.lessThan(MOST_GROWTH);
    expect(await operator.logs()).not.to.contain('"level":"error"');
  });

  function expectFewWrites(writes: readonly AuditedRequest[]): void {
    const counts = new Map<string, number>();
    for (const { what } of writes) {
      const namespace = /storm-[0-9]+/.exec(what)?.[0] ?? '';
      counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
    }
    const refused = writes.filter(({ code }) => code >= 400).length;
    const most = Math.max(...counts.values());
    console.log(`      ${writes.length} writes there, ${refused} refused, at most ${most} in one namespace`);
    expect(most).to.be.at.most(MOST_WRITES);
  }
});
