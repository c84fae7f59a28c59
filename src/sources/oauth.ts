// The source `oauth`: a token of an authorization server as the password of a login, for a client with a secret or
// for the operator's own identity. What may be sent where, the administrator's lists say.

import type { RegistrySpec } from '../api/types.ts';
import { encodeEntry } from '../core/docker-config.ts';
import { serverKey } from '../core/server-key.ts';
import { allowedUrl, NOTHING_ALLOWED } from './oauth-allowance.ts';
import { readAnswer } from './oauth-answer.ts';
import { type Client, type OAuthSpec, type Proof, tokenRequest } from './oauth-request.ts';
import { secretValue } from './secret-value.ts';
import type { Fetched, TokenContext, TokenSource } from './source.ts';
import { type FailedFetch, failed, notFound } from './source-failure.ts';
import { subjectToken } from './subject-token.ts';
import { askForToken, type QuestionOptions } from './token-question.ts';

const CREATE = 'generic --from-literal=client_id=… --from-literal=client_secret=…';

export const oauth: TokenSource = {
  kind: 'oauth',
  gives: 'tokens',
  secretNames: ({ oauth: spec }) => {
    const name = clientOf(spec)?.secretRef?.name;
    return name === undefined ? [] : [name];
  },
  servers: ({ server }) => (server === undefined ? [] : [server]),
  asks: ({ oauth: spec }) => [URL.parse(spec?.tokenEndpoint ?? '')?.host ?? ''],
  serverAsked: ({ server = '' }) => (isUsable(server) ? undefined : server),
  fetch: (registry, context) => fetchOAuth(registry, context, askForToken),
};

const isUsable = (server: string): boolean => serverKey(server) !== undefined;

/** `ask` is the way to the authorization server. */
export async function fetchOAuth(
  { server, oauth: spec }: RegistrySpec,
  context: TokenContext,
  ask: typeof askForToken,
): Promise<Fetched> {
  if (server === undefined || !isUsable(server))
    return failed(
      'ServerUnusable',
      'server is nothing that an image name can hold: write host[:port][/path]',
    );
  if (spec === undefined) return failed('SourceUnknown', 'oauth is not there: write it');
  const audience = (spec.tokenExchange ?? spec.quayRobot)?.audience;
  // Before anything is read: what may not be sent need not be known.
  const url = allowedUrl(spec.tokenEndpoint, audience, context.oauth ?? NOTHING_ALLOWED);
  if (!(url instanceof URL)) return url;
  const proof = await proofOf(spec, audience, context);
  if ('reason' in proof) return proof;
  const request = tokenRequest(spec, proof);
  const { authorization } = request.headers;
  if (authorization !== undefined) context.learn(authorization.replace(/^Basic /, ''));
  const askedAt = context.now();
  const answer = await ask(url, request, context satisfies QuestionOptions);
  if ('reason' in answer) return answer;
  const given = readAnswer(answer, url.host, askedAt);
  if ('reason' in given) return given;
  context.learn(given.token);
  const entry = encodeEntry({ server, username: spec.username, password: given.token });
  return { ok: true, entries: [entry], bad: [], expiresAt: new Date(given.expiresAt) };
}

async function proofOf(
  spec: OAuthSpec,
  audience: string | undefined,
  context: TokenContext,
): Promise<Proof | FailedFetch> {
  const client = clientIn(spec, context);
  if (client !== undefined && 'reason' in client) return client;
  if (audience === undefined) return { client };
  const token = await subjectToken(audience, context);
  return typeof token === 'string' ? { client, subjectToken: token } : token;
}

const clientOf = (spec: OAuthSpec | undefined) => spec?.clientCredentials ?? spec?.tokenExchange;

function clientIn(spec: OAuthSpec, context: TokenContext): Client | FailedFetch | undefined {
  const { secretRef, authMethod = 'Basic' } = clientOf(spec) ?? {};
  if (secretRef === undefined) return undefined;
  const secret = context.secret(secretRef.name);
  if (secret === undefined) return notFound(secretRef.name, context, CREATE);
  const malformed = (message: string): FailedFetch =>
    failed(
      'SecretMalformed',
      `Secret ${context.namespace}/${secretRef.name} ${message}: correct it, oauth needs the keys client_id and client_secret`,
    );
  const [id, password] = [secretValue(secret, 'client_id'), secretValue(secret, 'client_secret')];
  if (!id.ok) return malformed(id.message);
  if (!password.ok) return malformed(password.message);
  for (const [key, { text }] of Object.entries({ client_id: id, client_secret: password })) {
    // What `echo … | base64` leaves behind.
    if (/[\r\n]$/.test(text)) return malformed(`has a line break at the end of ${key}`);
    if (text.length > LONGEST_VALUE)
      return malformed(`has a value of ${key} over ${LONGEST_VALUE} characters`);
  }
  context.learn(password.text);
  return { id: id.text, secret: password.text, authMethod };
}

/** Characters; what a server takes of headers ends not far above. */
const LONGEST_VALUE = 4096;
