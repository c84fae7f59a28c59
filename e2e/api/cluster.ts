// The cluster that all tests of this folder share, with everything of manifests/ but
// the Deployment. Loaded by mocha before the tests (see e2e/.mocharc.json).

import type { Cluster } from '../cluster/cluster.ts';
import { install } from '../cluster/installation.ts';
import { startCluster } from '../cluster/start-cluster.ts';

let shared: Cluster | undefined;

export function cluster(): Cluster {
  if (shared === undefined) throw new Error('there is no cluster yet: run the tests by `npm test`');
  return shared;
}

/** Another folder's tests bring a cluster of their own, and use what else is here. */
export function share(cluster: Cluster): void {
  shared = cluster;
}

/** On a new machine the control plane is built first. */
const LONGEST_START = 20 * 60_000;

export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(LONGEST_START);
    shared = await startCluster({ prefer: 'bare', audit: true });
    await install(shared);
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(60_000);
    await shared?.stop();
  },
};
