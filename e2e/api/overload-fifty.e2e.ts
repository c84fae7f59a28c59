// Fifty RegistryCredentials for a thousand namespaces: 50,000 verdicts, and still one Secret in each
// namespace and one write of it, whether all of them start, one changes or one goes.

import { expect } from 'chai';
import { credentialPath, secretPath } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import type { OperatorProcess } from '../cluster/operator-process.ts';
import { awaitCompletion } from '../overload/completion.ts';
import { clearFleet, createFleet, FLEET_LABEL } from '../overload/fleet.ts';
import { memoryInWords, memoryOf, metricsOf, untilBegun, untilWorkedOff } from '../overload/metrics.ts';
import { credentialName, OwnCluster, passwordOf, serverOf } from '../overload/own-cluster.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import type { AnyObject } from './admin.ts';
import type { AuditedRequest } from './audit.ts';
import { decode, type Logins } from './scenario.ts';

const NAMESPACES = 1_000;
const CREDENTIALS = 50;
/** The list, and whose it is: ADR 0009. */
const ACCOUNT_WRITES = 2;
/** Milliseconds; the API server notes when a request came, which may be later for the first of two. */
const SECOND = 1_000;
const JITTER = 100;
/** Megabytes that the Deployment allows. */
const MOST_MEMORY = 256;

/** "patch secrets" -> how many of how many namespaces, and the most in one of them. */
function perNamespace(writes: readonly AuditedRequest[], verb: string): { total: number; most: number } {
  const counts = new Map<string, number>();
  // Not what is kept over a restart.
  for (const { what } of writes)
    if (what.startsWith(`${verb} `) && !what.includes(` ${OPERATOR_NAMESPACE}/`))
      counts.set(what, (counts.get(what) ?? 0) + 1);
  const values = [...counts.values()];
  return { total: values.reduce((sum, count) => sum + count, 0), most: Math.max(0, ...values) };
}

function expectStatusOnceASecond(writes: readonly AuditedRequest[]): void {
  const last = new Map<string, number>();
  for (const { what, received } of writes.filter(({ resource }) => resource.endsWith('/status'))) {
    expect(received - (last.get(what) ?? Number.NEGATIVE_INFINITY), what).to.be.at.least(SECOND - JITTER);
    last.set(what, received);
  }
}

describe('fifty RegistryCredentials for a thousand namespaces', () => {
  let own: OwnCluster;
  let names: string[];
  let operator: OperatorProcess;

  before(async function () {
    this.timeout(300_000);
    skipUnlessBare(this);
    own = await OwnCluster.start();
    names = await createFleet(own.admin, NAMESPACES);
    await own.makeCredential(0, FLEET_LABEL);
  });
  after(async function () {
    this.timeout(60_000);
    await own?.stop();
  });

  /** Starts the operator; milliseconds until every namespace has Secret and reference. */
  async function coldStart(what: string): Promise<{ milliseconds: number; writes: AuditedRequest[] }> {
    const mark = await own.mark();
    const completion = awaitCompletion(own.admin, names);
    await completion.watching;
    const began = performance.now();
    operator = await own.startOperator({ waitReady: false });
    const milliseconds = Math.round((await completion.done) - began);
    completion.stop();
    await own.untilSynced(NAMESPACES);
    const cpu = (await metricsOf(operator)).get('process_cpu_seconds_total')?.toFixed(1);
    const memory = memoryInWords(await memoryOf(operator));
    console.log(`      ${what}: ${milliseconds} ms, ${cpu} s of CPU, ${memory}`);
    return { milliseconds, writes: await own.writesSince(mark) };
  }

  /** Resolves with the writes when all namespaces were looked at and status is settled. */
  async function rollOut(what: string, act: () => Promise<unknown>): Promise<AuditedRequest[]> {
    const mark = await own.mark();
    const began = performance.now();
    await act();
    await untilBegun(operator);
    await untilWorkedOff(operator);
    await own.untilWritten(mark, 'patch secrets', NAMESPACES);
    await own.untilSynced(NAMESPACES);
    console.log(`      ${what}: ${Math.round(performance.now() - began)} ms`);
    return own.writesSince(mark);
  }

  const loginsOf = async (namespace: string): Promise<Logins> =>
    decode(
      (await own.admin.request<AnyObject>({ method: 'GET', path: secretPath(namespace, 'regcred') })).body,
    );

  const expected = (versions: Record<number, number>, without?: number): Logins =>
    Object.fromEntries(
      Array.from({ length: CREDENTIALS }, (_, number) => number)
        .filter(number => number !== without)
        .map(number => [
          serverOf(number),
          [credentialName(number), passwordOf(number, versions[number] ?? 0)],
        ]),
    );

  const expectEverywhere = async (logins: Logins): Promise<void> => {
    for (const name of [names[0], names[NAMESPACES / 2], names.at(-1)])
      expect(await loginsOf(name ?? '')).to.deep.equal(logins);
  };

  it('costs one write of a Secret in each, as one RegistryCredential does', async function () {
    this.timeout(400_000);
    const one = await coldStart('1 RegistryCredential, from the start of the process');
    await operator.stop();
    await clearFleet(own.admin, names);
    for (let number = 1; number < CREDENTIALS; number += 1) await own.makeCredential(number, FLEET_LABEL);
    const fifty = await coldStart(`${CREDENTIALS} of them`);
    console.log(`      that is ${(fifty.milliseconds / one.milliseconds).toFixed(2)} times as long`);
    for (const { writes } of [one, fifty]) {
      expect(perNamespace(writes, 'patch secrets')).to.deep.equal({ total: NAMESPACES, most: 1 });
      expect(perNamespace(writes, 'patch serviceaccounts')).to.deep.equal({
        total: NAMESPACES * ACCOUNT_WRITES,
        most: ACCOUNT_WRITES,
      });
      expectStatusOnceASecond(writes);
    }
    await expectEverywhere(expected({}));
    expect((await memoryOf(operator)).resident).to.be.lessThan(MOST_MEMORY);
  });

  it('costs one write in each when one of them has a new login', async function () {
    this.timeout(200_000);
    const writes = await rollOut('a new login', () => own.changeLogin(7, 1));
    expect(perNamespace(writes, 'patch secrets')).to.deep.equal({ total: NAMESPACES, most: 1 });
    expect(perNamespace(writes, 'patch serviceaccounts').total).to.equal(0);
    expectStatusOnceASecond(writes);
    await expectEverywhere(expected({ 7: 1 }));
  });

  it('costs one write in each when one of them goes, whose part alone is undone', async function () {
    this.timeout(200_000);
    const path = credentialPath(credentialName(7));
    const writes = await rollOut('the undo of one', () => own.admin.request({ method: 'DELETE', path }));
    await own.untilGone(7);
    expect(perNamespace(writes, 'patch secrets')).to.deep.equal({ total: NAMESPACES, most: 1 });
    expect(perNamespace(writes, 'delete secrets').total).to.equal(0);
    expect(perNamespace(writes, 'patch serviceaccounts').total).to.equal(0);
    expectStatusOnceASecond(writes);
    await expectEverywhere(expected({}, 7));
    expect(await operator.logs()).not.to.match(/"level":"(error|warn)"/);
  });
});
