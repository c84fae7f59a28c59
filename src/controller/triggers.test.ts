// Which changes of an object wake a key. What makes no difference to a plan must
// wake nobody, and every part that a plan looks at must.

import { expect } from 'chai';
import type { CredentialRecord } from '../core/credential-record.ts';
import { contentOf } from '../core/docker-config.ts';
import type { NamespaceRecord, SecretRecord, ServiceAccountRecord } from '../core/records.ts';
import { statusOf } from '../core/status.ts';
import { aRecord, aSituation } from '../testing/situations.ts';
import { account, namespace, secret } from '../testing/views.ts';
import { credentialChanged, namespaceChanged, secretChanged, serviceAccountChanged } from './triggers.ts';

function itWakes<R extends { resourceVersion: string }>(
  isChanged: (before: R | undefined, after: R | undefined) => boolean,
  base: R,
  wakes: readonly Partial<R>[],
  sleeps: readonly Partial<R>[],
): void {
  it('when it comes and when it goes', () => {
    expect([isChanged(undefined, base), isChanged(base, undefined)]).to.deep.equal([true, true]);
  });
  for (const change of wakes)
    it(`when ${JSON.stringify(change)}`, () =>
      expect(isChanged(base, { ...base, ...change })).to.equal(true));
  it('not when only its resourceVersion moves', () =>
    expect(isChanged(base, { ...base, resourceVersion: '2' })).to.equal(false));
  for (const change of sleeps)
    it(`not when ${JSON.stringify(change).slice(0, 80)}`, () =>
      expect(isChanged(base, { ...base, ...change })).to.equal(false));
}

describe('a namespace wakes', () => {
  itWakes<NamespaceRecord>(
    namespaceChanged,
    namespace('apps').optedIn(),
    [
      { uid: 'x' },
      { terminating: true },
      { labels: {} },
      { labels: { 'regcred.dev/sync': 'false' } },
      { labels: { 'regcred.dev/sync': 'true', team: 'a' } },
      { labels: { constructor: 'x' } },
    ],
    [{ labels: { 'regcred.dev/sync': 'true' } }],
  );
});

describe('a ServiceAccount wakes its namespace', () => {
  const helm = { manager: 'helm', operation: 'Apply', apiVersion: 'v1', subresource: undefined };
  itWakes<ServiceAccountRecord>(
    serviceAccountChanged,
    account('ci').pullingWith('a', 'b').marked('a'),
    [
      { uid: 'x' },
      { pullSecrets: ['b', 'a'] },
      { pullSecrets: ['a'] },
      { ownPullSecrets: [] },
      { ownership: { owners: [], isInTheWay: true } },
      { labels: { a: 'b' } },
    ],
    [
      { pullSecrets: ['a', 'b'], ownPullSecrets: ['a'] },
      { ownership: { owners: [helm], isInTheWay: false } },
    ],
  );
});

describe('a Secret wakes its namespace', () => {
  itWakes<SecretRecord>(
    secretChanged,
    secret('regcred').of('a'),
    [
      { uid: 'x' },
      { type: 'Opaque' },
      { immutable: true },
      { managed: false },
      { ownsLabel: false },
      { handedOver: true },
      { credentials: ['a', 'b'] },
      { content: contentOf('{}') },
      { terminating: true },
    ],
    [{ credentials: ['a'] }],
  );
});

describe('a RegistryCredential wakes itself', () => {
  itWakes<CredentialRecord>(
    credentialChanged,
    aRecord(),
    [{ uid: 'x' }, { generation: 4 }, { deleted: true }, { finalizers: ['a'] }, { refreshRequest: 'now' }],
    [{ status: statusOf(aSituation(), 0) }],
  );
});
