// All that is used of Google's library, and nothing else: this becomes dist/clouds/google.js, which is
// loaded when a RegistryCredential needs it and not before (docs/adr/0017-clouds-on-use.md).

export { Compute, type Credentials, gaxios, gcpMetadata, IdentityPoolClient, JWT } from 'google-auth-library';
