// The names that the operator hands out stand in four manifests, since neither RBAC nor a policy can look
// them up in a flag: whoever edits one of them is told here which others to edit.

import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import {
  FINALIZER,
  GROUP,
  INTERNAL_LABEL,
  KEPT_PREFIX,
  KEPT_TYPE,
  KIND,
  LEASE,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  PULL_SECRETS_ANNOTATION,
  SYNC_LABEL,
  SYSTEM_NAMESPACES,
  VERSION,
} from '../../src/api/names.ts';
import { EVENT_NAMESPACE } from '../../src/kube/event-object.ts';

const ADMISSION = 'components/admission/policy.yaml';
const SECRET_NAMES = /^--secret-names=(.*)$/;

const read = (file: string): Promise<string> =>
  readFile(new URL(`../../manifests/${file}`, import.meta.url), 'utf8');

// biome-ignore lint/suspicious/noExplicitAny: the shape is what is tested
async function objects(file: string, kind: string): Promise<any[]> {
  const all = parseAllDocuments(await read(file)).map(document => document.toJS());
  return all.filter(candidate => candidate.kind === kind);
}

// biome-ignore lint/suspicious/noExplicitAny: likewise
async function object(file: string, kind: string): Promise<any> {
  return (await objects(file, kind))[0];
}

async function flagNames(): Promise<string[]> {
  const deployment = await object('deployment.yaml', 'Deployment');
  const args: string[] = deployment.spec.template.spec.containers[0].args;
  return args.flatMap(arg => SECRET_NAMES.exec(arg)?.[1]?.split(',') ?? []);
}

