// Names of objects as the API server allows them, and the fields that hold one.

import { MAX_NAME } from './bounds.ts';
import { matches } from './cel-rule.ts';
import type { Schema, TextSchema } from './schema.ts';

export const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
export const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;

const GLOB_LABEL = '[a-z0-9*]([-a-z0-9*]*[a-z0-9*])?';
export const GLOB_SUBDOMAIN = `${GLOB_LABEL}(\\.${GLOB_LABEL})*`;

export const secretName = <D extends string>(description: D) =>
  ({
    type: 'string',
    description,
    maxLength: MAX_NAME,
    'x-kubernetes-validations': [
      {
        rule: matches('self', `^${SUBDOMAIN}$`),
        message:
          "this cannot be the name of a Secret: write lower-case letters, digits, '-' and '.', with a letter or digit at both ends",
      },
    ],
  }) as const satisfies Schema & TextSchema;

export const secretRef = <D extends string>(description: D) =>
  ({
    type: 'object',
    description,
    required: ['name'],
    properties: { name: secretName("Name of the Secret, in the operator's namespace.") },
    'x-kubernetes-map-type': 'atomic',
  }) as const satisfies Schema;
