// A schema in words: its type, what bounds it, and what is said to whoever writes something else.

import type { Schema } from '../../src/api/schema.ts';

/** The loose view of a schema: which of these are there depends on its type. */
interface AnySchema {
  readonly type: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
}

export const loose = (schema: Schema): AnySchema => schema as AnySchema;

export function typeOf(schema: Schema): string {
  const { type, format, enum: words, items, additionalProperties } = loose(schema);
  if (words !== undefined) return `one of ${words.map(code).join(', ')}`;
  if (items !== undefined) return `list of ${plural(items)}`;
  if (additionalProperties !== undefined) return `map of strings to ${plural(additionalProperties)}`;
  return format === 'date-time' ? 'time (RFC 3339)' : type;
}

/** A list's items are bounded too. */
export function boundsOf(schema: Schema): string[] {
  const { minimum, maxLength, minItems, maxItems, maxProperties, items, additionalProperties } =
    loose(schema);
  const inside = items ?? additionalProperties;
  const insideLength = inside && loose(inside).maxLength;
  return [
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maxLength === undefined ? [] : [`up to ${maxLength} characters`]),
    ...(maxItems === undefined
      ? []
      : [`${minItems === undefined ? 'up to' : `${minItems} to`} ${maxItems} items`]),
    ...(maxProperties === undefined ? [] : [`up to ${maxProperties} keys`]),
    ...(insideLength === undefined ? [] : [`each up to ${insideLength} characters`]),
  ];
}

/** Each mistake for which the API server refuses a value, in its words. */
export function refusalsOf(schema: Schema): string[] {
  const rules = schema['x-kubernetes-validations'] ?? [];
  return rules.flatMap(({ message, messageExpression }) =>
    messageExpression === undefined ? [message ?? ''] : saidBy(messageExpression),
  );
}

/** The texts of a CEL expression that chooses between texts (src/api/cel-rule.ts writes each on a line of its own). */
export function saidBy(messageExpression: string): string[] {
  const texts = messageExpression.matchAll(/^\s*'((?:[^'\\]|\\.)*)'(?: :)?$/gm);
  return [...texts].map(([, text = '']) => text.replaceAll("\\'", "'"));
}

export const code = (text: string): string => `\`${text}\``;

const plural = (schema: Schema): string => {
  const { enum: words, type } = loose(schema);
  return words === undefined ? `${type}s` : words.map(code).join(', ');
};
