// What a user writes. A field enters together with the code that obeys it.

import { MAX_NAME, MAX_SERVICE_ACCOUNT_NAMES } from './bounds.ts';
import { matches } from './cel-rule.ts';
import { labelSelector } from './label-selector-schema.ts';
import { DEFAULT_SECRET_NAME, SYNC_LABEL } from './names.ts';
import { GLOB_SUBDOMAIN, secretName } from './object-name.ts';
import { refresh, refreshRule } from './refresh-schema.ts';
import { registries } from './registry-schema.ts';
import type { Schema } from './schema.ts';
import { verification } from './verification-schema.ts';

const serviceAccounts = {
  type: 'object',
  description: `The ServiceAccounts in the selected namespaces that get the Secret among their imagePullSecrets: those that names or selector takes. Left out, it is every one of them. A ServiceAccount with the label ${SYNC_LABEL}: "false" is always left alone.`,
  properties: {
    names: {
      type: 'array',
      description: "Names of ServiceAccounts; '*' stands for any text, also none, as in build-*.",
      items: {
        type: 'string',
        maxLength: MAX_NAME,
        'x-kubernetes-validations': [
          {
            rule: matches('self', `^${GLOB_SUBDOMAIN}$`),
            message:
              "no ServiceAccount can have such a name: write lower-case letters, digits, '-' and '.', and '*' for any text, with a letter, digit or '*' at both ends",
          },
        ],
      },
      maxItems: MAX_SERVICE_ACCOUNT_NAMES,
      'x-kubernetes-list-type': 'atomic',
    },
    selector: labelSelector('ServiceAccounts by their labels; {} takes every one.'),
  },
  'x-kubernetes-validations': [
    {
      rule: 'has(self.names) || has(self.selector)',
      message:
        'serviceAccounts selects nothing: write names or selector, or leave serviceAccounts out for every ServiceAccount',
    },
    {
      rule: '!has(self.names) || size(self.names) > 0',
      message: 'serviceAccounts.names is empty: write at least one name, or leave names out',
    },
  ],
} as const satisfies Schema;

export const specSchema = {
  type: 'object',
  description: 'Which logins go into which namespaces.',
  required: ['registries'],
  properties: {
    registries,
    secretName: {
      ...secretName(
        'Name of the Secret that is made in the selected namespaces. It must be among the names that the operator is started with. Left out, it is regcred.',
      ),
      default: DEFAULT_SECRET_NAME,
    },
    namespaceSelector: {
      ...labelSelector(
        `The namespaces that get the Secret, by their labels; {} takes every one. Left out, it is those with the label ${SYNC_LABEL}: "true". A namespace with that label on "false" is always left alone, and kube-system, kube-public and kube-node-lease need it on "true".`,
      ),
      default: { matchLabels: { [SYNC_LABEL]: 'true' } },
    },
    serviceAccounts,
    refresh,
    verification,
    deletionPolicy: {
      type: 'string',
      description:
        'What becomes of the Secrets and of the references to them when this object is deleted: Delete takes them away, Orphan leaves them as they are and no longer looks after them. Left out, it is Delete.',
      enum: ['Delete', 'Orphan'],
      default: 'Delete',
    },
    suspend: {
      type: 'boolean',
      description:
        'While true nothing is changed: everything stays as it is, and no new namespace is served. Deletion is still obeyed. Left out, it is false.',
    },
  },
  'x-kubernetes-validations': [refreshRule],
} as const satisfies Schema;
