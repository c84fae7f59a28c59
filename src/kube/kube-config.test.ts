// Loading a kubeconfig: what it gives, how it follows the disk, and how it refuses.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { FakeClock } from '../testing/fake-clock.ts';
import { endpointOfFile, endpointOfPod, KubeConfigError } from './kube-config.ts';

const cluster =
  'clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443/", certificate-authority: ca.crt}}]';
const context = 'contexts: [{name: x, context: {cluster: c, user: u, namespace: apps}}]';
const current = 'current-context: x';
const kubeconfig = (user: string): string =>
  [current, cluster, context, `users: [{name: u, user: {${user}}}]`].join('\n');

describe('the kubeconfig', () => {
  let folder: string;
  let file: string;
  let clock: FakeClock;

  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const load = (text: string) => endpointOfFile(put('config', text), clock);
  const refusal = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      expect(error).to.be.instanceOf(KubeConfigError);
      return (error as Error).message.replaceAll(folder, '');
    }
    return expect.fail('it was accepted');
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kube-config-'));
    file = put('ca.crt', 'CA 1');
    clock = new FakeClock();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives server, namespace, token and CA, paths being relative to the file', async () => {
    const endpoint = load(kubeconfig('token: t1'));
    expect(endpoint).to.include({ server: 'https://10.0.0.1:6443', namespace: 'apps', proxyUrl: undefined });
    const { headers, tls } = await endpoint.authenticate();
    expect(headers).to.deep.equal({ authorization: 'Bearer t1' });
    expect(tls).to.deep.equal({ ca: 'CA 1' });
  });

  it('gives a user name and password as Basic', async () => {
    const { headers } = await load(kubeconfig('username: u, password: p')).authenticate();
    expect(headers).to.deep.equal({ authorization: `Basic ${btoa('u:p')}` });
  });

  it('gives a client certificate', async () => {
    put('u.crt', 'CERT');
    put('u.key', 'KEY');
    const { tls } = await load(kubeconfig('client-certificate: u.crt, client-key: u.key')).authenticate();
    expect(tls).to.include({ cert: 'CERT', key: 'KEY', ca: 'CA 1' });
  });

  it('applies the CA also where there is no user', async () => {
    const text = [current, cluster, 'contexts: [{name: x, context: {cluster: c}}]'].join('\n');
    expect((await load(text).authenticate()).tls).to.include({ ca: 'CA 1' });
  });

  it('reads the files again after 10 s, and at once when told that they did not work', async () => {
    const endpoint = load(kubeconfig('token: t1'));
    await endpoint.authenticate();
    writeFileSync(file, 'CA 2');
    expect((await endpoint.authenticate()).tls.ca).to.equal('CA 1');
    await clock.advance(10_000);
    expect((await endpoint.authenticate()).tls.ca).to.equal('CA 2');
    put('config', kubeconfig('token: t2'));
    endpoint.renew();
    expect((await endpoint.authenticate()).headers).to.deep.equal({ authorization: 'Bearer t2' });
  });

  it('asks an exec plugin once, and again when its token did not work', async () => {
    const count = join(folder, 'count');
    const answer =
      '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}';
    const script = put('plugin.sh', `echo x >> ${count}; echo '${answer}'`);
    const endpoint = load(kubeconfig(`exec: {command: sh, args: ["${script}"]}`));
    expect((await endpoint.authenticate()).headers).to.deep.equal({ authorization: 'Bearer t' });
    await clock.advance(60_000);
    await endpoint.authenticate();
    expect(lines(count)).to.equal(1);
    endpoint.renew();
    await endpoint.authenticate();
    expect(lines(count)).to.equal(2);
  });

  it('does not pass on what a failing exec plugin printed', async () => {
    const script = put('plugin.sh', 'echo hunter2; echo hunter2 >&2; exit 1');
    const endpoint = load(kubeconfig(`exec: {command: sh, args: ["${script}"]}`));
    const error = await endpoint.authenticate().catch((failure: Error) => failure);
    expect(error).to.be.instanceOf(Error).and.have.property('message').that.contains('exec plugin sh failed');
    expect(String((error as Error).stack)).not.to.contain('hunter2');
  });

  it('names the field whose file is not there, and not the file: it may be the key itself', async () => {
    for (const [field, user] of [
      ['client-key', 'client-key: hunter2'],
      ['client-certificate', 'client-certificate: hunter2'],
      ['token', 'auth-provider: {name: x, config: {tokenFile: hunter2}}'],
    ]) {
      const error = await load(kubeconfig(`${user}`))
        .authenticate()
        .catch((failure: Error) => failure);
      expect(error).to.have.property(
        'message',
        `could not authenticate: the file of its ${field} cannot be read (ENOENT)`,
      );
    }
  });

  it('shows of an exec plugin that is not installed no more than its name', async () => {
    const endpoint = load(kubeconfig('exec: {command: "no-such-plugin --token hunter2"}'));
    const error = await endpoint.authenticate().catch((failure: Error) => failure);
    expect(error).to.have.property(
      'message',
      'could not authenticate: the exec plugin no-such-plugin is not installed',
    );
  });

  it('finds its way as a pod, and follows the rotation of the token', async () => {
    put('token', 'pod-token-1\n');
    put('namespace', 'regcred-system\n');
    const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    const endpoint = endpointOfPod(environment, clock, folder);
    expect(endpoint).to.include({ server: 'https://[fd00::1]:443', namespace: 'regcred-system' });
    expect((await endpoint.authenticate()).headers).to.deep.equal({ authorization: 'Bearer pod-token-1' });
    put('token', 'pod-token-2\n');
    await clock.advance(10_000);
    expect((await endpoint.authenticate()).headers).to.deep.equal({ authorization: 'Bearer pod-token-2' });
  });

  it('says outside a pod to name a kubeconfig', () => {
    expect(refusal(() => endpointOfPod({}, clock, folder))).to.contain('--kubeconfig FILE');
  });

  const without: [string, string, string][] = [
    ['is not YAML', 'a: [hunter2', 'it is not YAML'],
    ['has a token that begins like an alias', kubeconfig('token: *hunter2'), 'unidentified alias, line 4'],
    ['has a token that begins like a tag', kubeconfig('token: !hunter2 a'), 'unknown scalar tag, line 4'],
    ['has a token-file that is the token', kubeconfig('token-file: hunter2'), 'token-file of a user'],
    ['has a plugin that writes to stderr', kubeconfig('auth-provider: {name: gcp}'), 'use an exec plugin'],
    ['is empty', '', 'it is'],
    ['is a word', 'hunter2', 'no current-context'],
    ['has no current context', cluster, 'no current-context'],
    ['has no such context', current, 'no context "x"'],
    ['has no such cluster', [current, context].join('\n'), 'no cluster "c"'],
    [
      'has a cluster without server',
      'clusters: [{name: c, cluster: {a: b}}]',
      'clusters[0].cluster.server is missing',
    ],
    ['has a server that is no URL', kubeconfig('').replace('https://10', 'ftp://10'), 'not an http(s) URL'],
    ['has no such user', [current, cluster, context].join('\n'), 'no user "u"'],
    ['would send a token in the clear', kubeconfig('').replace('https', 'http'), 'use https'],
  ];
  for (const [what, text, message] of without) {
    it(`refuses a file that ${what}, in one line without its content`, () => {
      const said = refusal(() => load(text));
      expect(said)
        .to.contain(message)
        .and.not.match(/\n|hunter2/);
    });
  }

  for (const content of [kubeconfig('token: hunter2'), `hunter2${'x'.repeat(300)}`]) {
    it(`does not quote what is no name of a file (${content.length} characters)`, () => {
      const said = refusal(() => endpointOfFile(content, clock));
      expect(said)
        .to.match(/^could not read the kubeconfig: [A-Z]+; --kubeconfig takes the name of a file/)
        .and.not.contain('hunter2');
    });
  }

  it('refuses a file that is not there', () => {
    expect(refusal(() => endpointOfFile(join(folder, 'none'), clock))).to.contain('ENOENT');
  });
});

function lines(path: string): number {
  return readFileSync(path, 'utf8').trim().split('\n').length;
}
