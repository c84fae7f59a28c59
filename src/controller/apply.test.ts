// What an answer of the API server does to the world, also when the watch was faster
// than the answer.

import { expect } from 'chai';
import type { Change, Plan } from '../core/change.ts';
import { NO_CHANGES } from '../core/plan.ts';
import { ApiError } from '../kube/errors.ts';
import { aNamespace, aSecret, OPERATOR_NAMESPACE } from '../testing/builders.ts';
import { FakeApiServer } from '../testing/fake-api-server.ts';
import { apply } from './apply.ts';
import { slimSecret, slimServiceAccount } from './slim.ts';
import { createWorld } from './world.ts';

const nobody = {
  credential: ignore,
  namespace: ignore,
  serviceAccount: ignore,
  secret: ignore,
  source: ignore,
};
function ignore(): void {}

describe('the answer to a change', () => {
  let server: FakeApiServer;
  let world: ReturnType<typeof createWorld>;

  beforeEach(() => {
    server = new FakeApiServer();
    server.given(aNamespace('apps'), aSecret('regcred').in('apps'));
    world = createWorld(OPERATOR_NAMESPACE, ['regcred'], nobody);
    watchBrings();
  });

  /** What is there now. */
  function watchBrings(): void {
    for (const one of server.list('secrets', 'apps')) world.secrets.get('regcred')?.upsert(slimSecret(one));
    for (const one of server.list('serviceaccounts', 'apps'))
      world.serviceAccounts.upsert(slimServiceAccount(one));
  }
  const secret = () => world.secrets.get('regcred')?.get('apps', 'regcred');
  const account = () => world.serviceAccounts.get('apps', 'default');
  const carryOut = async (changes: Change[], afterReferences: Change[] = []): Promise<string[]> => {
    const plan: Plan = { ...NO_CHANGES, changes, afterReferences };
    const outcomes = await apply(plan, { client: server.client(), world, redact: text => text });
    return outcomes.map(({ change, result }) => `${change.kind} ${result}`);
  };
  const deletion = (): Change => {
    const { uid = '', resourceVersion = '' } = secret() ?? {};
    return { kind: 'DeleteSecret', namespace: 'apps', name: 'regcred', uid, resourceVersion };
  };
  const patch = (...ownPullSecrets: string[]): Change => ({
    kind: 'PatchServiceAccount',
    namespace: 'apps',
    name: 'default',
    resourceVersion: account()?.resourceVersion ?? '',
    pullSecrets: ownPullSecrets,
    ownPullSecrets,
    detached: [],
    owners: [],
  });

  it('is in the world before the watch brings it', async () => {
    expect(await carryOut([patch('regcred'), deletion()])).to.deep.equal([
      'PatchServiceAccount configured',
      'DeleteSecret deleted',
    ]);
    expect([account()?.pullSecrets, secret()]).to.deep.equal([['regcred'], undefined]);
  });

  it('does not take away a successor that the watch brought before', async () => {
    server.after = () => {
      server.given(aSecret('regcred').in('apps'));
      watchBrings();
    };
    await carryOut([deletion()]);
    expect(secret()?.uid)
      .to.equal(server.get('secrets', 'apps', 'regcred')?.metadata.uid)
      .and.be.a('string');
  });

  it('that it is gone takes it out of the world, and no successor', async () => {
    server.controllers.defaultServiceAccounts = false;
    const outdated = patch('regcred');
    server.delete('serviceaccounts', 'apps', 'default');
    expect(await carryOut([outdated])).to.deep.equal(['PatchServiceAccount gone']);
    expect(account()).to.equal(undefined);
  });

  it('leaves a Secret in the world whose deletion waits for a finalizer', async () => {
    server.update('secrets', 'apps/regcred', ({ metadata }) => {
      metadata.finalizers = ['example.org/backup'];
    });
    watchBrings();
    expect(await carryOut([deletion()])).to.deep.equal(['DeleteSecret deleted']);
    expect(secret()).to.include({ name: 'regcred', terminating: true });
  });

  it('holds back what waits for it when it was refused', async () => {
    for (const code of [409, 422, 500]) {
      server.before = ({ method }) => {
        if (method === 'PATCH') throw new ApiError(code, '', 'no');
      };
      const result = code === 409 ? 'outdated' : 'failed';
      expect(await carryOut([patch()], [deletion()])).to.deep.equal([`PatchServiceAccount ${result}`]);
    }
    server.before = undefined;
    expect(await carryOut([patch()], [deletion()])).to.have.length(2);
  });
});
