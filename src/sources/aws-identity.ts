// As whom the operator asks AWS: the keys in a Secret or those of its own pod, and the role that these take on.

import type { RegistrySpec } from '../api/types.ts';
import type * as Aws from '../clouds/aws.ts';
import type { Step } from './aws-failure.ts';
import { clientConfig, type Identity, keysFrom, keysOf, SESSION } from './aws-keys.ts';
import { identityOfPod } from './aws-pod.ts';
import { secretValue } from './secret-value.ts';
import type { TokenContext } from './source.ts';
import { type FailedFetch, failed, notFound } from './source-failure.ts';

export type EcrSpec = NonNullable<RegistrySpec['ecr']>;

const CREATE = 'generic --from-literal=accessKeyId=… --from-literal=secretAccessKey=…';

/** `region` is that of the registry. Rejects only when it was aborted. */
export async function identityFor(
  aws: typeof Aws,
  spec: EcrSpec,
  region: string,
  context: TokenContext,
): Promise<Identity | FailedFetch> {
  // A pod asks STS where it is itself, for that may be the only way; keys may be of another partition.
  const near = (spec.secretRef === undefined && context.environment.AWS_REGION) || region;
  const own =
    spec.secretRef === undefined
      ? await identityOfPod(aws, near, context)
      : identityInSecret(spec.secretRef.name, context);
  return 'ok' in own || spec.roleArn === undefined
    ? own
    : inRole(aws, own, { ...spec, roleArn: spec.roleArn }, near, context);
}

function identityInSecret(name: string, context: TokenContext): Identity | FailedFetch {
  const secret = context.secret(name);
  if (secret === undefined) return notFound(name, context, CREATE);
  const title = `Secret ${context.namespace}/${name}`;
  const read = (key: string): string | FailedFetch => {
    const value = secretValue(secret, key);
    const problem = value.ok ? problemOf(key, value.text) : value.message;
    if (problem === undefined && value.ok) return value.text;
    const todo = 'correct it, ecr needs the keys accessKeyId and secretAccessKey';
    return failed('SecretMalformed', `${title} ${problem}: ${todo}`);
  };
  const accessKeyId = read('accessKeyId');
  if (typeof accessKeyId !== 'string') return accessKeyId;
  const secretAccessKey = read('secretAccessKey');
  if (typeof secretAccessKey !== 'string') return secretAccessKey;
  const sessionToken = secret.data.sessionToken ? read('sessionToken') : undefined;
  if (typeof sessionToken === 'object') return sessionToken;
  return {
    keys: keysOf(accessKeyId, secretAccessKey, sessionToken, context),
    who: `the user of the keys in ${title}`,
    cure: `correct the keys in ${title}`,
  };
}

function problemOf(key: string, text: string): string | undefined {
  // What `echo … | base64` leaves behind, or two values in one. It would be refused as a wrong signature.
  if (/\s/.test(text)) return `has a space or a line break in ${key}`;
  if (key === 'accessKeyId' && !/^\w{16,128}$/.test(text)) return 'has no id of an access key in accessKeyId';
  return undefined;
}

async function inRole(
  aws: typeof Aws,
  own: Identity,
  { roleArn, externalId }: { readonly roleArn: string; readonly externalId?: string },
  region: string,
  context: TokenContext,
): Promise<Identity | FailedFetch> {
  const who = `the role ${roleArn}`;
  const step: Step = {
    what: `take on ${who}`,
    denied: `allow sts:AssumeRole on it to ${own.who}, and see whether its trust policy names that, and ecr.externalId`,
    cure: own.cure,
  };
  const provider = aws.fromTemporaryCredentials({
    masterCredentials: own.keys,
    params: { RoleArn: roleArn, RoleSessionName: SESSION, ...(externalId && { ExternalId: externalId }) },
    clientConfig: clientConfig('STS', region, context),
  });
  const keys = await keysFrom(step, provider, context);
  return 'ok' in keys ? keys : { keys, who, cure: own.cure };
}
