// Which cluster a person means, as kubectl understands it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { KubeConfigError } from './kube-config.ts';
import { endpointOfUser, type KubeConfigChoice } from './user-kube-config.ts';

describe('the kubeconfig of a person', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'user-kube-config-'));
    mkdirSync(join(home, '.kube'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  /** One cluster, user and context of this name; returns the file. */
  const put = (path: string, name: string, more = ''): string => {
    const text = [
      `clusters: [{name: ${name}, cluster: {server: "https://${name}.example"}}]`,
      `users: [{name: ${name}, user: {token: t}}]`,
      `contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}, namespace: of-${name}}}]`,
      more,
    ].join('\n');
    const file = join(home, path);
    writeFileSync(file, text);
    return file;
  };
  const endpoint = (choice: Partial<KubeConfigChoice> = {}) =>
    endpointOfUser({ file: undefined, context: undefined, environment: {}, home, ...choice });
  const refusal = (choice: Partial<KubeConfigChoice> = {}): string => {
    try {
      return endpoint(choice).server;
    } catch (error) {
      expect(error).to.be.instanceOf(KubeConfigError);
      return (error as Error).message;
    }
  };
  const current = (name: string): string => `current-context: ${name}`;

  it('is ~/.kube/config when nothing is said, with the namespace of its context', () => {
    put('.kube/config', 'a', current('a'));
    expect(endpoint()).to.include({ server: 'https://a.example', namespace: 'of-a' });
  });

  it('is what KUBECONFIG names, before that', () => {
    put('.kube/config', 'a', current('a'));
    const KUBECONFIG = put('other', 'b', current('b'));
    expect(endpoint({ environment: { KUBECONFIG } }).server).to.equal('https://b.example');
  });

  it('is what --kubeconfig names, before everything', () => {
    const KUBECONFIG = put('other', 'b', current('b'));
    const file = put('named', 'c', current('c'));
    expect(endpoint({ file, environment: { KUBECONFIG } }).server).to.equal('https://c.example');
  });

  it('is several files together: the first current-context counts, and what is not there is passed over', () => {
    const files = [
      join(home, 'gone'),
      put('one', 'a'),
      put('two', 'b', current('b')),
      put('three', 'c', current('c')),
    ];
    const environment = { KUBECONFIG: ['', ...files].join(delimiter) };
    expect(endpoint({ environment }).server).to.equal('https://b.example');
    expect(endpoint({ environment, context: 'c' }).server).to.equal('https://c.example');
  });

  it('has the first of two clusters of one name', () => {
    const first = put('one', 'a', current('a'));
    const second = put('two', 'a');
    writeFileSync(second, 'clusters: [{name: a, cluster: {server: "https://second.example"}}]');
    const environment = { KUBECONFIG: [first, second].join(delimiter) };
    expect(endpoint({ environment }).server).to.equal('https://a.example');
  });

  it('is refused with what to do', () => {
    expect(refusal()).to.equal('there is no kubeconfig: name one with --kubeconfig FILE, or set KUBECONFIG');
    expect(refusal({ file: join(home, 'gone') })).to.match(/^could not read the kubeconfig .*ENOENT$/);
    put('.kube/config', 'a', current('a'));
    expect(refusal({ context: 'b' })).to.equal(
      'the kubeconfig has no context "b": see kubectl config get-contexts',
    );
  });
});
