// What the API server checks of itself, beyond admission policies: the rules that
// the operator runs into (types, immutability, finalizers, docker configs).

import { isDeepStrictEqual } from 'node:util';
import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from '../api/names.ts';
import { ApiError } from '../kube/errors.ts';
import type { Lease } from '../kube/lease-record.ts';
import { type InvalidReason, invalid } from './answers.ts';
import { schemaProblems } from './openapi-schema.ts';
import type { AnyObject, Resource, SecretObject } from './resources.ts';

/** After one of these the CEL rules of the schema are not asked any more, and the answer says so. */
const UNCHECKABLE = /: (Required value|Unsupported value|Too long|Too many)/;
const UNCHECKED =
  '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; ' +
  'correct the existing errors to complete validation';

const MAX_SECRET_BYTES = 1_048_576;

/** Throws for the first rule that is broken; the real one lists all of them. */
export function validate(resource: Resource, before: AnyObject | undefined, after: AnyObject): void {
  const fail = (field: string, reason: InvalidReason, detail: string): never => {
    throw invalid(resource, after.metadata.name, field, reason, detail);
  };
  if (resource.custom) validateSchema(resource, after);
  if (resource.name === 'secrets')
    validateSecret(before as SecretObject | undefined, after as SecretObject, fail);
  if (resource.name === 'leases') validateLease(after as Lease, fail);
  if (before?.metadata.deletionTimestamp === undefined) return;
  const added = (after.metadata.finalizers ?? []).filter(name => !before.metadata.finalizers?.includes(name));
  if (added.length === 0) return;
  const names = added.map(name => JSON.stringify(name)).join(', ');
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`;
  fail('metadata.finalizers', 'FieldValueForbidden', `Forbidden: ${detail}`);
}

function validateSchema(resource: Resource, object: AnyObject): void {
  const problems = schemaProblems(object);
  if (problems.length === 0) return;
  if (problems.some(problem => UNCHECKABLE.test(problem))) problems.push(UNCHECKED);
  const { name } = object.metadata;
  const text = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`;
  const reasons = problems.map(problem =>
    problem.endsWith('Required value') ? 'FieldValueRequired' : 'FieldValueInvalid',
  );
  throw new ApiError(422, 'Invalid', `${resource.qualifiedKind} "${name}" is invalid: ${text}`, reasons);
}

type Fail = (field: string, reason: InvalidReason, detail: string) => never;

function validateSecret(before: SecretObject | undefined, after: SecretObject, fail: Fail): void {
  const frozen = 'Forbidden: field is immutable when `immutable` is set';
  if (before !== undefined && before.type !== after.type) {
    fail('type', 'FieldValueInvalid', `Invalid value: ${JSON.stringify(after.type)}: field is immutable`);
  }
  if (before?.immutable === true) {
    if (after.immutable !== true) fail('immutable', 'FieldValueForbidden', frozen);
    if (!isDeepStrictEqual(before.data, after.data)) fail('data', 'FieldValueForbidden', frozen);
  }
  let size = 0;
  for (const value of Object.values(after.data ?? {})) size += Buffer.byteLength(value, 'base64');
  if (size > MAX_SECRET_BYTES) {
    fail('data', 'FieldValueTooLong', `Too long: may not be more than ${MAX_SECRET_BYTES} bytes`);
  }
  if (after.type === DOCKER_CONFIG_TYPE) validateDockerConfig(after.data?.[DOCKER_CONFIG_KEY], fail);
}

function validateLease({ spec = {} }: Lease, fail: Fail): void {
  const { leaseDurationSeconds, leaseTransitions } = spec;
  const invalid = (field: string, value: number, rule: string): never =>
    fail(`spec.${field}`, 'FieldValueInvalid', `Invalid value: ${value}: must be greater than ${rule}`);
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0) {
    invalid('leaseDurationSeconds', leaseDurationSeconds, '0');
  }
  if (leaseTransitions !== undefined && leaseTransitions < 0) {
    invalid('leaseTransitions', leaseTransitions, 'or equal to 0');
  }
}

function validateDockerConfig(content: string | undefined, fail: Fail): void {
  const field = `data[${DOCKER_CONFIG_KEY}]`;
  if (content === undefined) fail(field, 'FieldValueRequired', 'Required value');
  else if (!isJsonObject(Buffer.from(content, 'base64').toString())) {
    fail(field, 'FieldValueInvalid', 'Invalid value: "<secret contents redacted>": not a JSON object');
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return value === null || (typeof value === 'object' && !Array.isArray(value));
  } catch {
    return false;
  }
}
