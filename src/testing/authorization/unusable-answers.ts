// What an authorization server can answer but a token that can be used, and what is to be said of it.

import type { SourceFailure } from '../../sources/source.ts';
import { CLIENT_SECRET } from '../oauth-rig.ts';
import { type Say, says } from '../registry-rig.ts';

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Say =>
  says(status, { 'content-type': 'application/json', ...headers }, JSON.stringify(body));

type Row = readonly [answer: Say, reason: SourceFailure, message: string];

/** By the rest of a sentence about the answer. Some never end, or wait for whoever asks to go. */
export const UNUSABLE_ANSWERS: Readonly<Record<string, Row>> = {
  'of a client that it does not know': [
    json(401, { error: 'invalid_client', error_description: CLIENT_SECRET }),
    'TokenRefused',
    'it does not know the client, or not by this secret: correct its Secret',
  ],
  'of an identity that it does not trust': [
    json(400, { error: 'invalid_grant' }),
    'TokenRefused',
    "let it trust the cluster's issuer, this audience and the operator's subject",
  ],
  'of a client that may not': [
    json(400, { error: 'unauthorized_client' }),
    'TokenRefused',
    'allow it the grant at the authorization server (unauthorized_client)',
  ],
  'of a grant that it has not': [
    json(400, { error: 'unsupported_grant_type' }),
    'TokenRefused',
    'use another one, or enable the grant there',
  ],
  'of a scope that it has not': [
    json(400, { error: 'invalid_scope' }),
    'TokenRefused',
    'correct oauth.scope',
  ],
  'of a target that it has not': [
    json(400, { error: 'invalid_target' }),
    'TokenRefused',
    'correct oauth.parameters',
  ],
  'of a request that it does not understand': [
    json(400, { error: 'invalid_request' }),
    'TokenRefused',
    'compare oauth in the spec with what the authorization server wants',
  ],
  'with an error that is said to be well': [
    json(200, { error: 'access_denied' }),
    'TokenRefused',
    'allow it there',
  ],
  'with a code of its own': [
    json(400, { error: `no ${CLIENT_SECRET}` }),
    'TokenRefused',
    'it does not take the request (400)',
  ],
  'with a code of its own that is said to be well': [
    json(200, { error: 'odd', access_token: 'tk-of-an-error' }),
    'TokenRefused',
    'it does not take the request (200)',
  ],
  'of 401 without a word': [says(401), 'TokenRefused', 'it refuses (401)'],
  'of 403 without a word': [says(403), 'TokenRefused', 'it refuses (403)'],
  'that it is away': [
    json(503, { error: 'temporarily_unavailable' }),
    'TokenUnavailable',
    'it has an error of its own (503): it is tried again',
  ],
  'that it is away, with 400': [
    json(400, { error: 'temporarily_unavailable' }),
    'TokenUnavailable',
    'it is away for a while: it is tried again',
  ],
  'that there is nothing': [
    json(404, {}),
    'TokenUnavailable',
    'there is no token endpoint (404): correct oauth.token',
  ],
  'with a redirect': [
    says(307, { location: 'http://127.0.0.1:9/token' }),
    'TokenUnavailable',
    'it redirects (307), and nothing is sent after a redirect',
  ],
  'with a web page': [
    says(200, { 'content-type': 'text/html; charset=utf-8' }, '<html>log in</html>'),
    'TokenUnavailable',
    'it answers with a web page (200): correct oauth.tokenEndpoint',
  ],
  'with a web page of what stands before it': [
    says(403, { 'content-type': 'text/html' }, '<html>no</html>'),
    'TokenUnavailable',
    'it answers with a web page (403)',
  ],
  'that is no JSON': [
    says(200, {}, `token=${CLIENT_SECRET}`),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'that is a list': [
    json(200, [{ access_token: 'a' }]),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'without a token': [
    json(200, { token_type: 'Bearer' }),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'with an empty token': [
    json(200, { access_token: '' }),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'with a token that is no text': [
    json(200, { access_token: { a: 1 } }),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'with a token of two lines': [
    json(200, { access_token: 'a\nb' }),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'with a token that no Secret needs': [
    json(200, { access_token: 'a'.repeat(40_000) }),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'with a token that is over': [
    json(200, { access_token: 'a', expires_in: 0 }),
    'TokenUnavailable',
    "it gives a token that has ended already: compare its clock with this node's",
  ],
  'with a token that was over long ago': [
    json(200, { access_token: 'a', expires_in: -5 }),
    'TokenUnavailable',
    'it gives a token that has ended already',
  ],
  'without an end': [
    response => response.writeHead(200).write('{"access_token":"'.padEnd(70_000, 'a')),
    'TokenUnavailable',
    'its answer cannot be read (too long)',
  ],
  'with a header without an end': [
    response => response.writeHead(200, { 'x-long': 'a'.repeat(20_000) }).end('{}'),
    'TokenUnavailable',
    'its answer cannot be read (HPE_HEADER_OVERFLOW)',
  ],
  'that is packed': [
    response => response.writeHead(200, { 'content-encoding': 'gzip' }).write('{"access_token":"a"}'),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'that never begins': [() => {}, 'TokenUnavailable', 'it did not answer in time: it is tried again'],
  'that stops in its middle': [
    response => response.writeHead(200).write('{"access_'),
    'TokenUnavailable',
    'it did not answer in time: it is tried again',
  ],
  'that comes one byte at a time': [
    response => {
      const timer = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(timer));
    },
    'TokenUnavailable',
    'it did not answer in time: it is tried again',
  ],
  'that is cut off': [
    response => response.destroy(),
    'TokenUnavailable',
    'the connection was cut (ECONNRESET)',
  ],
  'that is cut off in its middle': [
    response => response.writeHead(200, { 'content-length': 50 }).write('{', () => response.destroy()),
    'TokenUnavailable',
    'it is tried again',
  ],
};
