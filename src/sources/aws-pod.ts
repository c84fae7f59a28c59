// The identity that the operator's own pod was given: by keys in its environment, IRSA or EKS Pod Identity. The chain is
// written out here, for AWS' default one would also read configuration files, start programs that these name, and take the
// role of the node, which is not the operator's to hand out.

import { readFile } from 'node:fs/promises';
import type * as Aws from '../clouds/aws.ts';
import type { Step } from './aws-failure.ts';
import { clientConfig, type Identity, keysFrom, keysOf, SESSION, SILENT } from './aws-keys.ts';
import { claimsToShow } from './identity-to-show.ts';
import type { TokenContext } from './source.ts';
import { type FailedFetch, failed } from './source-failure.ts';

/** `region` is that of STS. */
export async function identityOfPod(
  aws: typeof Aws,
  region: string,
  context: TokenContext,
): Promise<Identity | FailedFetch> {
  const { environment } = context;
  if (environment.AWS_ACCESS_KEY_ID && environment.AWS_SECRET_ACCESS_KEY) return inEnvironment(context);
  const { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: roleArn } = environment;
  if (file && roleArn) return byWebIdentity(aws, file, roleArn, region, context);
  const uri = environment.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  if (uri) return byPodIdentity(aws, uri, context);
  return failed(
    'TokenRefused',
    'the operator has no identity of AWS: give its ServiceAccount a role, by IRSA or EKS Pod Identity, or name a Secret with keys in ecr.secretRef',
  );
}

function inEnvironment(context: TokenContext): Identity {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = context.environment;
  return {
    keys: keysOf(AWS_ACCESS_KEY_ID ?? '', AWS_SECRET_ACCESS_KEY ?? '', AWS_SESSION_TOKEN, context),
    who: 'the user of AWS_ACCESS_KEY_ID',
    cure: "correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the operator's environment",
  };
}

/** IRSA: a token of the operator's ServiceAccount for keys of a role. */
async function byWebIdentity(
  aws: typeof Aws,
  file: string,
  roleArn: string,
  region: string,
  context: TokenContext,
): Promise<Identity | FailedFetch> {
  const step: Step = {
    what: `take on the role ${roleArn}`,
    denied: "its trust policy has to allow sts:AssumeRoleWithWebIdentity to the operator's ServiceAccount",
    cure: "the kubelet renews the token of the operator's ServiceAccount; if it does not, start the pod anew",
  };
  const token = await tokenIn('AWS_WEB_IDENTITY_TOKEN_FILE', file, step, context);
  if (typeof token !== 'string') return token;
  const provider = aws.fromWebToken({
    roleArn,
    webIdentityToken: token,
    roleSessionName: SESSION,
    clientConfig: clientConfig('STS', region, context),
  });
  const keys = await keysFrom(step, provider, context);
  return 'ok' in keys ? keys : { keys, who: `the role ${roleArn}`, cure: step.cure };
}

/** EKS Pod Identity: the same, from an agent on the node. */
async function byPodIdentity(
  aws: typeof Aws,
  uri: string,
  context: TokenContext,
): Promise<Identity | FailedFetch> {
  const file = context.environment.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
  const step: Step = {
    what: 'get an identity from EKS Pod Identity',
    denied: "associate a role with the operator's ServiceAccount by aws eks create-pod-identity-association",
    cure: "start the operator's pod anew",
  };
  const token = file && (await tokenIn('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', file, step, context));
  if (typeof token === 'object') return token;
  const provider = aws.fromHttp({
    awsContainerCredentialsFullUri: uri,
    ...(file && { awsContainerAuthorizationTokenFile: file }),
    maxRetries: 1,
    // Milliseconds: for an answer, and between the two attempts.
    timeout: 1_000,
    logger: SILENT,
  });
  const keys = await keysFrom(step, provider, context);
  return 'ok' in keys ? keys : { keys, who: "the role of the operator's ServiceAccount", cure: step.cure };
}

/** Read anew each time: the kubelet renews it. */
async function tokenIn(
  variable: string,
  file: string,
  { what }: Step,
  context: TokenContext,
): Promise<string | FailedFetch> {
  const token = await readFile(file, 'utf8').catch(() => '');
  if (token.trim() === '')
    return failed(
      'TokenUnavailable',
      `could not ${what}: the file that ${variable} names cannot be read: see the volumes of the operator's pod`,
    );
  context.learn(token.trim());
  const claims = await claimsToShow(token.trim(), `the token that ${variable} names`, context);
  return 'reason' in claims ? claims : token.trim();
}
