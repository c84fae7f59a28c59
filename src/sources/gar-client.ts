// How Google's library is asked for a token. It makes the requests and signs them; our conversation sends them, so that
// proxies, time-outs and who may be asked are the same for all.

import type { Credentials } from '../clouds/google.ts';
import type { CloudConversation } from './cloud-conversation.ts';
import type { FederatedIdentity, KeyIdentity } from './gar-identity.ts';

type Google = typeof import('../clouds/google.ts');
type Transporter = InstanceType<Google['gaxios']['Gaxios']>;

/** An identity, with what it takes to ask as it. */
export type Asking = KeyIdentity | FederatedAsking | MetadataAsking;

export interface FederatedAsking extends FederatedIdentity {
  readonly subjectToken: string;
}

export interface MetadataAsking {
  readonly kind: 'metadata';
  readonly server: URL;
}

interface GoogleToken {
  readonly token?: string | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number | null | undefined;
}

/** Rejects when there is no token; the error holds what was sent. */
export async function googleToken(
  asking: Asking,
  scope: string,
  conversation: CloudConversation,
  now: () => number,
): Promise<GoogleToken> {
  const google = await import('../clouds/google.ts');
  const client = clientOf(google, asking, scope, { transporter: transporterOf(google, conversation), now });
  const { token = null } = await client.getAccessToken();
  return { token, expiresAt: client.credentials.expiry_date };
}

type Client = InstanceType<Google['JWT' | 'IdentityPoolClient' | 'Compute']>;

interface Means {
  readonly transporter: Transporter;
  readonly now: () => number;
}

function clientOf(google: Google, asking: Asking, scope: string, means: Means): Client {
  const { transporter } = means;
  switch (asking.kind) {
    case 'key':
      return new google.JWT({ email: asking.email, key: asking.privateKey, scopes: [scope], transporter });
    case 'federation':
      return federatedClient(google, asking, scope, transporter);
    case 'metadata':
      return metadataClient(google, asking, scope, means);
  }
}

/** It takes what fetch takes and gives what fetch gives, and tries once: when to try again is not a source's to say. */
function transporterOf({ gaxios }: Google, conversation: CloudConversation): Transporter {
  const transporter = new gaxios.Gaxios({
    fetchImplementation: async (url, init = {}) => {
      const { body, status, headers } = await conversation.ask({
        url: new URL(String(url)),
        method: init.method ?? 'GET',
        headers: Object.fromEntries(new Headers(init.headers)),
        body: init.body == null ? undefined : String(init.body),
      });
      return new Response(body, { status, headers });
    },
  });
  transporter.interceptors.request.add({
    resolved: async config => ({ ...config, retry: false, retryConfig: { retry: 0, noResponseRetries: 0 } }),
  });
  return transporter;
}

function federatedClient(
  { IdentityPoolClient }: Google,
  { audience, subjectTokenType, subjectToken, serviceAccount }: FederatedAsking,
  scope: string,
  transporter: Transporter,
): Client {
  const client = new IdentityPoolClient({
    type: 'external_account',
    audience,
    subject_token_type: subjectTokenType,
    token_url: 'https://sts.googleapis.com/v1/token',
    subject_token_supplier: { getSubjectToken: async () => subjectToken },
    ...(serviceAccount === undefined
      ? {}
      : { service_account_impersonation_url: impersonationUrl(serviceAccount) }),
    scopes: [scope],
    transporter,
  });
  // It exchanges by a transporter of its own making, which has a proxy and retries of its own.
  Object.assign(Reflect.get(client, 'stsCredential'), { transporter });
  return client;
}

const impersonationUrl = (account: string): string =>
  `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`;

/** As the library asks it, but in our conversation: it would ask through a proxy, without an end, and again and again. */
function metadataClient(
  { Compute, gcpMetadata }: Google,
  { server }: MetadataAsking,
  scope: string,
  { transporter, now }: Means,
): Client {
  const { BASE_PATH, HEADERS } = gcpMetadata;
  const url = new URL(`${BASE_PATH}/instance/service-accounts/default/token`, server);
  const MetadataClient = class extends Compute {
    protected override async refreshTokenNoCache(): Promise<{ tokens: Credentials; res: null }> {
      const { data, headers } = await transporter.request<Credentials & { expires_in?: number }>({
        url,
        params: { scopes: scope },
        headers: HEADERS,
        responseType: 'json',
      });
      // Something else that answers there, such as a captive portal, does not say so.
      if (headers.get('metadata-flavor') !== 'Google') throw new TypeError('not a metadata server');
      return { tokens: { ...data, expiry_date: now() + Number(data.expires_in) * 1000 }, res: null };
    }
  };
  return new MetadataClient({ scopes: [scope], transporter });
}
