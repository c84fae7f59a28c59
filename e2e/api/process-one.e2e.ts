// The operator as process 1, as which every container runs it: the kernel delivers to that no signal that it did not
// ask for, so one that forgot to would be killed when its grace period is over, with the Lease in its hand.

import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { type OperatorProcess, startOperator } from '../cluster/operator-process.ts';
import { outputOf } from '../cluster/program-output.ts';
import { cluster } from './cluster.ts';
import { eventually } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { stopOperator } from './operator.ts';

/** Gives it a namespace of processes; who is not root may do that in a namespace of users. */
const ALONE = [
  'unshare',
  ...['--pid', '--fork', '--kill-child'],
  ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']),
];
const HOLDER = ['get', 'lease', 'regcred', '-o', 'jsonpath={.spec.holderIdentity}'];

describe('the operator as process 1', () => {
  let operator: OperatorProcess | undefined;
  before(async function () {
    const [command = '', ...args] = ALONE;
    const why = await outputOf({ title: command, command, args: [...args, 'true'] }).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (why === undefined) return stopOperator();
    Object.assign(this.test?.parent ?? {}, { skipReason: why });
    return this.skip();
  });
  afterEach(() => {
    if (operator?.exit() === undefined) operator?.kill('SIGKILL');
  });

  const holder = () => kubectl(['-n', OPERATOR_NAMESPACE, ...HOLDER]);

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    it(`ends with 0 within 3 seconds of ${signal}, and has given its Lease back`, async () => {
      const started = await startOperator(cluster(), { within: ALONE });
      operator = started;
      await eventually('it leads', async () =>
        expect(await started.logs()).to.contain('"became the leader"'),
      );
      expect(await holder()).not.to.equal('');
      const began = performance.now();
      process.kill(await childOf(started.pid), signal);
      expect(await started.exited()).to.deep.include({ code: 0, signal: null });
      expect(performance.now() - began).to.be.lessThan(3_000);
      expect(await holder()).to.equal('');
    });
});

const childOf = async (pid: number): Promise<number> =>
  Number(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'));
