// Something in one namespace changes again what the operator writes there: a policy, or a
// controller in a loop. It is named in status and concerns nobody else.

import { expect } from 'chai';
import { CREDENTIALS_ANNOTATION, DOCKER_CONFIG_KEY, PULL_SECRETS_ANNOTATION } from '../../src/api/names.ts';
import { credentialPath, serviceAccountPath } from '../../src/controller/paths.ts';
import { isConflict } from '../../src/kube/errors.ts';
import { patch, remove } from './admin.ts';
import { skipWithoutMutatingPolicies } from './admission-policy.ts';
import { eventually } from './eventually.ts';
import { kubectlJson } from './kubectl.ts';
import { operator } from './operator.ts';
import { failuresOf, isGone, LOGIN, LOGINS, oneLogin } from './ownership.ts';
import { conditionOf, dockerConfig, Scenario, statusOf } from './scenario.ts';
import { isClean, isServed, messageOf, secretIn, setSource } from './served.ts';

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
/** Milliseconds. Attempts are at most 30 s apart. */
const SOON = 10_000;
const UNDONE = 35_000;
/** It must have been calm for 30 s, so that status does not change with every attempt. */
const HEALED = 65_000;
/** Whatever the words, they must say that it is not the operator that is to be mended. */
const CHANGED = /chang|rewr|overw|undo|revert/i;

describe('a namespace where something changes what the operator writes', () => {
  let story: Scenario;
  let isFighting: boolean;
  let fight: Promise<void>;
  let policy: string | undefined;
  let good: string[];
  let bad: string;

  before(operator);
  beforeEach(async () => {
    story = new Scenario('fight');
    isFighting = false;
    fight = Promise.resolve();
    policy = undefined;
    good = [await story.namespace('good'), await story.namespace('well')];
    bad = await story.namespace('bad', { mutated: story.id });
  });
  afterEach(async function () {
    this.timeout(120_000);
    isFighting = false;
    await fight;
    await lift();
    await story.end();
  });

  /** A policy that sets one annotation on whatever is written in the bad namespace; resolves once it is in force. */
  async function impose(resource: 'secrets' | 'serviceaccounts', key: string, value: string): Promise<void> {
    policy = `${story.id}-${resource}`;
    const metadata = { name: policy };
    const changes = `!has(object.metadata.annotations) ? [JSONPatch{op: "add", path: "/metadata/annotations", value: {"${key}": "${value}"}}]
      : [JSONPatch{op: "add", path: "/metadata/annotations/" + jsonpatch.escapeKey("${key}"), value: "${value}"}]`;
    await story.make(`${ADMISSION}/mutatingadmissionpolicies`, {
      metadata,
      spec: {
        failurePolicy: 'Ignore',
        reinvocationPolicy: 'Never',
        matchConstraints: {
          namespaceSelector: { matchLabels: { mutated: story.id } },
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: [resource] },
          ],
        },
        mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression: changes } }],
      },
    });
    await story.make(`${ADMISSION}/mutatingadmissionpolicybindings`, {
      metadata,
      spec: { policyName: policy },
    });
    const kind = resource === 'secrets' ? ['secret', 'generic'] : ['serviceaccount'];
    await eventually('the policy is in force', async () => {
      const probe = await kubectlJson(['-n', bad, 'create', ...kind, 'probe', '--dry-run=server']);
      expect(probe.metadata.annotations).to.include({ [key]: value });
    });
  }
  async function lift(): Promise<void> {
    if (policy === undefined) return;
    await remove(`${ADMISSION}/mutatingadmissionpolicybindings/${policy}`);
    await remove(`${ADMISSION}/mutatingadmissionpolicies/${policy}`);
  }
  const isNamed = (credential: string): Promise<void> =>
    eventually(
      `${credential} is ready but for one namespace`,
      async () => {
        expect(await conditionOf(credential, 'Ready')).to.equal('True Synced');
        expect(await conditionOf(credential, 'Conflict')).to.equal('True Contested');
        const [failure, ...others] = await failuresOf(credential);
        expect(failure).to.include({ namespace: bad, reason: 'Contested' });
        expect(failure?.message).to.match(CHANGED);
        expect(others).to.deep.equal([]);
        expect((await statusOf(credential)).namespaces).to.include({ selected: 3, synced: 2, failed: 1 });
      },
      SOON,
    );
  const isHealed = (credential: string): Promise<void> =>
    eventually(
      `${credential} is well everywhere`,
      async () => {
        expect(await conditionOf(credential, 'Ready')).to.equal('True Synced');
        expect(await conditionOf(credential, 'Conflict')).to.equal(undefined);
        const { namespaces, failures } = await statusOf(credential);
        expect([namespaces.summary, failures]).to.deep.equal(['3/3', []]);
      },
      HEALED,
    );

  it('by a policy on Secrets is named, the others are served, and it heals with the policy', async function () {
    this.timeout(120_000);
    await skipWithoutMutatingPolicies(this);
    await impose('secrets', CREDENTIALS_ANNOTATION, 'platform');
    const credential = await oneLogin(story, 'x');
    await isNamed(credential);
    for (const namespace of good) await isServed(namespace, LOGINS);
    await lift();
    await isHealed(credential);
    await isServed(bad, LOGINS);
    expect((await secretIn(bad)).metadata.annotations).to.include({ [CREDENTIALS_ANNOTATION]: credential });
  });

  it('in a tight loop over a ServiceAccount is named, the others get a new password, and it heals', async function () {
    this.timeout(120_000);
    const credential = await oneLogin(story, 'x');
    for (const namespace of [...good, bad]) await isServed(namespace, LOGINS);
    isFighting = true;
    fight = (async () => {
      for (let turn = 0; isFighting; turn += 1)
        await patch(serviceAccountPath(bad, 'default'), { imagePullSecrets: [{ name: `q${turn}` }] }).catch(
          error => {
            // The API server itself gives up after a few attempts.
            if (!isConflict(error)) throw error;
          },
        );
    })();
    const newer = { [LOGIN.server]: [LOGIN.username, 'newer'] } as const;
    await setSource(credential, { [DOCKER_CONFIG_KEY]: dockerConfig([{ ...LOGIN, password: 'newer' }]) });
    for (const namespace of good) await isServed(namespace, newer);
    await isNamed(credential);
    isFighting = false;
    await fight;
    await patch(serviceAccountPath(bad, 'default'), { imagePullSecrets: null });
    await isHealed(credential);
    await isServed(bad, newer);
  });

  it('is named while it holds up a deletion, which goes through with the policy gone', async function () {
    this.timeout(120_000);
    await skipWithoutMutatingPolicies(this);
    const credential = await oneLogin(story, 'x');
    for (const namespace of [...good, bad]) await isServed(namespace, LOGINS);
    await impose('serviceaccounts', PULL_SECRETS_ANNOTATION, 'regcred');
    await remove(credentialPath(credential));
    for (const namespace of good) await isClean(namespace);
    await eventually('status says where', async () => {
      expect(await conditionOf(credential, 'Ready')).to.equal('False Deleting');
      const message = await messageOf(credential, 'Ready');
      expect(message).to.contain(bad).and.match(CHANGED);
    });
    await lift();
    await eventually('it is undone', () => isGone(credentialPath(credential)), UNDONE);
    await isClean(bad);
  });
});
