// The labels of the request metrics.

import { expect } from 'chai';
import type { KubeRequest } from './kube-client.ts';
import { requestLabel, watchLabel } from './request-label.ts';

const apply = 'application/apply-patch+yaml';
const merge = 'application/merge-patch+json';

describe('the label of a request', () => {
  const cases: [KubeRequest['method'], string, KubeRequest['contentType'], string][] = [
    ['GET', '/api/v1/namespaces', undefined, 'list namespaces'],
    ['GET', '/api/v1/namespaces/a', undefined, 'get namespaces'],
    ['GET', '/api/v1/namespaces/a/secrets', undefined, 'list secrets'],
    ['PATCH', '/api/v1/namespaces/a/secrets/regcred', apply, 'apply secrets'],
    ['PATCH', '/api/v1/namespaces/a/serviceaccounts/default', merge, 'patch serviceaccounts'],
    ['PATCH', '/apis/regcred.dev/v1alpha1/registrycredentials/x/status', merge, 'patch registrycredentials'],
    ['PUT', '/apis/coordination.k8s.io/v1/namespaces/a/leases/x', undefined, 'update leases'],
    ['POST', '/apis/events.k8s.io/v1/namespaces/a/events', undefined, 'create events'],
    ['DELETE', '/api/v1/namespaces/a/secrets/regcred', undefined, 'delete secrets'],
    ['GET', '/readyz', undefined, 'get '],
  ];
  for (const [method, path, contentType, label] of cases) {
    it(`of ${method} ${path} is "${label}"`, () => {
      const { verb, resource } = requestLabel({ method, path, ...(contentType && { contentType }) });
      expect(`${verb} ${resource}`).to.equal(label);
    });
  }

  it('of a watch is "watch", whatever its path', () => {
    expect(watchLabel('/api/v1/secrets')).to.deep.equal({ verb: 'watch', resource: 'secrets' });
  });
});
