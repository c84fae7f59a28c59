// What is sent for a token, by each of the three ways to get one. Pure: who may be sent it was decided before.

import type { RegistrySpec } from '../api/types.ts';

export type OAuthSpec = NonNullable<RegistrySpec['oauth']>;

export interface TokenRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A client of the authorization server, as its Secret has it. */
export interface Client {
  readonly id: string;
  readonly secret: string;
  readonly authMethod: 'Basic' | 'Post';
}

/** What is shown to the authorization server; one of the two at least. */
export interface Proof {
  readonly client?: Client | undefined;
  readonly subjectToken?: string | undefined;
}

const TOKEN_TYPES = { JWT: 'jwt', IDToken: 'id_token', AccessToken: 'access_token' } as const;

export function tokenRequest(spec: OAuthSpec, { client, subjectToken }: Proof): TokenRequest {
  if (spec.quayRobot !== undefined)
    // Not form-encoded: Quay reads it as a login, not as a client.
    return {
      method: 'GET',
      headers: { authorization: basic(spec.username, subjectToken ?? '') },
      body: undefined,
    };
  const fields = {
    ...spec.parameters,
    ...(spec.scope === undefined ? {} : { scope: spec.scope }),
    ...grantFields(spec, subjectToken),
    ...(client?.authMethod === 'Post' ? { client_id: client.id, client_secret: client.secret } : {}),
  };
  const isJson = spec.tokenExchange?.encoding === 'JSON';
  return {
    method: 'POST',
    headers: {
      'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
      ...(client?.authMethod === 'Basic' ? { authorization: clientBasic(client) } : {}),
    },
    body: isJson ? JSON.stringify(fields) : new URLSearchParams(fields).toString(),
  };
}

function grantFields({ tokenExchange }: OAuthSpec, subjectToken: string | undefined): Record<string, string> {
  if (tokenExchange === undefined) return { grant_type: 'client_credentials' };
  return {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: subjectToken ?? '',
    subject_token_type: `urn:ietf:params:oauth:token-type:${TOKEN_TYPES[tokenExchange.subjectTokenType]}`,
  };
}

/** RFC 6749, section 2.3.1: both parts are form-encoded first, so that a colon in one of them is none. */
const clientBasic = ({ id, secret }: Client): string => basic(formEncoded(id), formEncoded(secret));

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const formEncoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
