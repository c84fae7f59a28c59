// Where things are on the API server. Names come from the cluster, so they are encoded.

import { GROUP, PLURAL, VERSION } from '../api/names.ts';

const part = encodeURIComponent;

export const CREDENTIALS_PATH = `/apis/${GROUP}/${VERSION}/${PLURAL}`;
export const NAMESPACES_PATH = '/api/v1/namespaces';
export const SERVICE_ACCOUNTS_PATH = '/api/v1/serviceaccounts';
export const SECRETS_PATH = '/api/v1/secrets';

export const credentialPath = (name: string): string => `${CREDENTIALS_PATH}/${part(name)}`;
export const statusPath = (name: string): string => `${credentialPath(name)}/status`;
export const secretsPathIn = (namespace: string): string => `${NAMESPACES_PATH}/${part(namespace)}/secrets`;
export const secretPath = (namespace: string, name: string): string =>
  `${secretsPathIn(namespace)}/${part(name)}`;
export const serviceAccountPath = (namespace: string, name: string): string =>
  `${NAMESPACES_PATH}/${part(namespace)}/serviceaccounts/${part(name)}`;
