// What kubectl regcred says when it cannot do what it is asked: one line on standard error, an exit code.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { cluster } from './cluster.ts';
import { regcred } from './regcred.ts';

const kubeconfigTo = async (server: string): Promise<string> => {
  const file = join(cluster().folder, 'elsewhere.kubeconfig');
  const text = stringify({
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { token: 'geheimes-Wort' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
  });
  await writeFile(file, text);
  return file;
};

describe('kubectl regcred refuses in one line', () => {
  const rows: Record<string, [args: string[], code: number, message: RegExp]> = {
    'no command at all': [['frobnicate'], 64, /unknown command 'frobnicate'/],
    'an option that is none': [['explain', 'nginx', '--frobnicate'], 64, /unknown option '--frobnicate'/],
    'a format that is none': [['status', '-o', 'xml'], 64, /json, yaml, wide/],
    'a namespace that cannot be one': [['explain', 'nginx', '-n', 'A_B'], 64, /It is no name/],
    'neither image nor pod': [['explain'], 64, /name an image, or a pod with --pod/],
    'image and pod': [['explain', 'nginx', '--pod', 'a'], 64, /not both/],
    'a pod and a ServiceAccount': [
      ['explain', '--pod', 'a', '--serviceaccount', 'b'],
      64,
      /leave --serviceaccount out/,
    ],
    'an image in capitals': [['explain', 'Nginx'], 64, /"Nginx" is no image name: .*lower-case/],
    'an image with a scheme': [['explain', 'https://r.example/app'], 64, /begins with a scheme/],
    'a pod that is not there': [['explain', '--pod', 'gone'], 1, /there is no pod default\/gone/],
    'a RegistryCredential that is not there': [['status', 'gone'], 1, /there is no RegistryCredential gone/],
    'one to follow that is not there': [['status', 'gone', '-w'], 1, /there is no RegistryCredential gone/],
    'one to delete that is not there': [
      ['plan', '--delete', 'gone'],
      1,
      /there is no RegistryCredential gone/,
    ],
    'following for scripts': [['status', '-w', '-o', 'json'], 64, /--watch is for people/],
    'a plan of nothing': [['plan'], 64, /one of the two/],
    'a file that is not there': [
      ['plan', '-f', '/nowhere/x.yaml'],
      64,
      /could not read \/nowhere\/x\.yaml: ENOENT/,
    ],
    'a context that is not there': [['status', '--context', 'gone'], 1, /has no context "gone"/],
    'a kubeconfig that is not there': [
      ['status', '--kubeconfig', '/nowhere'],
      1,
      /could not read the kubeconfig/,
    ],
  };
  for (const [title, [args, code, message]] of Object.entries(rows))
    it(title, async () => {
      const said = await regcred(args);
      expect(said.err)
        .to.match(/^error: [^\n]+\n$/)
        .and.match(message);
      expect([said.out, said.code]).to.deep.equal(['', code]);
    });

  it('a cluster that is not there', async () => {
    const { err, code } = await regcred(['status'], {
      kubeconfig: await kubeconfigTo('https://127.0.0.1:1'),
    });
    expect(err).to.match(/^error: could not GET [^\n]+ECONNREFUSED[^\n]+\n$/);
    expect(code).to.equal(1);
  });

  it('credentials that are none', async () => {
    const insecure = await kubeconfigTo(cluster().server);
    const { err, code } = await regcred(['status'], { kubeconfig: insecure });
    expect(err)
      .to.match(/^error: [^\n]+\n$/)
      .and.not.contain('geheim');
    expect(code).to.equal(1);
  });

  it('a manifest without a RegistryCredential, of which nothing is quoted', async () => {
    for (const [input, message] of [
      ['kind: Secret\nstringData: {password: geheimes-Wort}\n', /holds no RegistryCredential/],
      ['password: "geheimes-Wort\n  x: [', /is not YAML \([A-Z_]+, line \d+\)/],
      ['', /holds no RegistryCredential/],
    ] as const) {
      const { err, code } = await regcred(['plan', '-f', '-'], { input });
      expect(err)
        .to.match(/^error: [^\n]+\n$/)
        .and.match(message)
        .and.not.contain('geheim');
      expect(code).to.equal(64);
    }
  });

  it('a manifest in place of its name, of which nothing is quoted either', async () => {
    const { err, code } = await regcred([
      'plan',
      '-f',
      'kind: Secret\nstringData: {password: geheimes-Wort}\n',
    ]);
    expect([err, code]).to.deep.equal(['error: could not read the file: ENOENT\n', 64]);
  });

  it('has help for each command, on standard output', async () => {
    for (const command of [[], ['explain'], ['status'], ['plan']]) {
      const { out, err, code } = await regcred([...command, '--help']);
      expect(out).to.match(/^Usage: kubectl regcred/);
      expect([err, code]).to.deep.equal(['', 0]);
    }
  });
});
