// The site that all tests of this folder share, with the operator running as a Deployment. Loaded by mocha
// before the tests (see .mocharc.json).

import { share } from '../api/cluster.ts';
import { kubectl } from '../api/kubectl.ts';
import { SCENARIO_LABEL } from '../api/scenario.ts';
import { installOperator, uninstallOperator } from './operator-deployment.ts';
import { NoSite, type OwnRegistries, openSite, type Site } from './site.ts';

let shared: Site | undefined;

export function site(): Site {
  if (shared === undefined) throw new Error('there is no site yet: run the tests by `npm run e2e`');
  return shared;
}

/** Skips the test if the registry is somebody else's: then there is one of it, and its password stays. */
export function own(test: Mocha.Context): OwnRegistries {
  const { own } = site();
  if (own !== undefined) return own;
  Object.assign(test.test ?? {}, {
    skipReason: 'it needs registries of its own, and E2E_REGISTRY names one',
  });
  return test.skip();
}

/** What the tests of the admission policy change for their time. */
export const installation = (admission = false) => ({
  cluster: site().cluster,
  image: site().operatorImage,
  admission,
});

/** On a laptop that has to fetch kind, its node image and the images to build from. */
const LONGEST_START = 20 * 60_000;

export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(LONGEST_START);
    try {
      shared = await openSite(line => console.error(line));
    } catch (error) {
      if (!(error instanceof NoSite)) throw error;
      Object.assign(this.test?.parent ?? {}, { skipReason: error.message });
      this.skip();
    }
    share(site().cluster);
    await installOperator(installation());
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(300_000);
    if (shared === undefined) return;
    if (shared.cluster.way === 'existing') await leave();
    await shared.cluster.stop();
  },
};

/** Somebody else's cluster is left as it was found, for the next run too: it makes namespaces of the same names. */
async function leave(): Promise<void> {
  await uninstallOperator(installation());
  await kubectl(['delete', 'namespace', '-l', SCENARIO_LABEL, '--timeout=180s']);
}
