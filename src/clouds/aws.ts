// All that is used of AWS' libraries, and nothing else: this becomes dist/clouds/aws.js, which is
// loaded when a RegistryCredential needs it and not before (docs/adr/0017-clouds-on-use.md).

export { ECRClient, type ECRClientConfig, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
export {
  ECRPUBLICClient,
  GetAuthorizationTokenCommand as GetPublicAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr-public';

import type { fromHttp as FromHttp } from '@aws-sdk/credential-providers';

export { fromHttp, fromTemporaryCredentials, fromWebToken } from '@aws-sdk/credential-providers';

/** What a credential provider gives. */
export type Keys = Awaited<ReturnType<ReturnType<typeof FromHttp>>>;
