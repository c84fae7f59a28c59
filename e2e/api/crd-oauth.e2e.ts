// What the CRD refuses of `oauth`, each with a message that says what to write, and what is close to it and admitted.

import { expect } from 'chai';
import { admitted, installCrd, refused, SECRET } from './admission.ts';

const FORM = 'write https://HOST/PATH, such as https://login.example.com/oauth2/token';
const clientCredentials = SECRET;
const tokenExchange = { audience: 'sts.example' };
const SOUND = { tokenEndpoint: 'https://login.example.com/token', username: 'robot' };

const registry = (oauth: object) => ({ registries: [{ server: 'r.example.com', oauth }] });
const oauth = (change: object) => registry({ ...SOUND, clientCredentials, ...change });
const at = (tokenEndpoint: string) => oauth({ tokenEndpoint });

const REFUSED: Readonly<Record<string, readonly [spec: unknown, message: string]>> = {
  'oauth without server': [
    { registries: [{ oauth: { ...SOUND, clientCredentials } }] },
    'oauth without server: write the registry that the token is a login for',
  ],
  'oauth beside another source': [
    { registries: [{ server: 'r.example.com', basic: SECRET, oauth: { ...SOUND, clientCredentials } }] },
    'more than one source: keep one of basic, ',
  ],
  'no way to get the token': [
    registry(SOUND),
    'oauth without a way to get the token: write one of clientCredentials, tokenExchange, quayRobot',
  ],
  'two ways to get the token': [
    oauth({ tokenExchange }),
    'oauth with more than one way to get the token: keep one',
  ],
  'no token endpoint': [
    registry({ username: 'u', clientCredentials }),
    'oauth.tokenEndpoint: Required value',
  ],
  'no user name': [
    registry({ tokenEndpoint: 'https://a.example/', clientCredentials }),
    'username: Required value',
  ],
  'plain http': [at('http://login.example.com/token'), `oauth.tokenEndpoint is not https: ${FORM}`],
  'plain http to what begins like this machine': [at('http://localhost.example.com/'), 'is not https'],
  'another scheme': [at('ldaps://login.example.com/token'), 'oauth.tokenEndpoint is not https'],
  'no scheme': [at('login.example.com/token'), 'oauth.tokenEndpoint is not https'],
  'an empty token endpoint': [at(''), 'oauth.tokenEndpoint is not https'],
  'a user in the token endpoint': [
    at('https://u:not-a-real-one@a.example/'),
    `has an @ in it: ${FORM}, without user`,
  ],
  'a query in the token endpoint': [at('https://a.example/token?x=y'), 'has a query or a fragment'],
  'a fragment in the token endpoint': [at('https://a.example/token#x'), 'has a query or a fragment'],
  'a host in capitals': [at('https://A.example/token'), `oauth.tokenEndpoint is no plain URL: ${FORM}`],
  'an escape in the token endpoint': [at('https://a.example/%2e'), 'oauth.tokenEndpoint is no plain URL'],
  'a backslash in the token endpoint': [at('https://a.example\\b/'), 'oauth.tokenEndpoint is no plain URL'],
  'a list of token endpoints': [
    at('https://a.example/a,https://b.example/b'),
    'oauth.tokenEndpoint is no plain URL',
  ],
  'a token endpoint that is too long': [
    at(`https://a.example/${'a'.repeat(310)}`),
    'may not be more than 320',
  ],
  'an empty user name': [oauth({ username: '' }), 'oauth.username is empty, or has a colon'],
  'a user name with a colon': [oauth({ username: 'a:b' }), 'oauth.username is empty, or has a colon'],
  'an empty scope': [oauth({ scope: '' }), 'this is no scope: write words with one space between them'],
  'a scope with two spaces': [oauth({ scope: 'a  b' }), 'this is no scope'],
  'a parameter that has a field of its own': [
    oauth({ parameters: { client_secret: 'not-a-real-one' } }),
    'a key of parameters that has a field of its own, or would be another way to log in: leave out grant_type',
  ],
  'a parameter with a space': [oauth({ parameters: { 'a b': 'c' } }), 'a key of parameters is none'],
  'an authMethod that there is not': [
    oauth({ clientCredentials: { ...SECRET, authMethod: 'basic' } }),
    'supported values: "Basic", "Post"',
  ],
  'clientCredentials without Secret': [oauth({ clientCredentials: {} }), 'secretRef: Required value'],
  'an exchange without audience': [registry({ ...SOUND, tokenExchange: {} }), 'audience: Required value'],
  'an audience with a comma': [
    registry({ ...SOUND, tokenExchange: { audience: 'a,b' } }),
    'this is no audience: write a name or a URI',
  ],
  'scope for Quay': [
    registry({ ...SOUND, quayRobot: { audience: 'quay' }, scope: 'pull' }),
    'oauth.quayRobot beside scope or parameters, which Quay does not read: leave them out',
  ],
};

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** The API server gives up on a value whose rules take too long: none that the bounds allow may. */
const longest = {
  registries: times(64, i => ({
    server: `http://${10 + i}${'a'.repeat(237)}.io:5000/`,
    oauth: {
      tokenEndpoint: `https://${'a.'.repeat(100)}example/${'a/'.repeat(50)}b`,
      username: 'u'.repeat(255),
      scope: `${'a '.repeat(500)}b`,
      parameters: Object.fromEntries(times(16, n => [`${'p'.repeat(60)}${n}`, 'v'.repeat(1024)])),
      tokenExchange: { audience: 'a'.repeat(255), secretRef: { name: 'a'.repeat(253) } },
    },
  })),
};

const ADMITTED: Readonly<Record<string, unknown>> = {
  'a client with a secret': oauth({}),
  'a token endpoint of this machine': at('http://127.0.0.1:8080/token'),
  'a token endpoint with a port': at('https://login.example.com:8443/realms/a/protocol/openid-connect/token'),
  'an exchange with all that it may have': oauth({
    clientCredentials: null,
    tokenExchange: {
      ...tokenExchange,
      ...SECRET,
      authMethod: 'Post',
      encoding: 'JSON',
      subjectTokenType: 'IDToken',
    },
    scope: 'repository:a/b:pull offline',
    parameters: {
      audience: 'https://r.example.com',
      requested_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    },
  }),
  'a robot of Quay': registry({
    ...SOUND,
    username: 'org+robot',
    quayRobot: { audience: 'https://quay.io' },
  }),
  'a user name of Harbor': oauth({ username: 'robot$project+name' }),
  'everything as long and as many as it may be': longest,
};

describe('The API server, of oauth,', () => {
  before(installCrd);

  for (const [what, [spec, message]] of Object.entries(REFUSED))
    it(`refuses ${what}`, async () => {
      const said = await refused(spec);
      expect(said).to.contain(message).and.not.to.contain('not-a-real-one');
    });

  for (const [what, spec] of Object.entries(ADMITTED))
    it(`admits ${what}`, async () => {
      await admitted(spec);
    });
});
