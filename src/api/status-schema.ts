// What the operator answers. It is bounded like the spec; bounds.ts is what to clip by.

import {
  MAX_CONDITIONS,
  MAX_FAILURES,
  MAX_MESSAGE,
  MAX_NAME,
  MAX_REASON,
  MAX_REFRESH_REQUEST,
  MAX_REGISTRIES,
  MAX_SOURCE,
  MAX_STATUS_SERVER,
  MAX_SUMMARY,
  MAX_TIME,
} from './bounds.ts';
import type { Schema } from './schema.ts';
import { UNTOLD } from './untold-status.ts';

const text = <D extends string>(description: D, maxLength: number) =>
  ({ type: 'string', description, maxLength }) as const satisfies Schema;
const time = <D extends string>(description: D) =>
  ({ type: 'string', format: 'date-time', description, maxLength: MAX_TIME }) as const satisfies Schema;
const count = <D extends string>(description: D) =>
  ({ type: 'integer', format: 'int64', minimum: 0, description }) as const satisfies Schema;

const condition = {
  type: 'object',
  required: ['type', 'status', 'reason', 'message', 'lastTransitionTime', 'observedGeneration'],
  properties: {
    type: text(
      'What it is about: Ready, Reconciling, Stalled, SourceFailing, Conflict or Verified.',
      MAX_REASON,
    ),
    status: {
      type: 'string',
      description: 'Whether it holds.',
      enum: ['True', 'False', 'Unknown'],
    },
    reason: text('Why, in one word.', MAX_REASON),
    message: text('Why, and what to do.', MAX_MESSAGE),
    lastTransitionTime: time('When its status last changed.'),
    observedGeneration: count('The generation of this object that it was found for.'),
  },
} as const satisfies Schema;

const registry = {
  type: 'object',
  required: ['server', 'source'],
  properties: {
    server: text('The server that the login is for, as it was written.', MAX_STATUS_SERVER),
    source: text('Where the login comes from.', MAX_SOURCE),
    expiresAt: time('When the login ends; absent if it does not.'),
    verified: {
      type: 'string',
      description:
        'Whether the registry took the login when it was last tried: True, False, or Unknown where nobody could tell; absent where it was not tried.',
      enum: ['True', 'False', 'Unknown'],
    },
    reason: text('Why verified is so, in one word.', MAX_REASON),
    message: text('What is wrong with this login, and what to do.', MAX_MESSAGE),
  },
} as const satisfies Schema;

const failure = {
  type: 'object',
  required: ['namespace', 'reason', 'message'],
  properties: {
    namespace: text('Name of the namespace.', MAX_NAME),
    reason: text('Why it is not served, in one word.', MAX_REASON),
    message: text('Why it is not served, and what to do.', MAX_MESSAGE),
  },
} as const satisfies Schema;

const listOf = <D extends string, I extends Schema>(description: D, items: I, maxItems: number) =>
  ({ type: 'array', description, items, maxItems, 'x-kubernetes-list-type': 'atomic' }) as const;

export const statusSchema = {
  type: 'object',
  description: 'What the operator found and did. It is written by the operator only.',
  required: ['observedGeneration', 'conditions', 'registries', 'namespaces', 'serviceAccounts', 'failures'],
  default: UNTOLD,
  properties: {
    observedGeneration: count(
      'The generation of this object that the status is about; 0 until the operator has looked.',
    ),
    conditions: {
      type: 'array',
      description:
        'Ready is there once the operator has looked; Reconciling, Stalled, SourceFailing and Conflict only while they are True; Verified once the logins were tried.',
      items: condition,
      maxItems: MAX_CONDITIONS,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    },
    registries: listOf('The logins, one by one.', registry, MAX_REGISTRIES),
    namespaces: {
      type: 'object',
      description: 'How many namespaces are served.',
      required: ['selected', 'synced', 'failed', 'summary'],
      properties: {
        selected: count('Namespaces that are to have the Secret.'),
        synced: count('Namespaces that have it, up to date.'),
        failed: count('Namespaces that cannot be served; failures names the first of them.'),
        summary: text('Synced and selected, such as 11/12.', MAX_SUMMARY),
      },
    },
    serviceAccounts: {
      type: 'object',
      description: 'How many ServiceAccounts refer to the Secret.',
      required: ['selected', 'attached', 'summary'],
      properties: {
        selected: count('ServiceAccounts that are to refer to the Secret.'),
        attached: count('ServiceAccounts that do.'),
        summary: text('Attached and selected, such as 11/12.', MAX_SUMMARY),
      },
    },
    failures: listOf('The first 10 namespaces by name that cannot be served.', failure, MAX_FAILURES),
    expiresAt: time('When the first of the logins ends; absent if none does.'),
    lastRefreshTime: time('When a login was last fetched from a source that gives tokens.'),
    nextRefreshTime: time(
      'When the next one is to be fetched; absent if no login ends and refresh is left out, or while a source fails, for then it is tried again with growing pauses.',
    ),
    lastHandledRefresh: text(
      'The value of the annotation regcred.dev/refresh, up to 128 characters of it, for which logins were last fetched.',
      MAX_REFRESH_REQUEST,
    ),
  },
} as const satisfies Schema;
