// Commands against an API server that answers what a test says: what a real one says is tried in e2e/api.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { CREDENTIALS_PATH } from '../controller/paths.ts';
import { ApiError, TransportError } from '../kube/errors.ts';
import type { KubeObject, KubeRequest, WatchEvent } from '../kube/kube-client.ts';
import { TooLongError } from '../net/answer-text.ts';
import { type Answer, said } from '../testing/command-rig.ts';
import { aRecord } from '../testing/pulls.ts';

const NOT_FOUND = new ApiError(404, 'NotFound', 'the server could not find the requested resource');
const nothing = (): Answer => NOT_FOUND;

/** As the API server has it. */
function object(reason: string, synced: number): KubeObject {
  const { name, uid, spec } = aRecord('team', 'r.example');
  const status = {
    observedGeneration: 1,
    conditions: [{ type: 'Ready', status: reason === 'Synced' ? 'True' : 'False', reason, message: reason }],
    registries: [],
    failures: [],
    namespaces: { selected: 4, synced, failed: 0, summary: `${synced}/4` },
    serviceAccounts: { selected: 4, attached: synced, summary: `${synced}/4` },
  };
  return {
    metadata: { name, uid, resourceVersion: '1', generation: 1 },
    spec,
    status,
  } as unknown as KubeObject;
}

const event = (reason: string, synced: number): WatchEvent => ({
  type: 'MODIFIED',
  object: object(reason, synced),
});
const list = (...items: KubeObject[]): Answer => ({ items, metadata: { resourceVersion: '1' } });

describe('kubectl regcred', () => {
  it('says of a cluster without the kind what to do', async () => {
    for (const args of [['status'], ['status', '-w'], ['plan', '--delete', 'x']]) {
      const { err, code } = await said(args, { answer: nothing });
      expect(err).to.equal(
        'error: this cluster has no RegistryCredentials: install the operator with kubectl apply -k manifests\n',
      );
      expect(code).to.equal(1);
    }
  });

  it('explains also where the kind is not there', async () => {
    const answer = ({ path }: KubeRequest): Answer =>
      path.endsWith('/serviceaccounts/default') ? { metadata: { name: 'default' } } : NOT_FOUND;
    const { out, code } = await said(['explain', 'nginx'], { answer });
    expect(out).to.match(/^NoMatch: ServiceAccount apps\/default has no imagePullSecrets/);
    expect(out).to.contain('RegistryCredentials (this cluster does not have the kind)');
    expect(code).to.equal(3);
  });

  it('gives nobody a line of his own in an explanation', async () => {
    const answer = ({ path }: KubeRequest): Answer => {
      if (path.endsWith('/serviceaccounts/default'))
        return { metadata: { name: 'default' }, imagePullSecrets: [{ name: 'a\nLoginFound: b' }] };
      return path.includes('/secrets/') ? { metadata: { name: 'a' }, type: 'x\nLoginFound: c' } : NOT_FOUND;
    };
    const { out } = await said(['explain', 'nginx'], { answer });
    expect(out)
      .to.match(/^SecretIgnored/)
      .and.contain('LoginFound: b')
      .and.contain('LoginFound: c');
    expect(out).to.not.match(/^LoginFound/m);
  });

  it('shows no stack and no text of a mistake of its own', async () => {
    const answer = (): Answer => {
      throw new TypeError('geheim');
    };
    const { err, code } = await said(['status'], { answer });
    expect(err).to.equal('error: a mistake of kubectl-regcred: TypeError\n');
    expect(code).to.equal(1);
  });

  it('reads lists page by page', async () => {
    const pages = { '': ['a', 'next'], next: ['b', undefined] } as const;
    const answer = ({ query }: KubeRequest): Answer => {
      const [name, next] = pages[(query?.continue ?? '') as keyof typeof pages];
      const one = object('Synced', 4);
      return { items: [{ ...one, metadata: { ...one.metadata, name } }], metadata: { continue: next } };
    };
    const { out } = await said(['status', '-o', 'json'], { answer });
    expect(JSON.parse(out).items.map(({ name }: { name: string }) => name)).to.deep.equal(['a', 'b']);
  });

  it('asks for smaller pages where one is too long', async () => {
    const limits: string[] = [];
    const answer = ({ query }: KubeRequest): Answer => {
      limits.push(query?.limit ?? '');
      if (Number(query?.limit) > 100)
        throw new TransportError('too long', { cause: new TooLongError('too long') });
      return { items: [object('Synced', 4)], metadata: {} };
    };
    const { out } = await said(['status', '-o', 'json'], { answer });
    expect(JSON.parse(out).items).to.have.length(1);
    expect(limits).to.deep.equal(['1000', '125', '16']);
  });

  it('takes no 404 of somebody else for the word of an API server', async () => {
    const answer = (): Answer => new ApiError(404, '', 'could not GET x: HTTP 404 without a Status object');
    const { out, err, code } = await said(['explain', 'nginx'], { answer });
    expect([out, code]).to.deep.equal(['', 1]);
    expect(err).to.contain('HTTP 404 without a Status object');
  });

  describe('status --watch', () => {
    const rollOut = {
      answer: ({ path }: KubeRequest): Answer =>
        path === CREDENTIALS_PATH ? list(object('Progressing', 0)) : NOT_FOUND,
      events: [event('Progressing', 2), event('Progressing', 2), event('Synced', 4), event('Progressing', 0)],
    };

    it('says each step once, and ends when it is over', async () => {
      const { out, code } = await said(['status', 'team', '-w'], rollOut);
      expect(out.trimEnd().split('\n')).to.deep.equal([
        'team  False Progressing  0/4 namespaces  0/4 ServiceAccounts',
        'team  False Progressing  2/4 namespaces  2/4 ServiceAccounts',
        'team  True Synced  4/4 namespaces  4/4 ServiceAccounts',
      ]);
      expect(code).to.equal(0);
    });

    it('has a bar on a terminal, and the table at the end', async () => {
      const { out } = await said(['status', 'team', '-w'], { ...rollOut, isTTY: true });
      expect(out).to.contain('[###############---------------] 2/4 namespaces  team');
      expect(out.split('\n').at(-2)).to.match(/^team {2}True {3}Synced/);
    });

    it('ends with what is wrong as its exit code', async () => {
      const { code } = await said(['status', '-w'], { answer: () => list(object('SourceFailed', 0)) });
      expect(code).to.equal(3);
    });

    it('ends when there is none to follow', async () => {
      const { out, code } = await said(['status', '-w'], { answer: () => list() });
      expect([out, code]).to.deep.equal(['there is no RegistryCredential\n', 0]);
    });

    it('ends when it is deleted', async () => {
      const events = [{ type: 'DELETED', object: object('Progressing', 0) } as const];
      const { out, code } = await said(['status', 'team', '-w'], { ...rollOut, events });
      expect(out).to.contain('there is no RegistryCredential any more');
      expect(code).to.equal(0);
    });
  });
});
