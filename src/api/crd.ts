// The CustomResourceDefinition, put together from the schemas and names of this folder.
// crds/ holds it as YAML, written by scripts/generate.ts.

import { GROUP, KIND, PLURAL, SHORT_NAME, VERSION } from './names.ts';
import { specSchema } from './spec-schema.ts';
import { statusSchema } from './status-schema.ts';

// Expires is a string, for kubectl shows a date that is yet to come as <invalid>.
const columns = [
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Secret', type: 'string', jsonPath: '.spec.secretName' },
  { name: 'Namespaces', type: 'string', jsonPath: '.status.namespaces.summary' },
  { name: 'ServiceAccounts', type: 'string', jsonPath: '.status.serviceAccounts.summary' },
  { name: 'Expires', type: 'string', jsonPath: '.status.expiresAt' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  {
    name: 'Verified',
    type: 'string',
    priority: 1,
    jsonPath: '.status.conditions[?(@.type=="Verified")].status',
  },
  { name: 'Reason', type: 'string', priority: 1, jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
  {
    name: 'Message',
    type: 'string',
    priority: 1,
    jsonPath: '.status.conditions[?(@.type=="Ready")].message',
  },
] as const;

export const crd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${PLURAL}.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Cluster',
    names: {
      kind: KIND,
      listKind: `${KIND}List`,
      plural: PLURAL,
      singular: KIND.toLowerCase(),
      shortNames: [SHORT_NAME],
    },
    versions: [
      {
        name: VERSION,
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: columns,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description:
              'RegistryCredential gives namespaces a Secret with registry logins, and their ServiceAccounts a reference to it, so that pods pull private images with nothing in their own manifest.',
            required: ['spec'],
            properties: { spec: specSchema, status: statusSchema },
          },
        },
      },
    ],
  },
} as const;
