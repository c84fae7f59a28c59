// A cluster whose admission strips managedFields, so that nobody owns anything: there is nothing to hand
// back, and that is nobody's trouble.

import { expect } from 'chai';
import { serviceAccountPath } from '../../src/controller/paths.ts';
import { patch, read } from './admin.ts';
import { skipWithoutMutatingPolicies } from './admission-policy.ts';
import { markAuditLog, writesSince } from './audit.ts';
import { eventually, holdsFor } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { operator } from './operator.ts';
import { manifest } from './other-tools.ts';
import { LOGIN } from './ownership.ts';
import { conditionOf, docker, pullSecretsOf, Scenario, setLabels } from './scenario.ts';

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
/** Milliseconds. Longer than all the attempts that a fight has at once. */
const A_WHILE = 8_000;

describe('a namespace where admission strips managedFields', () => {
  let story: Scenario;
  let namespace: string;

  before(async function () {
    await skipWithoutMutatingPolicies(this);
    await operator();
  });
  beforeEach(async () => {
    story = new Scenario('stripped');
    namespace = await story.namespace('a', { stripped: story.id, 'regcred.dev/sync': 'false' });
  });
  afterEach(() => story.end());

  async function strip(): Promise<void> {
    const metadata = { name: story.id };
    await story.make(`${ADMISSION}/mutatingadmissionpolicies`, {
      metadata,
      spec: {
        failurePolicy: 'Ignore',
        reinvocationPolicy: 'Never',
        matchConstraints: {
          namespaceSelector: { matchLabels: { stripped: story.id } },
          resourceRules: [
            {
              apiGroups: [''],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['serviceaccounts'],
            },
          ],
        },
        mutations: [
          {
            patchType: 'JSONPatch',
            jsonPatch: { expression: '[JSONPatch{op: "add", path: "/metadata/managedFields", value: []}]' },
          },
        ],
      },
    });
    await story.make(`${ADMISSION}/mutatingadmissionpolicybindings`, {
      metadata,
      spec: { policyName: story.id },
    });
    await eventually('the policy is in force', async () => {
      const flags = ['--dry-run=server', '--show-managed-fields', '-o', 'json', '-f', '-'];
      const probe = JSON.parse(await kubectl(['create', ...flags], manifest(namespace, ['own'], 'probe')));
      expect(probe.metadata.managedFields ?? []).to.deep.equal([]);
    });
  }

  it('is served, told as such, and asked no more until a ServiceAccount changes', async function () {
    await patch(serviceAccountPath(namespace, 'default'), { imagePullSecrets: [{ name: 'own' }] });
    await strip();
    const credential = await story.credential('x', {
      registries: [docker(await story.dockerSource('s', LOGIN))],
    });
    await setLabels(namespace, { 'regcred.dev/sync': null });
    const isServed = async (): Promise<void> => {
      expect(await pullSecretsOf(namespace)).to.deep.equal(['own', 'regcred']);
      expect(await conditionOf(credential, 'Ready')).to.equal('True Synced');
      expect(await conditionOf(credential, 'Conflict')).to.equal(undefined);
    };
    await eventually('it is served', isServed);
    await holdsFor(A_WHILE, isServed);
    const quiet = await markAuditLog(this);
    await holdsFor(A_WHILE, isServed);
    expect((await writesSince(quiet)).map(({ what }) => what)).to.deep.equal([]);
    await setLabels(namespace, { 'regcred.dev/sync': 'false' });
    await eventually('it is undone', async () => {
      const { imagePullSecrets, metadata } = await read(serviceAccountPath(namespace, 'default'));
      expect(imagePullSecrets).to.deep.equal([{ name: 'own' }]);
      expect(metadata.annotations ?? {}).to.deep.equal({});
    });
  });
});
