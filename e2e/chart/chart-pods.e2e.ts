// The two kinds of pods of the chart: the operator's, and the one that undoes everything before an uninstallation. That
// needs the same image, nodes and way to the API server, and nothing else that could keep it from starting.

import { expect } from 'chai';
import { HELM_VERSIONS } from '../cluster/helm-program.ts';
import type { Manifest } from '../cluster/manifests.ts';
import { type Helm, helmFor, isHook, only } from './helm.ts';

const PLACE = {
  nodeSelector: { pool: 'system' },
  tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'arch', operator: 'In', values: ['amd64'] }] }],
      },
    },
  },
  priorityClassName: 'system-cluster-critical',
};

for (const version of HELM_VERSIONS)
  describe(`the pods of the chart, by Helm ${version}`, () => {
    let helm: Helm;
    before(async function () {
      helm = await helmFor(this, version);
    });
    after(() => helm?.end());

    /** With the hook, which `helm template` leaves out. */
    const rendered = (values: object = {}) => helm.rendered({ ...values, uninstall: { undo: true } });

    it('may all be on the same nodes, and are of the same image', async () => {
      const imagePullSecrets = [{ name: 'pull' }];
      const objects = await rendered({ ...PLACE, image: { pullSecrets: imagePullSecrets } });
      const [operator, undo] = [operatorIn(objects).spec, undoIn(objects).spec];
      expect(undo).to.deep.include({ ...PLACE, imagePullSecrets, securityContext: operator.securityContext });
      expect(operator).to.deep.include({ ...PLACE, imagePullSecrets });
      expect(undo.containers[0].image).to.equal(operator.containers[0].image);
    });

    it('are kept apart only from their equals, so that the one that undoes finds a node', async () => {
      const podAntiAffinity = {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'regcred' } },
          },
        ],
      };
      const both = await rendered({ affinity: { ...PLACE.affinity, podAntiAffinity } });
      expect(operatorIn(both).spec.affinity).to.deep.equal({ ...PLACE.affinity, podAntiAffinity });
      expect(undoIn(both).spec.affinity).to.deep.equal(PLACE.affinity);
      for (const affinity of [{ podAntiAffinity }, null])
        expect(undoIn(await rendered({ affinity })).spec).not.to.have.property('affinity');
    });

    it('have further volumes where there is somebody to read them', async () => {
      const objects = await rendered({
        extraVolumes: [{ name: 'ca', configMap: { name: 'ca' } }],
        extraVolumeMounts: [{ name: 'ca', mountPath: '/ca' }],
      });
      expect(operatorIn(objects).spec.volumes).to.have.length(1);
      const undo = undoIn(objects).spec;
      expect(undo).not.to.have.property('volumes');
      expect(undo.containers[0]).not.to.have.property('volumeMounts');
    });

    it('are let out by the NetworkPolicy, where that says to what', async () => {
      const egress = [{ ports: [{ port: 6443 }] }];
      const objects = await rendered({ networkPolicy: { enabled: true, egress } });
      const { podSelector, policyTypes } = only(objects, 'NetworkPolicy').spec;
      expect(policyTypes).to.include('Egress');
      const [{ key, values }] = podSelector.matchExpressions;
      for (const pod of [operatorIn(objects), undoIn(objects)])
        expect(values).to.include(pod.metadata.labels[key]);
    });

    it('all have the labels and annotations that let them out, and only the operator’s are counted as its own', async () => {
      const podLabels = { 'net/api': 'yes', 'app.kubernetes.io/name': 'regcred' };
      const monitored = { podMonitor: { enabled: true }, podAnnotations: { 'mesh/inject': 'no' } };
      const objects = await rendered({ ...monitored, podLabels });
      for (const { metadata } of [operatorIn(objects), undoIn(objects)]) {
        expect(metadata.labels).to.include({ 'net/api': 'yes' });
        expect(metadata.annotations).to.deep.equal({ 'mesh/inject': 'no' });
      }
      const selectors = ['Deployment', 'PodMonitor', 'PodDisruptionBudget'].map(
        kind => only(objects, kind).spec.selector.matchLabels,
      );
      for (const selector of [
        ...selectors,
        operatorIn(objects).spec.topologySpreadConstraints[0].labelSelector.matchLabels,
      ]) {
        expect(operatorIn(objects).metadata.labels).to.include(selector);
        expect(undoIn(objects).metadata.labels).not.to.include(selector);
      }
    });

    it('leave no log to Helm, for that of Flux has no place for it and crashes', async () => {
      const hooks = (await rendered()).filter(isHook);
      expect(hooks.map(({ kind }) => kind)).to.include('Job');
      for (const { kind, metadata } of hooks)
        expect(metadata, kind).not.to.have.nested.property('annotations.helm\\.sh/hook-output-log-policy');
    });

    it('ask for no resources, where they are null', async () => {
      const objects = await rendered({ resources: null });
      for (const { spec } of [operatorIn(objects), undoIn(objects)])
        expect(spec.containers[0]).not.to.have.property('resources');
    });
  });

// biome-ignore lint/suspicious/noExplicitAny: the shape is what is tested
const operatorIn = (objects: readonly Manifest[]): any => only(objects, 'Deployment').spec.template;

// biome-ignore lint/suspicious/noExplicitAny: the shape is what is tested
function undoIn(objects: readonly Manifest[]): any {
  const job = objects.find(one => one.kind === 'Job' && isHook(one));
  return (job as { spec?: { template?: object } } | undefined)?.spec?.template;
}
