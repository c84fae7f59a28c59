// What is written is what kubectl itself would write, to the byte: the kubelet remembers pulls by a hash of the login.

import { expect } from 'chai';
import { DOCKER_CONFIG_KEY } from '../../src/api/names.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import type { AnyObject } from './admin.ts';
import { eventually } from './eventually.ts';
import { kubectl, kubectlJson } from './kubectl.ts';
import { operator } from './operator.ts';
import { basic, docker, Scenario } from './scenario.ts';
import { isReady, secretIn } from './served.ts';

const PASSWORDS: Readonly<Record<string, string>> = {
  plain: 'not-a-real-one',
  'with quotes': `'single' "double" \`back\``,
  'with what HTML escapes': '<a href="x">&amp;</a>',
  'with backslashes': '\\ \\n \\u0041 \\\\',
  'with colons and signs of base64': ':a:b=/+=:',
  'with spaces and tabs': ' before\tbetween after ',
  'with control characters': '\u0001\u0008\u000b\u001f\u007f',
  'with line separators': 'one\u2028two\u2029three\u0085four',
  'of other alphabets': 'pässwörd-пароль-密码-كلمة',
  'with a character in two spellings': '\u00e9 e\u0301',
  'of emoji': '🔑👩‍👩‍👧🏽\u{10FFFF}',
  'with a byte order mark': '\ufeffnot-a-real-one',
  'that looks like JSON': '{"auths":{"x":{"auth":""}}}',
  'that looks like a flag': '--docker-server=other.io',
  'that is long': 'aZ9+/<é🔑'.repeat(1_000),
};

interface Login {
  readonly server?: string;
  readonly username: string;
  readonly password: string;
  readonly email?: string;
}

const flags = ({ server, username, password, email }: Login): string[] => [
  `--docker-username=${username}`,
  `--docker-password=${password}`,
  ...(server === undefined ? [] : [`--docker-server=${server}`]),
  ...(email === undefined ? [] : [`--docker-email=${email}`]),
];

const base64Of = ({ data }: AnyObject): string => data[DOCKER_CONFIG_KEY];
const textOf = (base64: string): string => Buffer.from(base64, 'base64').toString();

/** In base64. */
async function asKubectlWrites(login: Login): Promise<string> {
  const create = ['create', 'secret', 'docker-registry', 'regcred', '--dry-run=client', ...flags(login)];
  return base64Of(await kubectlJson(create));
}

/** The one entry of a docker config, with its server before it. */
const entryOf = async (login: Login): Promise<string> =>
  textOf(await asKubectlWrites(login)).slice('{"auths":{'.length, -'}}'.length);

describe('a Secret of ours has the bytes that kubectl writes', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('bytes');
  });
  afterEach(() => story.end());

  const holds = (namespace: string, base64: string): Promise<void> =>
    eventually(`${namespace} has the bytes`, async () => {
      const secret = await secretIn(namespace);
      expect(textOf(base64Of(secret))).to.equal(textOf(base64));
      expect(base64Of(secret)).to.equal(base64);
      expect(secret.type).to.equal('kubernetes.io/dockerconfigjson');
      expect(Object.keys(secret.data)).to.deep.equal([DOCKER_CONFIG_KEY]);
    });

  for (const [what, password] of Object.entries(PASSWORDS))
    it(`for a password ${what}`, async () => {
      const login = {
        server: 'https://r.io:5000/v1/',
        username: 'registry-user',
        password,
        email: 'user@org.com',
      };
      const expected = await asKubectlWrites(login);
      const namespaces = [await story.namespace('a'), await story.namespace('b')];
      const source = await story.source('s', 'Opaque', {
        username: login.username,
        password,
        email: login.email,
      });
      const name = await story.credential('x', { registries: [basic(source, login.server)] });
      for (const namespace of namespaces) await holds(namespace, expected);
      await isReady(name, 'True Synced');
    });

  it('for a user name and an email of all sorts, and Docker Hub when no server is said', async () => {
    const login = { username: 'DOMAIN\\user@org <é>', password: 'not-a-real-one', email: '"a & b"@org.com' };
    const namespace = await story.namespace('a');
    const source = await story.source('s', 'Opaque', login);
    await story.credential('x', { registries: [basic(source)] });
    await holds(namespace, await asKubectlWrites(login));
    expect(textOf(base64Of(await secretIn(namespace)))).to.contain('"https://index.docker.io/v1/"');
  });

  it('for a login without email', async () => {
    const login = { server: 'r.io', username: 'user', password: 'not-a-real-one' };
    const namespace = await story.namespace('a');
    await story.credential('x', {
      registries: [basic(await story.basicSource('s', 'user', 'not-a-real-one'), 'r.io')],
    });
    await holds(namespace, await asKubectlWrites(login));
  });

  it('for a source that kubectl made, byte for byte that source', async () => {
    const login = { server: 'r.io/team', username: 'user', password: '<"\\é🔑:>', email: 'user@org.com' };
    const namespace = await story.namespace('a');
    const [name, bytes] = [`${story.id}-s`, await asKubectlWrites(login)];
    const namespaced = ['-n', OPERATOR_NAMESPACE];
    await kubectl([...namespaced, 'create', 'secret', 'docker-registry', name, ...flags(login)]);
    await story.credential('x', { registries: [docker(name)] });
    await holds(namespace, bytes);
    await kubectl([...namespaced, 'delete', 'secret', name]);
  });

  it('for an auth alone, or username and password alone: both are written out', async () => {
    const bare = { username: 'user', password: 'pass:with<colon>' };
    const auth = Buffer.from('user:pass:with<colon>').toString('base64');
    const auths = {
      'a.io': { auth },
      'b.io': { ...bare, auths: 'unknown' },
      'c.io': { ...bare, username: 'not', auth },
    };
    const namespace = await story.namespace('a');
    const text = JSON.stringify({ auths, credsStore: 'desktop', HttpHeaders: { 'User-Agent': 'x' } });
    const source = await story.source('s', 'kubernetes.io/dockerconfigjson', { [DOCKER_CONFIG_KEY]: text });
    await story.credential('x', { registries: [docker(source)] });
    const entries = await Promise.all(['a.io', 'b.io', 'c.io'].map(server => entryOf({ server, ...bare })));
    await holds(namespace, Buffer.from(`{"auths":{${entries}}}`).toString('base64'));
  });

  it('with the servers sorted by their bytes, in whichever order they came, and alike everywhere', async () => {
    const sorted = ['*.z.io', '10.0.0.1:5000', 'a.io', 'a.io/team', 'a.io:5000', 'b.io', 'https://a-b.io'];
    const login = { username: 'user', password: 'not-a-real-one' };
    const mixed = ['b.io', 'a.io:5000', '10.0.0.1:5000', 'https://a-b.io'].map(server => ({
      server,
      ...login,
    }));
    const namespaces = [await story.namespace('a'), await story.namespace('b'), await story.namespace('c')];
    await story.credential('y', { registries: [docker(await story.dockerSource('s', ...mixed))] });
    const source = await story.basicSource('t', login.username, login.password);
    await story.credential('x', {
      registries: ['a.io/team', '*.z.io', 'a.io'].map(server => basic(source, server)),
    });
    const entries = await Promise.all(sorted.map(server => entryOf({ server, ...login })));
    for (const namespace of namespaces)
      await holds(namespace, Buffer.from(`{"auths":{${entries}}}`).toString('base64'));
  });
});
