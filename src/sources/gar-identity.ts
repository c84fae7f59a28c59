// As whom a token is asked of Google: what a credentials file says, reduced to what may be obeyed. A file of the kind
// external_account can name URLs, files and programs; here the URLs are Google's own whatever it says, a program is
// never run, and a token is read only where somebody put one to be sent.

import { createPrivateKey } from 'node:crypto';
import { posix } from 'node:path';

export type GoogleIdentity = KeyIdentity | FederatedIdentity | { readonly kind: 'metadata' };

export interface KeyIdentity {
  readonly kind: 'key';
  readonly email: string;
  /** PEM. */
  readonly privateKey: string;
}

/** Workload identity federation: a token of the operator's, which Google exchanges for one of its own. */
export interface FederatedIdentity {
  readonly kind: 'federation';
  /** What Google knows the provider of the pool by. */
  readonly audience: string;
  readonly subjectTokenType: string;
  readonly tokenFile: string;
  /** The member of the file that holds the token, if the file is JSON. */
  readonly tokenField: string | undefined;
  /** E-mail address of the service account whose token is asked for in the end. */
  readonly serviceAccount: string | undefined;
}

export type ReadIdentity =
  | { readonly ok: true; readonly identity: KeyIdentity | FederatedIdentity }
  /** What is wrong and what to do, as the end of the sentence "WHAT …". Quotes no value. */
  | { readonly ok: false; readonly refused: boolean; readonly message: string };

/** Whose word a file is: a Secret may be anybody's who may write Secrets here, the environment is the operator's own. */
export type Origin = 'secret' | 'environment';

/** What lies here was mounted to be shown to a cloud; the operator's token for the API server lies elsewhere. */
export const TOKEN_DIRECTORY = '/var/run/secrets/regcred.dev/';
const API_TOKEN_DIRECTORY = '/var/run/secrets/kubernetes.io/';

const EMAIL = /^[A-Za-z0-9][A-Za-z0-9._%+-]{0,127}@[a-z0-9][a-z0-9.-]{0,190}$/;
const IMPERSONATION =
  /^https:\/\/iamcredentials\.googleapis\.com\/v1\/projects\/-\/serviceAccounts\/([^/:?#]+):generateAccessToken$/;
const TOKEN_URL = 'https://sts.googleapis.com/v1/token';
const TOKEN_TYPES: readonly unknown[] = ['jwt', 'id_token', 'access_token'].map(
  type => `urn:ietf:params:oauth:token-type:${type}`,
);

type Fields = Readonly<Record<string, unknown>>;

export function readIdentity(text: string, origin: Origin): ReadIdentity {
  const file = fieldsOf(text);
  if (file === undefined)
    return bad('is not a JSON object: put the file there as Google made it, with --from-file');
  const universe = file.universe_domain ?? 'googleapis.com';
  if (universe !== 'googleapis.com') return bad('is for another cloud than googleapis.com: it is not served');
  switch (file.type) {
    case 'service_account':
      return keyOf(file);
    case 'external_account':
      return federationOf(file, origin);
    default:
      return bad(
        'is of no type that is served: give the key file of a service account (service_account), or what gcloud iam workload-identity-pools create-cred-config writes (external_account)',
      );
  }
}

function keyOf({ client_email: email, private_key: privateKey }: Fields): ReadIdentity {
  if (typeof email !== 'string' || !EMAIL.test(email)) return bad('has no client_email: make a new key file');
  if (typeof privateKey !== 'string' || !isRsaKey(privateKey))
    return bad('has no private_key that can be read: make a new key file, and put it there unchanged');
  return { ok: true, identity: { kind: 'key', email, privateKey } };
}

function federationOf(file: Fields, origin: Origin): ReadIdentity {
  const { audience, subject_token_type: type, token_url: tokenUrl = TOKEN_URL } = file;
  if (typeof audience !== 'string' || !/^[!-~]{1,1024}$/.test(audience))
    return bad('has no audience: name the provider of the workload identity pool');
  if (!TOKEN_TYPES.includes(type))
    return bad('has a subject_token_type that is not served: it is jwt, id_token or access_token');
  if (tokenUrl !== TOKEN_URL)
    return refused(`has another token_url than ${TOKEN_URL}, and a token is sent nowhere else: correct it`);
  const impersonation = file.service_account_impersonation_url;
  const serviceAccount = impersonation === undefined ? undefined : accountIn(impersonation);
  if (impersonation !== undefined && serviceAccount === undefined)
    return refused(
      'has a service_account_impersonation_url that is not of iamcredentials.googleapis.com, and a token is sent nowhere else: correct it',
    );
  const source = tokenSourceOf(file.credential_source, origin);
  if ('message' in source) return source;
  const subjectTokenType = String(type);
  return {
    ok: true,
    identity: { kind: 'federation', audience, subjectTokenType, serviceAccount, ...source },
  };
}

function accountIn(url: unknown): string | undefined {
  const [, account = ''] = IMPERSONATION.exec(String(url)) ?? [];
  return EMAIL.test(account) ? account : undefined;
}

function tokenSourceOf(
  source: unknown,
  origin: Origin,
): Pick<FederatedIdentity, 'tokenFile' | 'tokenField'> | Extract<ReadIdentity, { ok: false }> {
  const { file, format, ...others } = (typeof source === 'object' && source !== null ? source : {}) as Fields;
  const [other] = Object.keys(others);
  if (other !== undefined)
    return refused(
      'has a credential_source that is more than a file: no program is run and no URL asked for it; project a token into the pod and name its file',
    );
  if (typeof file !== 'string' || !file.startsWith('/') || file.includes('\0'))
    return bad('has no file in its credential_source: name the file of a projected token');
  const path = posix.normalize(file);
  if (path.startsWith(API_TOKEN_DIRECTORY) || path.startsWith(`/run${API_TOKEN_DIRECTORY.slice(8)}`))
    return refused(
      "names the operator's token for the API server, which is shown to nobody else: project one with an audience of its own",
    );
  if (origin === 'secret' && !path.startsWith(TOKEN_DIRECTORY))
    return refused(`names a token outside ${TOKEN_DIRECTORY}: project it into that directory`);
  const { type = 'text', subject_token_field_name: field } = (format ?? {}) as Fields;
  if (type === 'text') return { tokenFile: path, tokenField: undefined };
  if (type === 'json' && typeof field === 'string') return { tokenFile: path, tokenField: field };
  return bad('has a credential_source whose format is not text, nor json with subject_token_field_name');
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    // The error may quote it.
    return false;
  }
}

function fieldsOf(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined;
  } catch {
    // The error would quote it.
    return undefined;
  }
}

const bad = (message: string) => ({ ok: false, refused: false, message }) as const;
const refused = (message: string) => ({ ok: false, refused: true, message }) as const;
