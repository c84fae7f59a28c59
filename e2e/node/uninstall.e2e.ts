// The operator goes as the README says, and with it everything that it did: nothing in the cluster tells that
// it was there. What ran goes on running.

import { expect } from 'chai';
import {
  DEFAULT_SECRET_NAME,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  PULL_SECRETS_ANNOTATION,
} from '../../src/api/names.ts';
import { SECRETS_PATH, SERVICE_ACCOUNTS_PATH } from '../../src/controller/paths.ts';
import { type AnyObject, read } from '../api/admin.ts';
import { kubectl } from '../api/kubectl.ts';
import { Scenario } from '../api/scenario.ts';
import { isServed } from '../api/served.ts';
import { offersMutatingPolicies } from '../cluster/admission-component.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { installation, site } from './hooks.ts';
import { handOut, inNamespace, loginTo, OPTED_IN } from './login.ts';
import { installOperator, uninstallOperator } from './operator-deployment.ts';
import { podRuns, pushed, runPod } from './pods.ts';

describe('the operator, once uninstalled,', () => {
  let story: Scenario;
  let hasPolicies: boolean;
  before(async () => {
    story = new Scenario('uninstall');
    hasPolicies = await offersMutatingPolicies(site().cluster);
    await installOperator(installation(hasPolicies));
  });
  after(async () => {
    await installOperator(installation());
    await story.end();
  });

  it('has said no password in its log, and leaves no Secret, no reference and nothing of its own', async () => {
    const { registry } = site();
    const login = loginTo(registry);
    const image = await pushed(registry, 'apps/uninstall');
    await handOut(story, login);
    const namespace = await story.namespace('in', OPTED_IN);
    await isServed(namespace, inNamespace(login));
    const pod = await runPod(namespace, image);
    await podRuns(namespace, pod);
    const log = await kubectl(['-n', OPERATOR_NAMESPACE, 'logs', '-l', PODS, '--tail=-1']);
    expect(log).not.to.equal('');
    expect(log.includes(login.password), 'its log holds the password').to.equal(false);

    await uninstallOperator(installation());
    const { items: secrets } = await read(SECRETS_PATH);
    expect(namesOf(secrets.filter(isOurs))).to.deep.equal([]);
    const { items: accounts } = await read(SERVICE_ACCOUNTS_PATH);
    expect(namesOf(accounts.filter(refersToUs))).to.deep.equal([]);
    const kinds = [...KINDS, ...(hasPolicies ? POLICY_KINDS : [])].join();
    expect(await kubectl(['get', kinds, '-A', '-l', PART_OF, '-o', 'name'])).to.equal('');
    await podRuns(namespace, pod);
  });
});

const KINDS = [
  'namespaces',
  'customresourcedefinitions',
  'clusterroles',
  'clusterrolebindings',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'deployments',
];
const POLICY_KINDS = ['mutatingadmissionpolicies', 'mutatingadmissionpolicybindings'];
/** Of every replica. */
const PODS = 'app.kubernetes.io/name=regcred';
/** manifests/kustomization.yaml puts it on all that it installs. */
const PART_OF = 'app.kubernetes.io/part-of=regcred';

const isOurs = ({ metadata }: AnyObject): boolean =>
  metadata.name === DEFAULT_SECRET_NAME || metadata.labels?.[MANAGED_BY_LABEL] === MANAGED_BY;

const refersToUs = ({ metadata, imagePullSecrets = [] }: AnyObject): boolean =>
  metadata.annotations?.[PULL_SECRETS_ANNOTATION] !== undefined ||
  imagePullSecrets.some(({ name }: { name: string }) => name === DEFAULT_SECRET_NAME);

const namesOf = (objects: readonly AnyObject[]): string[] =>
  objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
