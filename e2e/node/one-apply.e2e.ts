// Namespaces and what runs in them, all in one apply: the pods are created in the same moment in which the
// operator hears of their namespaces. A pod that is created before its ServiceAccount has the reference stays
// without, so here it shows whether one can be too early. As many with an image that needs no login are in the
// same apply, so that both meet the same load.

import { expect } from 'chai';
import { eventually } from '../api/eventually.ts';
import { kubectl, kubectlJson } from '../api/kubectl.ts';
import { Scenario } from '../api/scenario.ts';
import { isServed } from '../api/served.ts';
import { NO_POLICIES, offersMutatingPolicies } from '../cluster/admission-component.ts';
import { Fleet, SIZE } from './fleet.ts';
import { installation, site } from './hooks.ts';
import { handOut, inNamespace, loginTo, OPTED_IN } from './login.ts';
import { installOperator } from './operator-deployment.ts';
import { podRuns, pushed, runPod } from './pods.ts';

describe(`the pods of ${SIZE} namespaces with a Deployment each, in one apply,`, () => {
  let story: Scenario;
  let served: string;
  let fleet: Fleet;
  let reference: Fleet;
  beforeEach(async () => {
    story = new Scenario('one-apply');
    fleet = await Fleet.begin(`${story.id}-private`);
    reference = await Fleet.begin(`${story.id}-open`);
    const login = loginTo(site().registry);
    await handOut(story, login);
    served = await story.namespace('served', OPTED_IN);
    await isServed(served, inNamespace(login));
  });
  afterEach(async () => {
    await Promise.all([fleet.end(), reference.end()]);
    await story.end();
  });

  /** Resolves when everything that can run does. */
  const applyAll = async (repository: string): Promise<void> => {
    const { registry, own } = site();
    const image = await pushed(registry, repository);
    const open = own && (await pushed(own.open, repository));
    // Both are on the node before. Else each pod asks for a pull, and a kubelet allows itself ten at once
    // (registryBurst): further ones are in ErrImagePull for a while whatever their login. Whose login brought
    // the image is asked of every pod all the same (KEP-2535).
    await podRuns(served, await runPod(served, image, ...(open ? [open] : [])));
    const all = [fleet.manifests(image, OPTED_IN), ...(open ? [reference.manifests(open, {})] : [])];
    const items = all[0]?.flatMap((_, index) => all.map(one => one[index])) ?? [];
    await kubectl(['apply', '-f', '-'], { apiVersion: 'v1', kind: 'List', items });
    await Promise.all([fleet.settled(), ...(open ? [reference.settled()] : [])]);
    expect(reference.refusals).to.deep.equal([]);
  };

  it('run without the admission policy, but for those that were too early, until they are restarted', async () => {
    await applyAll('apps/one-apply');
    report('without the admission policy', fleet, reference);
    const { stuck } = fleet;
    expect(fleet.times.length).to.equal(SIZE - stuck.length);
    for (const namespace of stuck) {
      await kubectl(['-n', namespace, 'rollout', 'restart', 'deployment/app']);
      await kubectl(['-n', namespace, 'rollout', 'status', 'deployment/app', '--timeout=120s']);
    }
  });

  describe('with the admission policy', () => {
    before(async function () {
      if (await offersMutatingPolicies(site().cluster)) return installOperator(installation(true));
      Object.assign(this.test?.parent ?? {}, { skipReason: NO_POLICIES });
      return this.skip();
    });
    after(() => installOperator(installation()));

    it('run, and none is ever refused its image', async () => {
      await isInForce(served);
      await applyAll('apps/one-apply-policy');
      report('with the admission policy', fleet, reference);
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
function report(how: string, fleet: Fleet, reference: Fleet): void {
  const { refused, stuck } = fleet;
  console.log(`      ${how} ${refused.length} of ${SIZE} were refused their image, ${stuck.length} for good`);
  console.log('      from namespace to Running, fastest / median / slowest:');
  console.log(`        ${spread(fleet)}; with an image that needs no login ${spread(reference)}`);
}

function spread({ times }: Fleet): string {
  if (times.length === 0) return 'not measured';
  const chosen = [0, times.length >> 1, times.length - 1];
  return `${chosen.map(index => ((times[index] ?? 0) / 1000).toFixed(1)).join(' / ')} s`;
}
