// What an identity may do, as the API server itself counts it.

import { inWords, type Rule, rightsOf } from './granted-rights.ts';
import { kubectl } from './kubectl.ts';
import type { OperatorIdentity } from './operator-identity.ts';

const PATH = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
const REVIEW = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview' };
/** A ServiceAccount to which nobody gave anything. */
const NOBODY = [
  '--as=system:serviceaccount:default:default',
  ...['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'].map(
    group => `--as-group=${group}`,
  ),
];

/** Without what everybody has who is logged in; each as "group/resource[ name]: verb", sorted. */
export async function ownRights(identity: OperatorIdentity, namespace: string): Promise<string[]> {
  const review = { ...REVIEW, spec: { namespace } };
  const own = rightsIn((await identity('POST', PATH, { body: review })).body);
  const create = ['create', '--validate=false', '-f', '-', '-o', 'json', ...NOBODY];
  const everybodys = new Set(rightsIn(JSON.parse(await kubectl(create, review))));
  return own.filter(right => !everybodys.has(right)).sort();
}

const rightsIn = ({ status }: { status: { resourceRules: Rule[] } }): string[] =>
  status.resourceRules.flatMap(rule => rightsOf(rule).map(inWords));
