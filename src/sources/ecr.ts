// The source `ecr`: a login of Amazon's registries, for twelve hours, that an identity of AWS gets. AWS' libraries
// are loaded when the first one is fetched.

import { isEcrServer, isRegion, isRoleArn, PUBLIC_REGION, PUBLIC_SERVER } from '../api/ecr-server.ts';
import type { RegistrySpec } from '../api/types.ts';
import type * as Aws from '../clouds/aws.ts';
import { encodeEntry } from '../core/docker-config.ts';
import { namesRegistry, serverKey } from '../core/server-key.ts';
import { awsFailure, type Step } from './aws-failure.ts';
import { type EcrSpec, identityFor } from './aws-identity.ts';
import { clientConfig, type Identity } from './aws-keys.ts';
import type { Fetched, TokenContext, TokenSource } from './source.ts';
import { type FailedFetch, failed } from './source-failure.ts';

export const ecr: TokenSource = {
  kind: 'ecr',
  gives: 'tokens',
  secretNames: ({ ecr: spec }) => (spec?.secretRef === undefined ? [] : [spec.secretRef.name]),
  servers: ({ server, ecr: spec }) => {
    const given = server ?? (spec?.public ? PUBLIC_SERVER : undefined);
    return given === undefined ? undefined : [given];
  },
  asks: ({ ecr: spec }) => [`ecr ${(!spec?.public && spec?.region) || PUBLIC_REGION}`],
  // Without server it is the answer that says it.
  serverAsked: registry => {
    if (registry.server === undefined) return 'of the answer';
    return misfit(registry, registry.ecr ?? {}) === undefined ? undefined : registry.server;
  },
  fetch: async (registry, context) => {
    const spec = registry.ecr ?? {};
    return (
      misfit(registry, spec) ?? fetchFrom(await import('../clouds/aws.ts'), registry.server, spec, context)
    );
  },
};

/** Milliseconds: what AWS documents, should it not say. */
const LIFE = 12 * 3_600_000;

/** What the schema keeps out, unless the CRD is another one: whom the operator shows its identity to hangs on it. */
function misfit({ server }: RegistrySpec, spec: EcrSpec): FailedFetch | undefined {
  const { region, roleArn } = spec;
  if (!spec.public && (region === undefined || !isRegion(region)))
    return failed(
      'ServerUnusable',
      'ecr.region is no region of AWS: write it as in the host name of the images',
    );
  if (server !== undefined && !isEcrServer(server, spec.public ? undefined : region))
    return failed(
      'ServerUnusable',
      'server is not one of the registries of ecr: correct it, or leave it out',
    );
  if (roleArn !== undefined && !isRoleArn(roleArn))
    return failed(
      'ServerUnusable',
      'ecr.roleArn is not the ARN of a role: write arn:aws:iam::ACCOUNT:role/NAME',
    );
  return undefined;
}

/** What AWS gives, of either kind. */
interface Given {
  readonly authorizationToken?: string | undefined;
  readonly expiresAt?: Date | undefined;
  readonly proxyEndpoint?: string | undefined;
}

async function fetchFrom(
  aws: typeof Aws,
  server: string | undefined,
  spec: EcrSpec,
  context: TokenContext,
): Promise<Fetched> {
  context.signal.throwIfAborted();
  const region = (!spec.public && spec.region) || PUBLIC_REGION;
  const identity = await identityFor(aws, spec, region, context);
  if ('ok' in identity) return identity;
  const step = stepFor(spec, region, identity);
  try {
    const ask = spec.public ? askPublic : askPrivate;
    const given = await ask(aws, region, identity, context);
    return loginIn(given, server ?? (spec.public ? PUBLIC_SERVER : undefined), step, context);
  } catch (error) {
    context.signal.throwIfAborted();
    return awsFailure(step, error);
  }
}

function stepFor(spec: EcrSpec, region: string, { who, cure }: Identity): Step {
  const actions = spec.public
    ? 'ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken'
    : 'ecr:GetAuthorizationToken';
  return {
    what: spec.public ? 'get a login of ECR Public' : `get a login of ECR in ${region}`,
    denied: `allow ${actions} on Resource "*" to ${who}`,
    cure,
  };
}

async function askPrivate(
  aws: typeof Aws,
  region: string,
  { keys }: Identity,
  context: TokenContext,
): Promise<Given | undefined> {
  const client = new aws.ECRClient({ ...clientConfig('ECR', region, context), credentials: keys });
  const { authorizationData } = await client.send(new aws.GetAuthorizationTokenCommand({}));
  return authorizationData?.[0];
}

async function askPublic(
  aws: typeof Aws,
  region: string,
  { keys }: Identity,
  context: TokenContext,
): Promise<Given | undefined> {
  const client = new aws.ECRPUBLICClient({
    ...clientConfig('ECR_PUBLIC', region, context),
    credentials: keys,
  });
  const { authorizationData } = await client.send(new aws.GetPublicAuthorizationTokenCommand({}));
  return authorizationData;
}

function loginIn(
  given: Given | undefined,
  named: string | undefined,
  { what }: Step,
  context: TokenContext,
): Fetched {
  const { authorizationToken = '', expiresAt, proxyEndpoint = '' } = given ?? {};
  const [, username = '', password = ''] =
    /^([^:]+):(.+)$/s.exec(Buffer.from(authorizationToken, 'base64').toString('utf8')) ?? [];
  const server = named ?? proxyEndpoint.replace(/^https?:\/\//, '');
  const key = serverKey(server);
  if (password === '' || key === undefined || !namesRegistry(key)) {
    const missing = password === '' ? 'login' : 'registry';
    return failed(
      'TokenUnavailable',
      `could not ${what}: AWS answered without a ${missing}: it is tried again`,
    );
  }
  context.learn(authorizationToken);
  context.learn(password);
  const entries = [encodeEntry({ server, username, password })];
  return { ok: true, entries, bad: [], expiresAt: expiresAt ?? new Date(context.now() + LIFE) };
}
