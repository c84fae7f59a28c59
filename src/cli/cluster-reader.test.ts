import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { KubeClient } from '../kube/kube-client.ts';
import { createReader } from './cluster-reader.ts';

describe('the reader of the cluster', () => {
  it('asks for no more than 32 objects at once, and for all of them', async () => {
    let [now, most, asked] = [0, 0, 0];
    const client = {
      request: async () => {
        asked++;
        most = Math.max(most, ++now);
        await Promise.resolve();
        now--;
        return { status: 200, body: {} };
      },
    } as unknown as KubeClient;
    const reader = createReader(client);
    await Promise.all(Array.from({ length: 3_000 }, (_, index) => reader.get(`/${index}`)));
    expect([most, asked]).to.deep.equal([32, 3_000]);
  });
});
