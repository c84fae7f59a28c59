// The source `acr`: as whom a login is asked of Azure, and of which registries.

import { type Mistake, matches, refusal } from './cel-rule.ts';
import { secretRef } from './object-name.ts';
import type { Schema } from './schema.ts';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
/** The clouds by the ends of their registries' names: the public one, of the US government, of China. */
const SERVER = `^(https://)?((${LABEL}\\.)+azurecr\\.(io|us|cn))(/[a-z0-9][a-z0-9._-]*)*/?$`;

const UUID = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
/** Of a directory; it becomes a part of a path. */
const TENANT = '^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?([.][A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*$';

/** The host of a registry of Azure, or undefined if it is none. */
export const azureRegistryHost = (server: string): string | undefined => new RegExp(SERVER).exec(server)?.[2];
export const isTenant = (tenant: string): boolean => new RegExp(TENANT).test(tenant);

export const acr = {
  type: 'object',
  description:
    'A login for an Azure Container Registry that lives for about three hours; it is fetched again before it ends. It can do in the registry what its identity can: use one that can pull and nothing else. Without secretRef the operator asks as itself: by workload identity where its pod has AZURE_FEDERATED_TOKEN_FILE, or else, if it was started with --node-identity=acr, by the managed identity of its node.',
  properties: {
    tenantId: {
      type: 'string',
      description:
        'The Entra tenant of the identity, an ID or a domain such as example.onmicrosoft.com. Left out, it is AZURE_TENANT_ID of the operator; a managed identity needs none.',
      maxLength: 253,
    },
    clientId: {
      type: 'string',
      description:
        "The client ID of the application or of the user-assigned managed identity. Left out, it is AZURE_CLIENT_ID of the operator where that uses workload identity, or else the node's own managed identity.",
      maxLength: 36,
    },
    secretRef: secretRef(
      "A Secret in the operator's namespace with the key clientSecret: a client secret of the application clientId in the tenant tenantId.",
    ),
  },
} as const satisfies Schema;

const FORM =
  'REGISTRY.azurecr.io, REGISTRY.azurecr.us or REGISTRY.azurecr.cn, with a path if only that is meant';

const mistakes: readonly Mistake[] = [
  {
    when: `has(self.acr) && has(self.server) && !${matches('self.server', SERVER)}`,
    say: `acr with a server that is no registry of Azure: a login is asked of no other; write ${FORM}`,
  },
  {
    when: `has(self.acr) && has(self.acr.tenantId) && !${matches('self.acr.tenantId', TENANT)}`,
    say: 'acr.tenantId is no tenant: write its ID, or a domain such as example.onmicrosoft.com',
  },
  {
    when: `has(self.acr) && has(self.acr.clientId) && !${matches('self.acr.clientId', UUID)}`,
    say: 'acr.clientId is no client ID: write it as Azure shows it, such as 00000000-0000-0000-0000-000000000000',
  },
  {
    when: 'has(self.acr) && has(self.acr.secretRef) && !(has(self.acr.tenantId) && has(self.acr.clientId))',
    say: 'acr.secretRef without tenantId and clientId: write whose client secret it is',
  },
];

/** Of the registry, since it holds server too; and the API server repeats a bad string, where somebody may have put a secret. */
export const acrRule = refusal(`acr needs a server of Azure: write ${FORM}`, mistakes);
