// Secrets as people make them, and what the kubelet makes of them: whom it would log in as at r.example, or
// `broken`, and then the pod is without any login. Asked of the kubelet's own code (v1.37.2), every row is the same.

interface Made {
  readonly type: string;
  readonly key: string;
  /** What stands under the key, decoded; undefined: the key is not there. */
  readonly text?: string;
}

/** `users`: joined by commas; `nobody`: it gives no login, and does no harm. A user without a name is a login all the same. */
export type PullSecretRow = readonly [title: string, secret: Made, users: string];

const TYPE = 'kubernetes.io/dockerconfigjson';
const KEY = '.dockerconfigjson';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const config = (text: string): Made => ({ type: TYPE, key: KEY, text });
/** The entry of r.example. */
const entry = (value: unknown): Made => config(JSON.stringify({ auths: { 'r.example': value } }));
const auth = (text: string): Made => entry({ auth: text });

const LOGIN = { username: 'robot', password: 'p' };

export const PULL_SECRETS: readonly PullSecretRow[] = [
  ['user name and password', entry(LOGIN), 'robot'],
  ['auth alone', auth(base64('robot:p')), 'robot'],
  ['auth goes before user name and password', entry({ ...LOGIN, auth: base64('other:q') }), 'other'],
  ['an empty auth does not count', entry({ ...LOGIN, auth: '' }), 'robot'],
  ['auth is split at its first colon', auth(base64('robot:a:b')), 'robot'],
  ['auth without padding', auth(base64('robot:p1').replace(/=+$/, '')), 'robot'],
  [
    'auth with a line break',
    auth(`${base64('robot:p').slice(0, 4)}\n${base64('robot:p').slice(4)}`),
    'robot',
  ],
  ['auth with a line break at its end', auth(`${base64('robot:p1')}\n`), 'robot'],
  ['auth with a blank', auth(`${base64('robot:p')} `), 'broken'],
  ['auth that is not base64', auth('robot:p'), 'broken'],
  ['auth in the other alphabet of base64', auth('_-8'), 'broken'],
  ['auth with too much padding', auth('cm9ib3Q6cDE=='), 'broken'],
  ['auth without a colon', auth(base64('robot')), 'broken'],
  ['auth that is a lone line break', auth('\n'), 'broken'],
  ['auth that is a lone colon', auth(base64(':')), ''],
  ['auth that is a number', entry({ auth: 1 }), 'broken'],
  ['a bad auth beside a good user name', entry({ ...LOGIN, auth: 'x' }), 'broken'],
  ['a user name that is a number', entry({ username: 1, password: 'p' }), 'broken'],
  ['a password that is a number', entry({ username: 'robot', password: 1 }), 'broken'],
  ['an email that is a list', entry({ ...LOGIN, email: [] }), 'broken'],
  ['an identitytoken of whatever kind', entry({ ...LOGIN, identitytoken: 1 }), 'robot'],
  ['a field in capitals', entry({ USERNAME: 'robot', Password: 'p' }), 'robot'],
  ['a user name that is null', entry({ username: null, password: 'p' }), ''],
  ['an entry without a login', entry({}), ''],
  ['an entry with nothing but a token', entry({ identitytoken: 'x' }), ''],
  ['an entry that is null', entry(null), ''],
  ['an entry that is a string', entry('robot:p'), 'broken'],
  ['an entry that is a list', entry([]), 'broken'],
  [
    'a bad entry of another server',
    config(JSON.stringify({ auths: { 'r.example': LOGIN, 'q.example': { auth: 'x' } } })),
    'broken',
  ],
  [
    'a bad entry of a server that is skipped',
    config(JSON.stringify({ auths: { 'r.example': LOGIN, 'q.example:port': { auth: 'x' } } })),
    'broken',
  ],
  ['auths in capitals', config(JSON.stringify({ Auths: { 'r.example': LOGIN } })), 'robot'],
  [
    'auths twice in other cases',
    config(JSON.stringify({ auths: { 'r.example': LOGIN }, Auths: { 'q.example': LOGIN } })),
    'robot',
  ],
  ['auths with a long s', config('{"auth\u017f":{"r.example":{"username":"robot"}}}'), 'robot'],
  ['auths that is null', config('{"auths":null}'), 'nobody'],
  ['auths that is a list', config('{"auths":[]}'), 'broken'],
  ['auths that is a string', config('{"auths":"x"}'), 'broken'],
  ['no auths', config('{}'), 'nobody'],
  ['credHelpers and credsStore', config('{"credsStore":"x","credHelpers":{"r.example":"ecr"}}'), 'nobody'],
  ['HttpHeaders of strings', config('{"auths":{},"HttpHeaders":{"A":"b"}}'), 'nobody'],
  ['HttpHeaders of something else', config('{"auths":{},"HttpHeaders":{"A":1}}'), 'broken'],
  ['JSON null', config('null'), 'nobody'],
  ['a list', config('[]'), 'broken'],
  ['a string', config('"auths"'), 'broken'],
  ['no JSON', config('auths'), 'broken'],
  ['YAML', config('auths:\n  r.example: {}\n'), 'broken'],
  ['JSON with something after it', config('{"auths":{}} x'), 'broken'],
  ['JSON with a byte order mark', config('\ufeff{"auths":{}}'), 'broken'],
  ['nothing under the key', config(''), 'nobody'],
  ['another key', { type: TYPE, key: 'config.json', text: '{"auths":{"r.example":{"auth":"x"}}}' }, 'nobody'],
  ['no key', { type: TYPE, key: KEY }, 'nobody'],
  [
    'type Opaque',
    { type: 'Opaque', key: KEY, text: JSON.stringify({ auths: { 'r.example': LOGIN } }) },
    'nobody',
  ],
  ['type Opaque, and broken', { type: 'Opaque', key: KEY, text: 'x' }, 'nobody'],
  [
    'the old type',
    { type: 'kubernetes.io/dockercfg', key: '.dockercfg', text: JSON.stringify({ 'r.example': LOGIN }) },
    'robot',
  ],
  [
    'the old type with the new content',
    {
      type: 'kubernetes.io/dockercfg',
      key: '.dockercfg',
      text: JSON.stringify({ auths: { 'r.example': LOGIN } }),
    },
    'nobody',
  ],
  ['the old type, and broken', { type: 'kubernetes.io/dockercfg', key: '.dockercfg', text: '[]' }, 'broken'],
  [
    'the old type that is null',
    { type: 'kubernetes.io/dockercfg', key: '.dockercfg', text: 'null' },
    'nobody',
  ],
];
