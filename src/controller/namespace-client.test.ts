// What one namespace may take of what all namespaces share.

import { expect } from 'chai';
import type { KubeRequest, KubeResponse } from '../kube/kube-client.ts';
import { settle } from '../testing/fake-clock.ts';
import { NamespaceClient } from './namespace-client.ts';

const aWrite = (name: string): KubeRequest => ({ method: 'PATCH', path: `/${name}` });

/** A client whose requests are answered when the test says so; an answer without a status is a refusal. */
function aClient() {
  const sent: KubeRequest[] = [];
  const open: PromiseWithResolvers<KubeResponse<never>>[] = [];
  return {
    sent,
    client: {
      request: <T>(request: KubeRequest): Promise<KubeResponse<T>> => {
        sent.push(request);
        const answer = Promise.withResolvers<KubeResponse<never>>();
        open.push(answer);
        return answer.promise as Promise<KubeResponse<T>>;
      },
      watch: () => {
        throw new Error('nothing is watched');
      },
    },
    answer: async (status?: number): Promise<void> => {
      const answer = open.shift();
      if (status === undefined) answer?.reject(new Error('refused'));
      else answer?.resolve({ status, body: undefined as never });
      await settle();
    },
  };
}

describe('the writes of one namespace', () => {
  it('have the priority of its key', () => {
    for (const priority of ['urgent', 'bulk'] as const) {
      const { client, sent } = aClient();
      void new NamespaceClient(client, priority).request(aWrite('a'));
      expect(sent).to.deep.equal([{ ...aWrite('a'), priority }]);
    }
  });

  it('are sent at once when they are the second half of something begun', () => {
    const { client, sent } = aClient();
    const namespace = new NamespaceClient(client, 'bulk');
    for (let n = 0; n < 9; n += 1) void namespace.request(aWrite(`${n}`));
    void namespace.request({ ...aWrite('second'), goesFirst: true });
    expect(sent.map(({ path }) => path).slice(7)).to.deep.equal(['/7', '/second']);
  });

  it('are sent eight at a time, in order, whether they succeed or not', async () => {
    const { client, sent, answer } = aClient();
    const namespace = new NamespaceClient(client, 'bulk');
    const names = Array.from({ length: 11 }, (_, index) => `/${index}`);
    const results = names.map(path => namespace.request({ method: 'PATCH', path }).catch(() => 'refused'));
    expect(sent).to.have.length(8);
    await answer(200);
    await answer();
    expect(sent.map(({ path }) => path)).to.deep.equal(names.slice(0, 10));
    for (let n = 0; n < 9; n += 1) await answer(200);
    expect(await Promise.all(results)).to.deep.equal(
      names.map((_, index) => (index === 1 ? 'refused' : { status: 200, body: undefined })),
    );
  });
});
