// The source `oauth`: what is sent to an authorization server for a token that ends, and what the token is a
// password for. Where anything may be sent at all, the operator's own list says.

import { type Mistake, matches, refusal } from './cel-rule.ts';
import { secretRef } from './object-name.ts';
import type { Schema } from './schema.ts';
import { AUDIENCE, MAX_AUDIENCE, MAX_TOKEN_ENDPOINT, TOKEN_ENDPOINT } from './token-endpoint.ts';

/** What the operator itself writes into a request, or what would be another way to log in. */
const TAKEN = [
  'grant_type',
  'scope',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'assertion',
  'refresh_token',
  'username',
  'password',
  'code',
];

const audience = {
  type: 'string',
  description:
    "The audience for which the operator has a token of its own identity, as --oauth-audiences names it. It is what the authorization server knows itself by, and never the API server's.",
  maxLength: MAX_AUDIENCE,
  'x-kubernetes-validations': [
    {
      rule: matches('self', AUDIENCE),
      message: 'this is no audience: write a name or a URI, such as quay or https://sts.example.com',
    },
  ],
} as const satisfies Schema;

const clientSecret = secretRef(
  "A Secret in the operator's namespace with the keys client_id and client_secret.",
);

const authMethod = {
  type: 'string',
  description:
    'How the client shows its secret: Basic, in the header Authorization, each part encoded as RFC 6749 has it; or Post, in the body, for servers that want it there. Left out, it is Basic.',
  enum: ['Basic', 'Post'],
  default: 'Basic',
} as const satisfies Schema;

const clientCredentials = {
  type: 'object',
  description:
    'The client credentials grant (RFC 6749, section 4.4): the token is for a client with a secret.',
  required: ['secretRef'],
  properties: { secretRef: clientSecret, authMethod },
} as const satisfies Schema;

const tokenExchange = {
  type: 'object',
  description:
    'Token exchange (RFC 8693): the operator shows a token of its ServiceAccount, made for this audience, and keeps no secret.',
  required: ['audience'],
  properties: {
    audience,
    subjectTokenType: {
      type: 'string',
      description:
        'What the request calls the token of the ServiceAccount: JWT, IDToken or AccessToken. Left out, it is JWT.',
      enum: ['JWT', 'IDToken', 'AccessToken'],
      default: 'JWT',
    },
    encoding: {
      type: 'string',
      description:
        'How the request is written: Form, as RFC 8693 has it, or JSON, which JFrog wants. Left out, it is Form.',
      enum: ['Form', 'JSON'],
      default: 'Form',
    },
    secretRef: {
      ...clientSecret,
      description: `${clientSecret.description} For servers that let only known clients exchange tokens.`,
    },
    authMethod,
  },
} as const satisfies Schema;

const quayRobot = {
  type: 'object',
  description:
    "Quay's keyless robot accounts: the operator shows a token of its ServiceAccount, made for this audience. username is the robot, ORGANISATION+NAME, and tokenEndpoint ends in /oauth2/federation/robot/token.",
  required: ['audience'],
  properties: { audience },
} as const satisfies Schema;

const grants = { clientCredentials, tokenExchange, quayRobot } as const satisfies Record<string, Schema>;

const kinds = Object.keys(grants);
const given = kinds.map(kind => `has(self.${kind})`).join(', ');

const FORM = 'https://HOST/PATH, such as https://login.example.com/oauth2/token';
const endpoint = 'self.tokenEndpoint';
const user = 'self.username';

/** Rules of the object, for the API server repeats a bad string in its answer: there may be a password in it. */
const mistakes: readonly Mistake[] = [
  {
    when: `[${given}].filter(one, one).size() == 0`,
    say: `oauth without a way to get the token: write one of ${kinds.join(', ')}`,
  },
  {
    when: `[${given}].filter(one, one).size() > 1`,
    say: `oauth with more than one way to get the token: keep one of ${kinds.join(', ')}`,
  },
  {
    when: `${endpoint}.contains('@')`,
    say: `oauth.tokenEndpoint has an @ in it: write ${FORM}, without user; a secret belongs in a Secret`,
  },
  {
    when: matches(endpoint, '[?#]'),
    say: `oauth.tokenEndpoint has a query or a fragment: write ${FORM}; what else is to be sent goes into parameters`,
  },
  {
    when: `!${endpoint}.startsWith('https://') && !${matches(endpoint, '^http://(localhost|127\\.0\\.0\\.1|\\[::1\\])[:/]')}`,
    say: `oauth.tokenEndpoint is not https: write ${FORM}`,
  },
  {
    when: `!${matches(endpoint, TOKEN_ENDPOINT)}`,
    say: `oauth.tokenEndpoint is no plain URL: write ${FORM}, the host in lower-case letters, without escapes`,
  },
  {
    when: `!${matches(user, '^[!-9;-~]+$')}`,
    say: 'oauth.username is empty, or has a colon, a space or letters beyond ASCII in it, which no login can: write the user name that the registry wants beside the token',
  },
  {
    when: 'has(self.quayRobot) && (has(self.scope) || has(self.parameters))',
    say: 'oauth.quayRobot beside scope or parameters, which Quay does not read: leave them out',
  },
];

export const oauth = {
  type: 'object',
  description:
    'A token that an authorization server gives out and that ends, by OAuth 2.0; it is fetched again before it does. Nothing is sent to a server, and no identity shown to it, that the operator was not started to allow (--oauth-token-endpoints, --oauth-audiences). Exactly one of clientCredentials, tokenExchange and quayRobot.',
  required: ['tokenEndpoint', 'username'],
  properties: {
    tokenEndpoint: {
      type: 'string',
      description: `Where the token is asked for: ${FORM}. Spelled as on the operator's list.`,
      maxLength: MAX_TOKEN_ENDPOINT,
    },
    username: {
      type: 'string',
      description: 'The user name that the registry wants beside the token, which is the password.',
      maxLength: 255,
    },
    scope: {
      type: 'string',
      description:
        'What the token is to be good for, in the words of the authorization server; as little as pulls.',
      maxLength: 1024,
      'x-kubernetes-validations': [
        {
          rule: matches('self', '^[!#-[\\]-~]+( [!#-[\\]-~]+)*$'),
          message:
            'this is no scope: write words with one space between them, without quotes and backslashes',
        },
      ],
    },
    parameters: {
      type: 'object',
      description:
        'What else the authorization server wants in the request, such as audience, resource, requested_token_type or provider_name. It is no place for a secret.',
      maxProperties: 16,
      additionalProperties: { type: 'string', maxLength: 1024 },
      'x-kubernetes-validations': [
        {
          rule: `self.all(key, ${matches('key', '^[A-Za-z][A-Za-z0-9_.-]{0,63}$')})`,
          message:
            "a key of parameters is none: write up to 64 letters, digits, '_', '.' and '-', a letter first",
        },
        {
          rule: `self.all(key, !(key in [${TAKEN.map(name => `'${name}'`).join(', ')}]))`,
          message: `a key of parameters that has a field of its own, or would be another way to log in: leave out ${TAKEN.join(', ')}`,
        },
      ],
    },
    ...grants,
  },
  'x-kubernetes-validations': [
    refusal(`oauth: write tokenEndpoint, username and one of ${kinds.join(', ')}`, mistakes),
  ],
} as const satisfies Schema;
