// The schema of RegistryCredential, obeyed as the API server obeys it: defaults filled
// in, unknown fields dropped, what breaks a bound refused. CEL rules are not run here.

import { crd } from '../api/crd.ts';
import type { Schema } from '../api/schema.ts';
import { copyOf } from './copy.ts';

type Fields = Record<string, unknown>;

const { spec: specSchema, status: statusSchema } = crd.spec.versions[0].schema.openAPIV3Schema.properties;

/** Defaults and pruning, in place. */
export function conform(object: Fields): void {
  object.status ??= copyOf(statusSchema.default);
  conformTo(specSchema, object.spec);
  conformTo(statusSchema, object.status);
}

/** "field: what is wrong" for each thing that the schema forbids. */
export function schemaProblems(object: Fields): string[] {
  if (object.spec === undefined) return ['spec: Required value'];
  const ofStatus = object.status === undefined ? [] : problems(statusSchema, object.status, 'status');
  return [...problems(specSchema, object.spec, 'spec'), ...ofStatus];
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function conformTo(schema: Schema, value: unknown): void {
  if (schema.type === 'array' && Array.isArray(value)) {
    for (const item of value) conformTo(schema.items, item);
  }
  if (schema.type !== 'object' || !isFields(value)) return;
  if ('additionalProperties' in schema) return;
  for (const key of Object.keys(value)) {
    const field = schema.properties[key];
    if (field === undefined || (value[key] === null && field.nullable !== true)) delete value[key];
  }
  for (const [key, field] of Object.entries(schema.properties)) {
    if (value[key] === undefined && 'default' in field) value[key] = copyOf(field.default);
    conformTo(field, value[key]);
  }
}

function problems(schema: Schema, value: unknown, path: string): string[] {
  switch (schema.type) {
    case 'array':
      return listProblems(schema, value, path);
    case 'object':
      return objectProblems(schema, value, path);
    case 'string':
      return textProblems(schema, value, path);
    case 'integer':
      return Number.isInteger(value) && (value as number) >= schema.minimum ? [] : [`${path}: Invalid value`];
    default:
      return typeof value === 'boolean' ? [] : [`${path}: Invalid value`];
  }
}

function textProblems(schema: Schema & { type: 'string' }, value: unknown, path: string): string[] {
  if (typeof value !== 'string') return [`${path}: Invalid value`];
  if ('enum' in schema) return schema.enum.includes(value) ? [] : [`${path}: Unsupported value`];
  // Characters, not UTF-16 units.
  const length = [...value].length;
  if (length > schema.maxLength) return [`${path}: Too long: may not be more than ${schema.maxLength} bytes`];
  const isNoTime = schema.format === 'date-time' && Number.isNaN(Date.parse(value));
  return isNoTime ? [`${path}: Invalid value`] : [];
}

function listProblems(schema: Schema & { type: 'array' }, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [`${path}: Invalid value`];
  if (value.length > schema.maxItems)
    return [`${path}: Too many: must have at most ${schema.maxItems} items`];
  if (value.length < (schema.minItems ?? 0))
    return [`${path}: Invalid value: should have at least ${schema.minItems} items`];
  return value.flatMap((item, index) => problems(schema.items, item, `${path}[${index}]`));
}

function objectProblems(schema: Schema & { type: 'object' }, value: unknown, path: string): string[] {
  if (!isFields(value)) return [`${path}: Invalid value`];
  if ('additionalProperties' in schema) {
    if (Object.keys(value).length > schema.maxProperties) return [`${path}: Too many`];
    return Object.entries(value).flatMap(([key, item]) =>
      problems(schema.additionalProperties, item, `${path}.${key}`),
    );
  }
  const missing = (schema.required ?? []).filter(key => value[key] === undefined);
  const given = Object.entries(schema.properties).filter(([key]) => value[key] !== undefined);
  return [
    ...missing.map(key => `${path}.${key}: Required value`),
    ...given.flatMap(([key, field]) => problems(field, value[key], `${path}.${key}`)),
  ];
}
