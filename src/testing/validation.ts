// What the API server checks of itself, beyond admission policies: the rules that
// the operator runs into (types, immutability, finalizers, docker configs).

import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from '../api/names.ts';
import type { Lease } from '../kube/lease-record.ts';
import { invalid, type Problem } from './answers.ts';
import { isSame } from './copy.ts';
import { schemaProblems } from './openapi-schema.ts';
import type { AnyObject, Resource, SecretObject } from './resources.ts';

/** After one of these the CEL rules of the schema are not asked any more, and the answer says so. */
const UNCHECKABLE = /^(Required value|Unsupported value|Too long|Too many)/;
const UNCHECKED: Problem = {
  field: '<nil>',
  reason: 'FieldValueInvalid',
  detail:
    'Invalid value: null: some validation rules were not checked because the object was invalid; ' +
    'correct the existing errors to complete validation',
};

const MAX_SECRET_BYTES = 1_048_576;

/** Throws with all that is wrong. `uid`: what the request says of it. */
export function validate(
  resource: Resource,
  before: AnyObject | undefined,
  after: AnyObject,
  uid?: string,
): void {
  const problems = before === undefined ? [] : metadataProblems(before, after, uid);
  if (resource.custom) problems.push(...schemaProblemsOf(after));
  if (resource.name === 'secrets')
    problems.push(...secretProblems(before as SecretObject | undefined, after as SecretObject));
  if (resource.name === 'leases') problems.push(...leaseProblems(after as Lease));
  if (problems.length > 0) throw invalid(resource, after.metadata.name, problems);
}

function metadataProblems(before: AnyObject, after: AnyObject, uid: string | undefined): Problem[] {
  const problems: Problem[] = [];
  const { finalizers = [], deletionTimestamp } = before.metadata;
  const added = (after.metadata.finalizers ?? []).filter(name => !finalizers.includes(name));
  if (deletionTimestamp !== undefined && added.length > 0) {
    const names = added.map(name => JSON.stringify(name)).join(', ');
    const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`;
    problems.push({
      field: 'metadata.finalizers',
      reason: 'FieldValueForbidden',
      detail: `Forbidden: ${detail}`,
    });
  }
  if (uid !== undefined && uid !== before.metadata.uid) problems.push(isImmutable('metadata.uid', uid));
  return problems;
}

const isImmutable = (field: string, value: unknown): Problem => ({
  field,
  reason: 'FieldValueInvalid',
  detail: `Invalid value: ${JSON.stringify(value)}: field is immutable`,
});

function schemaProblemsOf(object: AnyObject): Problem[] {
  const problems = schemaProblems(object).map((text): Problem => {
    const [, field = '', detail = ''] = /^(.*?): (.*)$/.exec(text) ?? [];
    const isMissing = detail === 'Required value';
    return { field, reason: isMissing ? 'FieldValueRequired' : 'FieldValueInvalid', detail };
  });
  return problems.some(({ detail }) => UNCHECKABLE.test(detail)) ? [...problems, UNCHECKED] : problems;
}

function secretProblems(before: SecretObject | undefined, after: SecretObject): Problem[] {
  const problems: Problem[] = [];
  const isFrozen = (field: string): Problem => ({
    field,
    reason: 'FieldValueForbidden',
    detail: 'Forbidden: field is immutable when `immutable` is set',
  });
  if (before !== undefined && before.type !== after.type) problems.push(isImmutable('type', after.type));
  if (before?.immutable === true) {
    if (after.immutable !== true) problems.push(isFrozen('immutable'));
    if (!isSame(before.data, after.data)) problems.push(isFrozen('data'));
  }
  let size = 0;
  for (const value of Object.values(after.data ?? {})) size += Buffer.byteLength(value, 'base64');
  if (size > MAX_SECRET_BYTES) {
    const detail = `Too long: may not be more than ${MAX_SECRET_BYTES} bytes`;
    problems.push({ field: 'data', reason: 'FieldValueTooLong', detail });
  }
  if (after.type === DOCKER_CONFIG_TYPE)
    problems.push(...dockerConfigProblems(after.data?.[DOCKER_CONFIG_KEY]));
  return problems;
}

function leaseProblems({ spec = {} }: Lease): Problem[] {
  const { leaseDurationSeconds: seconds = 1, leaseTransitions: transitions = 0 } = spec;
  const isTooSmall = (field: string, value: number, least: string): Problem => ({
    field: `spec.${field}`,
    reason: 'FieldValueInvalid',
    detail: `Invalid value: ${value}: must be greater than ${least}`,
  });
  return [
    ...(seconds > 0 ? [] : [isTooSmall('leaseDurationSeconds', seconds, '0')]),
    ...(transitions >= 0 ? [] : [isTooSmall('leaseTransitions', transitions, 'or equal to 0')]),
  ];
}

function dockerConfigProblems(content: string | undefined): Problem[] {
  const field = `data[${DOCKER_CONFIG_KEY}]`;
  if (content === undefined) return [{ field, reason: 'FieldValueRequired', detail: 'Required value' }];
  if (isJsonObject(Buffer.from(content, 'base64').toString())) return [];
  const detail = 'Invalid value: "<secret contents redacted>": not a JSON object';
  return [{ field, reason: 'FieldValueInvalid', detail }];
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return value === null || (typeof value === 'object' && !Array.isArray(value));
  } catch {
    return false;
  }
}
