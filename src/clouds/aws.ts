// All that is used of AWS' libraries, and nothing else: this becomes dist/clouds/aws.js, which is
// loaded when a RegistryCredential needs it and not before (docs/adr/0017-clouds-on-use.md).

export { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
export {
  ECRPUBLICClient,
  GetAuthorizationTokenCommand as GetPublicAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr-public';
export {
  fromHttp,
  fromInstanceMetadata,
  fromTemporaryCredentials,
  fromTokenFile,
} from '@aws-sdk/credential-providers';
