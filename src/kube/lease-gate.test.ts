// What a client lets through for a leader, for a standby, and when a term ends half-way.

import { expect } from 'chai';
import { aNamespace } from '../testing/builders.ts';
import { FakeApiServer } from '../testing/fake-api-server.ts';
import { TransportError } from './errors.ts';
import type { KubeClient, KubeRequest } from './kube-client.ts';
import { LeaderOnlyClient, NotLeaderError } from './lease-gate.ts';

const read: KubeRequest = { method: 'GET', path: '/api/v1/namespaces/apps' };
const write: KubeRequest = {
  method: 'PATCH',
  path: '/api/v1/namespaces/apps',
  contentType: 'application/merge-patch+json',
  body: { metadata: { labels: { a: 'b' } } },
};

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    failure => failure,
  );

describe('a client that writes only for the leader', () => {
  let server: FakeApiServer;
  let term: AbortController;
  let leads: boolean;
  let client: LeaderOnlyClient;
  let signals: (AbortSignal | undefined)[];

  beforeEach(() => {
    server = new FakeApiServer();
    server.given(aNamespace('apps'));
    term = new AbortController();
    leads = true;
    signals = [];
    server.before = ({ signal }) => void signals.push(signal);
    client = new LeaderOnlyClient(server.client(), {
      isLeader: () => leads,
      get signal() {
        return term.signal;
      },
    });
  });

  it('reads at any time', async () => {
    leads = false;
    expect((await client.request(read)).status).to.equal(200);
  });

  it('writes while it leads', async () => {
    await client.request(write);
    expect(server.get('namespaces', 'apps')?.metadata.labels).to.include({ a: 'b' });
  });

  it('sends no write of a standby', async () => {
    leads = false;
    const failure = await failureOf(client.request(write));
    expect(failure).to.be.instanceOf(NotLeaderError).and.instanceOf(TransportError);
    expect((failure as Error).message).to.equal(
      'could not PATCH /api/v1/namespaces/apps: this replica is not the leader',
    );
    expect(server.requests).to.deep.equal([]);
  });

  it('sends no write whose turn comes when the term is over, though no timer has said so yet', async () => {
    let turn = (): void => undefined;
    const waiting = new Promise<void>(resolve => (turn = resolve));
    const inner: KubeClient = {
      watch: request => server.client().watch(request),
      request: async <T>(request: KubeRequest) => {
        await waiting;
        request.permit?.();
        return server.client().request<T>(request);
      },
    };
    client = new LeaderOnlyClient(inner, { isLeader: () => leads, signal: term.signal });
    const failure = failureOf(client.request(write));
    leads = false;
    turn();
    expect(await failure).to.be.instanceOf(NotLeaderError);
    expect(server.requests).to.deep.equal([]);
  });

  it('aborts a write when the term ends', async () => {
    await client.request(write);
    term.abort();
    expect(signals[0]?.aborted).to.equal(true);
  });

  it('still obeys the signal of the caller', async () => {
    const caller = new AbortController();
    await client.request({ ...write, signal: caller.signal });
    caller.abort();
    expect(signals[0]?.aborted).to.equal(true);
    expect(term.signal.aborted).to.equal(false);
  });

  it('does not abort a read when the term ends', async () => {
    await client.request(read);
    expect(signals).to.deep.equal([undefined]);
  });
});
