// Server-side apply answers alike whether it met our Secret or one with the same
// content: who owns what tells them apart.

import { expect } from 'chai';
import { MANAGED_BY, MANAGED_BY_LABEL } from '../api/names.ts';
import { merge } from '../core/merge.ts';
import type { KubeObject } from '../kube/kube-client.ts';
import { aDockerConfigSecret, aNamespace } from '../testing/builders.ts';
import { FakeApiServer } from '../testing/fake-api-server.ts';
import { credential, login } from '../testing/views.ts';
import { requestFor } from './change-request.ts';
import { wasSomebodyElses } from './foreign-secret.ts';

const place = { namespace: 'apps', name: 'regcred' };
const merged = merge([credential('team').giving(login('r.io', 'same'))]);
const create = requestFor({
  kind: 'ApplySecret',
  ...place,
  uid: undefined,
  merged,
  credentials: ['team'],
  handedOver: false,
});

describe('an apply that was to create a Secret', () => {
  let server: FakeApiServer;
  const applied = async () => (await server.client().request<KubeObject>(create)).body;
  const lookalike = () => aDockerConfigSecret('regcred').in('apps').withLogin('r.io', 'robot', 'same');

  beforeEach(() => {
    server = new FakeApiServer();
    server.given(aNamespace('apps'));
  });

  it('and did so made one of ours', async () => {
    expect(wasSomebodyElses(await applied())).to.equal(false);
  });

  it('and met one with the same content met what is somebody else’s', async () => {
    server.given(lookalike());
    expect(wasSomebodyElses(await applied())).to.equal(true);
  });

  it('and met one that was handed over meanwhile met ours', async () => {
    server.given(lookalike());
    server.label('secrets', 'apps/regcred', { [MANAGED_BY_LABEL]: MANAGED_BY });
    expect(wasSomebodyElses(await applied())).to.equal(false);
  });

  it('and met one that we had made before, annotated by somebody, met ours', async () => {
    await applied();
    server.annotate('secrets', 'apps/regcred', { note: 'x' });
    expect(wasSomebodyElses(await applied())).to.equal(false);
  });
});
