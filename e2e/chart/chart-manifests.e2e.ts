// manifests/ and the chart install the same objects: whoever changes one of them is told here to change the other.
// Policies, RBAC and the CRD are generated; of the rest, and of Helm's doing, this test alone knows.

import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { cluster } from '../api/cluster.ts';
import { HELM_VERSIONS } from '../cluster/helm-program.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { type Manifest, parseManifests } from '../cluster/manifests.ts';
import { type Helm, helmFor, isHook, MUTATING_POLICIES } from './helm.ts';

/** What one of them has and the other has not, and why. */
const ONLY_IN_MANIFESTS = [
  'Namespace regcred-system', // of `helm install --create-namespace`
];
const ONLY_IN_CHART = [
  'Lease regcred', // so that it goes with the release; with manifests/ the namespace goes
];

const folder = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const kustomized = async (name: string) =>
  parseManifests(await kubectl(cluster(), ['kustomize', folder(name)]));

for (const version of HELM_VERSIONS)
  describe(`the chart, rendered by Helm ${version} with its defaults`, () => {
    let helm: Helm;
    before(async function () {
      helm = await helmFor(this, version);
    });
    after(() => helm?.end());

    it('has the objects of manifests/, and nothing else in them', async () => {
      const there = byName(await kustomized('manifests'));
      const policy = byName(await kustomized('manifests/components/admission'));
      const rendered = await helm.rendered({}, '--api-versions', MUTATING_POLICIES);
      const here = byName(rendered.filter(one => !isHook(one)));
      for (const name of ONLY_IN_MANIFESTS) expect(there.delete(name), name).to.equal(true);
      for (const name of ONLY_IN_CHART) expect(here.delete(name), name).to.equal(true);
      const expected = new Map([...there, ...policy]);
      expect([...here.keys()].sort()).to.deep.equal([...expected.keys()].sort());
      for (const [name, object] of expected) expect(here.get(name), name).to.deep.equal(object);
    });
  });

/** By kind and name, without what differs for a reason. */
function byName(objects: readonly Manifest[]): Map<string, object> {
  return new Map(objects.map(one => [`${one.kind} ${one.metadata.name}`, comparable(one)]));
}

function comparable(object: Manifest): object {
  const { labels: _labels, annotations, ...metadata } = object.metadata as Record<string, unknown>;
  // Helm's alone: that the CRD stays.
  const { 'helm.sh/resource-policy': _policy, ...others } = (annotations ?? {}) as Record<string, string>;
  const kept = Object.keys(others).length === 0 ? metadata : { ...metadata, annotations: others };
  return folded({ ...(object.kind === 'Deployment' ? withoutFlags(object) : object), metadata: kept });
}

/** kustomize writes folded text with further empty lines; to CEL they are nothing. */
const folded = (object: object): object =>
  JSON.parse(JSON.stringify(object), (_, value) =>
    typeof value === 'string' ? value.replace(/\n+/g, '\n') : value,
  );

/** The chart writes every flag that it has a value for; what they are by default, chart-values.e2e.ts compares. */
function withoutFlags(deployment: Manifest): Manifest {
  const copy = structuredClone(deployment);
  // biome-ignore lint/suspicious/noExplicitAny: a Deployment, as it is compared
  const [container] = (copy as any).spec.template.spec.containers;
  container.args = container.args.filter((arg: string) => arg.startsWith('--secret-names='));
  if (container.imagePullPolicy === 'IfNotPresent') delete container.imagePullPolicy;
  return copy;
}
