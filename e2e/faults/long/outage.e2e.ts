// The API server ends and comes back, also with an etcd that was restored to an older state, while the
// operator runs on.

import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { cluster } from '../../api/cluster.ts';
import { setLabels } from '../../api/scenario.ts';
import type { ControlPlanePrograms } from '../../cluster/control-plane-programs.ts';
import { skipUnlessBare } from '../../overload/skip.ts';
import type { Scene } from '../scene.ts';
import { stage } from '../stage.ts';

/** Milliseconds after the API server is ready again; a reflector waits up to 30 s by then. */
const CAUGHT_UP = 60_000;
/** That are lost when etcd is restored. Its age says more than ours only while the server is behind us. */
const REVISIONS = 1_000;
/** Milliseconds: longer than a Lease lasts. */
const OUTAGE = 20_000;

describe('when the API server was away the operator', () => {
  before(function () {
    skipUnlessBare(this);
  });
  const scene: () => Scene = stage();

  const controlPlane = (): ControlPlanePrograms => {
    const { controlPlane } = cluster();
    if (controlPlane === undefined) throw new Error('this cluster cannot be ended and started');
    return controlPlane;
  };

  async function catchesUp(row: string): Promise<void> {
    const milliseconds = await scene().caughtUp(CAUGHT_UP);
    console.log(`      ${row}: caught up ${milliseconds} ms after it was ready again`);
    await scene().untilFollowing(CAUGHT_UP);
    await scene().expectAlive();
  }

  /** Resolves when it is ready. Whoever makes the ServiceAccounts would come back to it much later than we. */
  async function startApiServer(): Promise<void> {
    await controlPlane().stop('kube-controller-manager', 'SIGKILL');
    await controlPlane().start('kube-apiserver');
    await controlPlane().untilReady();
    await controlPlane().start('kube-controller-manager');
  }

  /** etcd's data are copied, or replaced by a copy, while neither runs. */
  async function whileStopped(signal: NodeJS.Signals, work: () => Promise<void>): Promise<void> {
    await controlPlane().stop('kube-apiserver', signal);
    await controlPlane().stop('etcd');
    await work();
    await controlPlane().start('etcd');
    await startApiServer();
  }

  /** A history of which the server cannot make up in the seconds after its start. */
  async function writeMuch(namespace: string): Promise<void> {
    for (let count = 0; count < REVISIONS; count++) await setLabels(namespace, { count: String(count) });
  }

  it('goes on, when it was killed and is back after longer than a Lease lasts', async function () {
    const mark = await scene().mark(this);
    await scene().change();
    await controlPlane().stop('kube-apiserver', 'SIGKILL');
    await sleep(OUTAGE);
    expect(await scene().counted('leader_election_master_status')).to.equal(0);
    expect(await scene().counted('reflector_following')).to.equal(0);
    await startApiServer();
    await catchesUp('API server killed and away for 20 s');
    await scene().expectNeeded(mark, 1, { repeated: 1 });
    expect(await scene().operator.logs())
      .to.contain('lost the lease')
      .and.contain('could not watch the API server');
  });

  it('writes nothing, when it was restarted and nothing has changed', async function () {
    const mark = await scene().mark(this);
    await controlPlane().stop('kube-apiserver');
    await startApiServer();
    await scene().untilFollowing();
    await catchesUp('API server restarted');
    await scene().expectNeeded(mark, 0);
    await scene().change();
    await catchesUp('… and something changed');
    await scene().expectNeeded(mark, 1);
  });

  for (const [how, signal, isHidden] of [
    ['after a crash', 'SIGKILL', false],
    ['behind a load balancer that lets nobody notice', 'SIGTERM', true],
  ] as const)
    it(`finds that etcd was restored to an older state, ${how}`, async function () {
      const copy = join(cluster().folder, 'etcd-copy');
      const data = join(cluster().folder, 'etcd');
      await whileStopped('SIGKILL', () => cp(data, copy, { recursive: true }));
      await scene().caughtUp(CAUGHT_UP);
      const older = scene().remember();
      await scene().change();
      await scene().change();
      await writeMuch(scene().namespaces[0] ?? '');
      await scene().caughtUp(CAUGHT_UP);
      const mark = await scene().mark(this);
      const before = (await scene().operator.logs()).length;
      if (isHidden) scene().wire.hush();
      await whileStopped(signal, async () => {
        await rm(data, { recursive: true });
        await cp(copy, data, { recursive: true });
      });
      scene().recall(older);
      scene().wire.speak();
      await scene().change();
      await catchesUp(`etcd restored to an older state, ${how}`);
      await scene().expectNeeded(mark, 1);
      await rm(copy, { recursive: true });
      const said = (await scene().operator.logs()).slice(before);
      expect(said).to.contain('etcd was restored to an older state');
    });
});
