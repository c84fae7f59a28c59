// What a gateway answers that has lost its API server makes nobody the leader.

import { expect } from 'chai';
import { failureOf } from '../testing/client-rig.ts';
import type { KubeClient, KubeResponse } from './kube-client.ts';
import { LeaseStore } from './lease-store.ts';

const LEASE = {
  kind: 'Lease',
  metadata: { name: 'regcred', namespace: 'system', uid: 'u', resourceVersion: '7' },
};
const NO_LEASES: Readonly<Record<string, object | null>> = {
  'an empty object': {},
  null: null,
  'a Status': { kind: 'Status', metadata: {}, status: 'Success' },
  'another Lease': { ...LEASE, metadata: { ...LEASE.metadata, name: 'other' } },
  'a Lease without a resourceVersion': { ...LEASE, metadata: { name: 'regcred' } },
};
const { signal } = new AbortController();

const storeThatIsTold = (body: object | null): LeaseStore =>
  new LeaseStore(
    {
      request: async <T>() => ({ status: 200, body }) as KubeResponse<T>,
      watch: () => {
        throw new Error('nobody watches a Lease');
      },
    } satisfies KubeClient,
    'system',
    'regcred',
  );

describe('a LeaseStore', () => {
  for (const [name, answer] of Object.entries(NO_LEASES)) {
    it(`takes ${name} neither for what is there nor for what it wrote`, async () => {
      const store = storeThatIsTold(answer);
      for (const attempt of [store.read(signal), store.write(undefined, { holderIdentity: 'a' }, signal)])
        expect((await failureOf(attempt)).message).to.contain('the answer is not that Lease');
    });
  }

  it('does not take the answer to a write for ours when it names another holder', async () => {
    const store = storeThatIsTold({ ...LEASE, spec: { holderIdentity: 'b' } });
    const { message } = await failureOf(store.write(undefined, { holderIdentity: 'a' }, signal));
    expect(message).to.contain('the answer names another holder');
  });
});
