// Namespaces and what runs in them, all in one apply: the pods are created in the same moment in which the
// operator hears of their namespaces. Whoever is created before the ServiceAccount has the reference stays
// without, so here it shows whether a pod can be too early.

import { expect } from 'chai';
import { eventually } from '../api/eventually.ts';
import { kubectl, kubectlJson } from '../api/kubectl.ts';
import { Scenario } from '../api/scenario.ts';
import { isServed } from '../api/served.ts';
import { Fleet, SIZE } from './fleet.ts';
import { installation, own, site } from './hooks.ts';
import { handOut, inNamespace, loginTo, OPTED_IN } from './login.ts';
import { hasAdmission, installOperator } from './operator-deployment.ts';
import { pushed } from './pods.ts';

describe(`${SIZE} namespaces with a Deployment each, in one apply`, () => {
  let story: Scenario;
  let fleet: Fleet;
  beforeEach(async () => {
    story = new Scenario('one-apply');
    fleet = await Fleet.begin(story.id);
  });
  afterEach(async () => {
    await fleet.end();
    await story.end();
  });

  /** Resolves when everything that can run does. `prepare` gets a namespace that is served already. */
  const applyPrivate = async (
    repository: string,
    prepare: (served: string) => Promise<void> = async () => {},
  ): Promise<void> => {
    const { registry } = site();
    const login = loginTo(registry);
    const image = await pushed(registry, repository);
    await handOut(story, login);
    const served = await story.namespace('served', OPTED_IN);
    await isServed(served, inNamespace(login));
    await prepare(served);
    await fleet.apply(image, OPTED_IN);
    await fleet.settled();
  };

  it('run at once with an image that needs no login', async function () {
    const { open } = own(this);
    await fleet.apply(await pushed(open, 'apps/open'), {});
    await fleet.settled();
    expect(fleet.refusals).to.deep.equal([]);
    report('without a login', fleet);
  });

  it('run without the admission policy, but for those that were too early, until they are restarted', async () => {
    await applyPrivate('apps/one-apply');
    report('without the admission policy', fleet);
    const { stuck } = fleet;
    expect(fleet.times.length).to.equal(SIZE - stuck.length);
    for (const namespace of stuck) {
      await kubectl(['-n', namespace, 'rollout', 'restart', 'deployment/app']);
      await kubectl(['-n', namespace, 'rollout', 'status', 'deployment/app', '--timeout=120s']);
    }
  });

  describe('with the admission policy', () => {
    before(async function () {
      if (await hasAdmission()) return installOperator(installation(true));
      Object.assign(this.test?.parent ?? {}, { skipReason: 'there is no manifests/components/admission' });
      return this.skip();
    });
    after(() => installOperator(installation()));

    it('run, and no pod is ever refused its image', async () => {
      await applyPrivate('apps/one-apply-policy', isInForce);
      report('with the admission policy', fleet);
      expect(fleet.refusals).to.deep.equal([]);
      expect(fleet.times.length).to.equal(SIZE);
    });
  });
});

/** An API server takes a moment to obey a new policy. Nothing but the policy can fill in a dry run. */
const isInForce = (namespace: string): Promise<void> =>
  eventually('the admission policy is in force', async () => {
    const dryRun = ['-n', namespace, 'create', 'serviceaccount', 'probe', '--dry-run=server'];
    const { imagePullSecrets } = await kubectlJson(dryRun);
    expect(imagePullSecrets).to.deep.equal([{ name: 'regcred' }]);
  });

/** For docs/races.md. */
function report(how: string, { times, refused, stuck }: Fleet): void {
  const seconds = (index: number) => `${((times[index] ?? 0) / 1000).toFixed(1)} s`;
  const spread = `${seconds(0)} / ${seconds(times.length >> 1)} / ${seconds(times.length - 1)}`;
  console.log(
    `      ${how}: ${refused.length} of ${SIZE} pods were refused their image, ${stuck.length} for good;`,
  );
  console.log(`      from namespace to Running, fastest / median / slowest: ${spread}`);
}