describe('the manifests', () => {
  it('let the operator write the very Secrets that it is started with', async () => {
    const { rules } = await object('rbac.yaml', 'ClusterRole');
    const rule = rules.find(({ resources }: { resources: string[] }) => resources.includes('secrets'));
    const names = await flagNames();
    expect(names).not.to.be.empty;
    expect(rule.resourceNames, 'resourceNames in rbac.yaml, --secret-names in deployment.yaml').to.deep.equal(
      names,
    );
  });

  it('let the operator refer to the very Secrets that it is started with', async () => {
    const { spec } = await object('service-account-policy.yaml', 'ValidatingAdmissionPolicy');
    const { expression } = spec.variables.find(({ name }: { name: string }) => name === 'secretNames');
    const written = `[${(await flagNames()).map(name => `'${name}'`).join(', ')}]`;
    expect(expression, 'secretNames in service-account-policy.yaml').to.equal(written);
  });

  it('let the replicas agree by the very Lease that they use, and a drain take one of them at a time', async () => {
    const roles = await objects('rbac.yaml', 'Role');
    const { rules } = roles.find(({ metadata }) => metadata.name === 'regcred-leader-election');
    const [create, others] = rules;
    expect([create.verbs, create.resourceNames]).to.deep.equal([['create'], undefined]);
    expect([others.verbs, others.resourceNames]).to.deep.equal([['get', 'update'], [LEASE]]);
    const { spec } = await object('deployment.yaml', 'Deployment');
    const budget = await object('deployment.yaml', 'PodDisruptionBudget');
    expect([spec.replicas, budget.spec.maxUnavailable]).to.deep.equal([2, 1]);
    expect(
      budget.spec.unhealthyPodEvictionPolicy,
      'else two that are not ready hold up every drain',
    ).to.equal('AlwaysAllow');
    const [spread] = spec.template.spec.topologySpreadConstraints;
    for (const selector of [budget.spec.selector, spread.labelSelector, spec.selector])
      expect(selector.matchLabels).to.deep.equal(spec.template.metadata.labels);
  });

  it('let the operator write Events where those about its objects must be, and read none', async () => {
    const role = await object('event-rbac.yaml', 'Role');
    const binding = await object('event-rbac.yaml', 'RoleBinding');
    const { metadata } = await object('rbac.yaml', 'ServiceAccount');
    expect([role.metadata.namespace, binding.metadata.namespace]).to.deep.equal([
      EVENT_NAMESPACE,
      EVENT_NAMESPACE,
    ]);
    expect(role.rules).to.deep.equal([
      { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
    ]);
    expect(binding.roleRef.name).to.equal(role.metadata.name);
    expect(binding.subjects).to.deep.equal([
      { kind: 'ServiceAccount', name: metadata.name, namespace: metadata.namespace },
    ]);
  });

  it('limit every rule on Secrets of all namespaces to names', async () => {
    const { rules } = await object('rbac.yaml', 'ClusterRole');
    for (const rule of rules) {
      expect(rule.resources).not.to.include('*');
      expect(rule.verbs).not.to.include('*');
      if (rule.resources.includes('secrets')) expect(rule.resourceNames).not.to.be.empty;
    }
  });

  it('speak of the label and the annotation that the operator writes', async () => {
    const secrets = await object('secret-policy.yaml', 'ValidatingAdmissionPolicy');
    const owned = secrets.spec.validations.at(-1);
    expect(owned.expression).to.contain(`'${MANAGED_BY_LABEL}'].orValue('') == '${MANAGED_BY}'`);
    const accounts = await object('service-account-policy.yaml', 'ValidatingAdmissionPolicy');
    const free = accounts.spec.variables.find(({ name }: { name: string }) => name === 'freeAnnotations');
    expect(free.expression).to.equal(`['${PULL_SECRETS_ANNOTATION}']`);
  });

  it('let the operator keep logins by the very names that it uses, in its own namespace', async () => {
    const { spec } = await object('secret-policy.yaml', 'ValidatingAdmissionPolicy');
    const { metadata } = await object('rbac.yaml', 'ServiceAccount');
    const expressionOf = (variable: string): string =>
      spec.variables.find(({ name }: { name: string }) => name === variable).expression;
    expect(expressionOf('atHome')).to.equal(`request.namespace == '${metadata.namespace}'`);
    for (const [variable, of] of [
      ['isKept', 'object'],
      ['wasKept', 'oldObject'],
    ] as const)
      expect(expressionOf(variable).trim()).to.equal(
        `variables.atHome && ${of} != null && ${of}.type == '${KEPT_TYPE}' && ` +
          `${of}.metadata.name.startsWith('${KEPT_PREFIX}') && ` +
          `'${INTERNAL_LABEL}' in ${of}.metadata.?labels.orValue({})`,
      );
  });

  it('bind the ServiceAccount that the operator runs as, and deny', async () => {
    const { metadata } = await object('rbac.yaml', 'ServiceAccount');
    const deployment = await object('deployment.yaml', 'Deployment');
    expect(deployment.spec.template.spec.serviceAccountName).to.equal(metadata.name);
    expect(deployment.metadata.namespace).to.equal(metadata.namespace);
    for (const file of ['secret-policy.yaml', 'service-account-policy.yaml']) {
      const { spec, metadata: policy } = await object(file, 'ValidatingAdmissionPolicy');
      expect(spec.failurePolicy).to.equal('Fail');
      expect(spec.matchConditions[0].expression).to.equal(
        `request.userInfo.username == 'system:serviceaccount:${metadata.namespace}:${metadata.name}'`,
      );
      const binding = await object(file, 'ValidatingAdmissionPolicyBinding');
      expect(binding.spec).to.deep.equal({ policyName: policy.name, validationActions: ['Deny'] });
    }
  });

  it('have the admission policy give the very entries that the operator would', async () => {
    const { spec } = await object(ADMISSION, 'MutatingAdmissionPolicy');
    const expressionOf = (variable: string): string =>
      spec.variables.find(({ name }: { name: string }) => name === variable).expression;
    const quoted = (names: Iterable<string>): string => `[${[...names].map(name => `'${name}'`).join(', ')}]`;
    expect(expressionOf('secretNames'), `secretNames in ${ADMISSION}`).to.equal(quoted(await flagNames()));
    expect(expressionOf('isObeyed')).to.contain(`'${FINALIZER}' in`);
    expect(expressionOf('namespaceMayBeServed')).to.contain(`in ${quoted(SYSTEM_NAMESPACES)}`);
    expect(expressionOf('accountIsKeptOut')).to.contain(`'${SYNC_LABEL}'`);
    for (const variable of ['mark', 'markBefore'])
      expect(expressionOf(variable)).to.contain(`'${PULL_SECRETS_ANNOTATION}'`);
    expect(spec.paramKind).to.deep.equal({ apiVersion: `${GROUP}/${VERSION}`, kind: KIND });
    const { metadata } = await object('deployment.yaml', 'Deployment');
    expect(spec.matchConstraints.namespaceSelector.matchExpressions).to.deep.equal([
      { key: SYNC_LABEL, operator: 'NotIn', values: ['false'] },
      { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [metadata.namespace] },
    ]);
  });

  it('have the admission policy stand in nobody’s way, least of all in that of the operator', async () => {
    const { metadata } = await object('rbac.yaml', 'ServiceAccount');
    const { spec, metadata: policy } = await object(ADMISSION, 'MutatingAdmissionPolicy');
    expect(spec.failurePolicy).to.equal('Ignore');
    const isByOperator = spec.variables.find(({ name }: { name: string }) => name === 'isByOperator');
    expect(isByOperator.expression).to.equal(
      `request.userInfo.username == 'system:serviceaccount:${metadata.namespace}:${metadata.name}'`,
    );
    const binding = await object(ADMISSION, 'MutatingAdmissionPolicyBinding');
    expect(binding.spec).to.deep.equal({
      policyName: policy.name,
      paramRef: { selector: {}, parameterNotFoundAction: 'Allow' },
    });
  });
});
