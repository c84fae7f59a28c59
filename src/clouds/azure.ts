// All that is used of Azure's libraries, and nothing else: this becomes dist/clouds/azure.js, which is
// loaded when a RegistryCredential needs it and not before (docs/adr/0017-clouds-on-use.md).

export { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
export {
  ClientAssertionCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
