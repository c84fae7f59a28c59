// Keys of AWS, wherever they come from: told to the redactor before they are used, and with words for whose they are.

import type * as Aws from '../clouds/aws.ts';
import type { Environment } from '../net/proxy.ts';
import { awsFailure, type Step } from './aws-failure.ts';
import { awsTransport } from './aws-transport.ts';
import type { TokenContext } from './source.ts';
import type { FailedFetch } from './source-failure.ts';

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Identity {
  readonly keys: AwsKeys;
  /** Such as "the role arn:…": whom something has to be granted to. */
  readonly who: string;
  /** What to do when AWS does not take it. */
  readonly cure: string;
}

/** By this name it is found in CloudTrail. */
export const SESSION = 'regcred';

/** Services that the operator asks, by what AWS calls them in AWS_ENDPOINT_URL_…. */
export type Service = 'ECR' | 'ECR_PUBLIC' | 'STS';

/** All that a client of AWS would otherwise look for in its environment and in files of its own. */
export function clientConfig(service: Service, region: string, context: TokenContext) {
  const { environment } = context;
  return {
    region,
    ...endpointOf(service, environment),
    requestHandler: awsTransport(context),
    maxAttempts: 3,
    retryMode: 'standard',
    defaultsMode: 'standard' as const,
    useFipsEndpoint: environment.AWS_USE_FIPS_ENDPOINT === 'true',
    useDualstackEndpoint: environment.AWS_USE_DUALSTACK_ENDPOINT === 'true',
    authSchemePreference: ['sigv4'],
    userAgentAppId: 'regcred',
    // It would name bodies and headers.
    logger: SILENT,
  };
}

function endpointOf(service: Service, environment: Environment): { endpoint?: string } {
  if (environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return {};
  const endpoint = environment[`AWS_ENDPOINT_URL_${service}`] ?? environment.AWS_ENDPOINT_URL;
  return endpoint ? { endpoint } : {};
}

const nothing = (): void => {};
export const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Asks for keys. Rejects only when it was aborted. */
export async function keysFrom(
  step: Step,
  provider: () => Promise<Aws.Keys>,
  context: TokenContext,
): Promise<AwsKeys | FailedFetch> {
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await provider();
    return keysOf(accessKeyId, secretAccessKey, sessionToken, context);
  } catch (error) {
    context.signal.throwIfAborted();
    return awsFailure(step, error);
  }
}

export function keysOf(
  accessKeyId: string,
  secretAccessKey: string,
  sessionToken: string | undefined,
  { learn }: TokenContext,
): AwsKeys {
  learn(secretAccessKey);
  if (!sessionToken) return { accessKeyId, secretAccessKey };
  learn(sessionToken);
  return { accessKeyId, secretAccessKey, sessionToken };
}
