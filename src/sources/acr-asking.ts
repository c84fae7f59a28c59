// As whom `acr` asks: by a client secret, by workload identity, or, if whoever runs the operator allows it, by
// the managed identity of the node.

import { isTenant } from '../api/acr-schema.ts';
import type { RegistrySpec } from '../api/types.ts';
import { projectedToken } from './projected-token.ts';
import { secretValue } from './secret-value.ts';
import type { TokenContext } from './source.ts';
import { type FailedFetch, failed, nodeIdentityRefused, notFound } from './source-failure.ts';

export type AzureAsking = SecretAsking | WorkloadAsking | ManagedAsking;

export interface SecretAsking {
  readonly kind: 'secret';
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface WorkloadAsking {
  readonly kind: 'workload';
  readonly tenantId: string;
  readonly clientId: string;
  /** A token of the operator's, which Entra takes in place of a secret. */
  readonly assertion: string;
}

export interface ManagedAsking {
  readonly kind: 'managed';
  /** Undefined: the node's own. */
  readonly clientId: string | undefined;
}

type AcrSpec = NonNullable<RegistrySpec['acr']>;

const KEY = 'clientSecret';
const FILE_VARIABLE = 'AZURE_FEDERATED_TOKEN_FILE';

export async function askingFor(spec: AcrSpec, context: TokenContext): Promise<AzureAsking | FailedFetch> {
  if (spec.secretRef !== undefined) return bySecret(spec, spec.secretRef.name, context);
  const file = context.environment[FILE_VARIABLE] ?? '';
  if (file !== '') return byWorkload(spec, file, context);
  const ways = 'name a client secret in acr.secretRef, or set up workload identity';
  if (!context.nodeIdentity.has('acr'))
    return nodeIdentityRefused('acr', "the node's managed identity", ways);
  return { kind: 'managed', clientId: spec.clientId };
}

function bySecret(spec: AcrSpec, name: string, context: TokenContext): AzureAsking | FailedFetch {
  const { tenantId = '', clientId = '' } = spec;
  if (!isTenant(tenantId) || clientId === '')
    return failed(
      'SecretMalformed',
      'acr.secretRef without tenantId and clientId: write whose client secret it is',
    );
  const secret = context.secret(name);
  if (secret === undefined) return notFound(name, context, `generic --from-literal=${KEY}=…`);
  const title = `Secret ${context.namespace}/${name}`;
  const value = secretValue(secret, KEY);
  if (!value.ok)
    return failed('SecretMalformed', `${title} ${value.message}: put the client secret there, not its ID`);
  context.learn(value.text);
  // What `echo … | base64` leaves behind. It would look right everywhere and be refused by Entra.
  if (/[\r\n]$/.test(value.text))
    return failed('SecretMalformed', `${title} has a line break at the end of ${KEY}: put it there without`);
  return { kind: 'secret', tenantId, clientId, clientSecret: value.text };
}

async function byWorkload(
  spec: AcrSpec,
  file: string,
  context: TokenContext,
): Promise<AzureAsking | FailedFetch> {
  const { environment } = context;
  const tenantId = spec.tenantId ?? environment.AZURE_TENANT_ID ?? '';
  const clientId = spec.clientId ?? environment.AZURE_CLIENT_ID ?? '';
  if (!isTenant(tenantId) || clientId === '')
    return failed(
      'TokenUnavailable',
      "it is not said as whom to ask: write acr.tenantId and acr.clientId, or annotate the operator's ServiceAccount with azure.workload.identity/client-id",
    );
  const assertion = await projectedToken({ file, namedBy: `${FILE_VARIABLE} of the operator` }, context);
  return typeof assertion === 'string' ? { kind: 'workload', tenantId, clientId, assertion } : assertion;
}
