// Watches and lists as a reflector meets them: the streamed list, replay, expiry, the end.

import { expect } from 'chai';
import { isExpired, TransportError } from '../kube/errors.ts';
import type { KubeClient, WatchEvent } from '../kube/kube-client.ts';
import { aNamespace, aSecret } from './builders.ts';
import { FakeApiServer } from './fake-api-server.ts';
import { settle } from './fake-clock.ts';

const LIST = {
  sendInitialEvents: 'true',
  resourceVersionMatch: 'NotOlderThan',
  allowWatchBookmarks: 'true',
};

interface Watching {
  readonly seen: string[];
  readonly events: WatchEvent[];
  readonly failure: Promise<unknown>;
  stop(): void;
}

/** Follows a path; `seen` has "TYPE namespace/name" of every event. */
function watching(client: KubeClient, path: string, query: Record<string, string>): Watching {
  const controller = new AbortController();
  const seen: string[] = [];
  const events: WatchEvent[] = [];
  const failure = (async () => {
    for await (const event of client.watch({ path, query, signal: controller.signal })) {
      const { namespace, name } = event.object.metadata;
      events.push(event);
      seen.push([event.type, [namespace, name].filter(Boolean).join('/')].join(' ').trim());
    }
  })().catch((error: unknown) => error);
  return { seen, events, failure, stop: () => controller.abort() };
}

describe('a watch of the in-memory API server', () => {
  let server: FakeApiServer;
  let client: KubeClient;

  beforeEach(() => {
    server = new FakeApiServer();
    client = server.client();
    server.given(aNamespace('apps'), aNamespace('web'));
  });

  it('begins with what is there and says where that ends', async () => {
    const watch = watching(client, '/api/v1/namespaces', LIST);
    await settle();

    expect(watch.seen).to.deep.equal(['ADDED apps', 'ADDED web', 'BOOKMARK']);
    expect(watch.events.at(-1)?.object.metadata).to.deep.equal({
      resourceVersion: server.resourceVersion,
      annotations: { 'k8s.io/initial-events-end': 'true' },
    });
  });

  it('goes on with what changes, each with its own resourceVersion', async () => {
    const watch = watching(client, '/api/v1/namespaces', LIST);
    await settle();
    server.label('namespaces', 'apps', { team: 'a' });
    server.delete('namespaces', 'web');
    await settle();

    expect(watch.seen.slice(3)).to.deep.equal(['MODIFIED apps', 'MODIFIED web', 'DELETED web']);
    const versions = watch.events.slice(3).map(event => Number(event.object.metadata.resourceVersion));
    expect(versions).to.deep.equal([...new Set(versions)].sort((a, b) => a - b));
  });

  it('sends no bookmark to whom did not ask for one', async () => {
    const { allowWatchBookmarks: _, ...query } = LIST;
    const watch = watching(client, '/api/v1/namespaces', query);
    await settle();
    server.bookmark();
    await settle();

    expect(watch.seen).to.deep.equal(['ADDED apps', 'ADDED web']);
  });

  it('shows Secrets of one name across namespaces, or of other types than one in a namespace', async () => {
    const named = watching(client, '/api/v1/secrets', { ...LIST, fieldSelector: 'metadata.name=regcred' });
    const typed = watching(client, '/api/v1/namespaces/apps/secrets', {
      ...LIST,
      fieldSelector: 'type!=Opaque',
    });
    await settle();
    server.given(
      aSecret('regcred').in('apps'),
      aSecret('regcred').in('web').ofType('x'),
      aSecret('y').in('apps').ofType('x'),
    );
    await settle();

    expect(named.seen.slice(1)).to.deep.equal(['ADDED apps/regcred', 'ADDED web/regcred']);
    expect(typed.seen.slice(1)).to.deep.equal(['ADDED apps/y']);
  });

  it('replays from a resourceVersion, until the history is compacted', async () => {
    const from = server.resourceVersion;
    server.label('namespaces', 'apps', { team: 'a' });
    const replayed = watching(client, '/api/v1/namespaces', { resourceVersion: from });
    await settle();
    server.compact();
    const late = watching(client, '/api/v1/namespaces', { resourceVersion: from });
    const current = watching(client, '/api/v1/namespaces', { resourceVersion: server.resourceVersion });
    await settle();

    expect(replayed.seen).to.deep.equal(['MODIFIED apps']);
    expect(isExpired(await late.failure)).to.equal(true);
    expect(current.seen).to.deep.equal([]);
    expect(server.openWatches).to.equal(2);
  });

  it('ends quietly by the server, with an error when it breaks, and as a lost connection by signal', async () => {
    const quiet = watching(client, '/api/v1/namespaces', LIST);
    await settle();
    server.endWatches();
    const broken = watching(client, '/api/v1/namespaces', LIST);
    await settle();
    server.endWatches(new TransportError('cut'));
    const stopped = watching(client, '/api/v1/namespaces', LIST);
    await settle();
    stopped.stop();

    expect(await quiet.failure).to.equal(undefined);
    expect(await broken.failure)
      .to.be.instanceOf(TransportError)
      .with.property('message', 'cut');
    expect(await stopped.failure).to.be.instanceOf(TransportError);
    expect(server.openWatches).to.equal(0);
  });

  it('sees a namespace end in the order of a real cluster', async () => {
    const namespaces = watching(client, '/api/v1/namespaces', LIST);
    const accounts = watching(client, '/api/v1/serviceaccounts', LIST);
    await settle();
    server.delete('namespaces', 'apps');
    await settle();

    expect(namespaces.seen.slice(3)).to.deep.equal(['MODIFIED apps', 'DELETED apps']);
    expect(accounts.seen.slice(3)).to.deep.equal(['DELETED apps/default']);
  });
});

describe('a list of the in-memory API server', () => {
  it('comes in pages of one moment', async () => {
    const server = new FakeApiServer();
    server.given(aNamespace('a'), aNamespace('b'), aNamespace('c'));
    const at = server.resourceVersion;
    const page = async (query: Record<string, string>) => {
      const { body } = await server
        .client()
        .request<List>({ method: 'GET', path: '/api/v1/namespaces', query });
      return body;
    };

    const first = await page({ limit: '2' });
    server.delete('namespaces', 'c');
    const second = await page({ limit: '2', continue: first.metadata.continue ?? '' });

    expect([...first.items, ...second.items].map(item => item.metadata.name)).to.deep.equal(['a', 'b', 'c']);
    expect(second.metadata).to.deep.equal({ resourceVersion: at });
  });
});

interface List {
  readonly metadata: { readonly continue?: string; readonly resourceVersion: string };
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}
