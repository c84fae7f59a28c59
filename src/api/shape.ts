// Whether a value has the form that the code relies on. The API server checks that by the CRD that is installed, which
// after a rollback of the operator, or before its upgrade, is that of another version.

import type { Schema } from './schema.ts';

/** The path of the first part that is of another form; bounds, rules and fields that nobody reads do not count. */
export function misshapen(schema: Schema, value: unknown, path: string): string | undefined {
  switch (schema.type) {
    case 'array':
      if (!Array.isArray(value)) return path;
      return firstOf(value.map((item, index) => () => misshapen(schema.items, item, `${path}[${index}]`)));
    case 'object':
      return isObject(value) ? misshapenIn(schema, value, path) : path;
    case 'string':
      return isText(schema, value) ? undefined : path;
    case 'integer':
      return Number.isInteger(value) ? undefined : path;
    default:
      return typeof value === 'boolean' ? undefined : path;
  }
}

function misshapenIn(
  schema: Schema & { readonly type: 'object' },
  value: Readonly<Record<string, unknown>>,
  path: string,
): string | undefined {
  if ('additionalProperties' in schema) {
    const { additionalProperties } = schema;
    // Their keys may be any text: not shown.
    return firstOf(Object.values(value).map(item => () => misshapen(additionalProperties, item, path)));
  }
  return firstOf(
    Object.entries(schema.properties).map(([name, field]) => () => {
      const inner = Object.hasOwn(value, name) ? value[name] : undefined;
      const isNeeded = schema.required?.includes(name) || 'default' in field;
      return inner === undefined && !isNeeded ? undefined : misshapen(field, inner, `${path}.${name}`);
    }),
  );
}

function firstOf(looks: readonly (() => string | undefined)[]): string | undefined {
  for (const look of looks) {
    const found = look();
    if (found !== undefined) return found;
  }
  return undefined;
}

const isText = (schema: Schema & { readonly type: 'string' }, value: unknown): boolean =>
  typeof value === 'string' && (!('enum' in schema) || schema.enum.includes(value));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
