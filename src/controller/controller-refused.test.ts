// The loop when the API server is at its limit or does not answer: it is left alone for as long as it asks,
// and what is over at the next attempt is not told.

import { expect } from 'chai';
import { ApiError, TransportError } from '../kube/errors.ts';
import { aCredential, aNamespace } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

describe('the operator that an API server refuses for a while', () => {
  let rig: OperatorRig;

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aNamespace('web').optedIn());
    rig.server.given(aCredential('team').withBasic('r.io', 'login'));
  });
  afterEach(() => rig.stop());

  it('leaves a namespace alone for as long as the API server asks, whatever happens there meanwhile', async () => {
    const at: number[] = [];
    rig.server.before = ({ path, method }) => {
      if (method !== 'PATCH' || !path.startsWith('/api/v1/namespaces/apps/secrets/')) return;
      at.push(rig.clock.monotonic());
      if (at.length < 3) throw new ApiError(429, 'TooManyRequests', 'slow down', [], 20_000);
    };
    await rig.start();
    rig.server.label('namespaces', 'apps', { touched: 'true' });
    rig.server.update('serviceaccounts', 'apps/default', account => {
      account.imagePullSecrets = [{ name: 'theirs' }];
    });
    await rig.settle(60_000);
    const [first = 0, second = 0, third = 0] = at;
    expect([second - first, third - second]).to.deep.equal([20_000, 20_000]);
    expect([rig.logins('apps'), rig.told('team')]).to.deep.equal(['r.io=old', 'True Synced 2/2']);
  });

  it('leaves a RegistryCredential alone for as long as the API server asks', async () => {
    const at: number[] = [];
    rig.server.before = ({ path, method }) => {
      if (method !== 'PATCH' || !path.endsWith('/registrycredentials/team')) return;
      at.push(rig.clock.monotonic());
      if (at.length < 2) throw new ApiError(429, 'TooManyRequests', 'slow down', [], 20_000);
    };
    await rig.start();
    rig.newPassword('new');
    await rig.settle(60_000);
    expect(at.map(time => time - (at[0] ?? 0))).to.deep.equal([0, 20_000]);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('finds out that a write was carried out whose answer was lost', async () => {
    let lost = 2;
    rig.server.after = ({ method, path }) => {
      if (method !== 'PATCH' || !path.includes('/apps/') || lost === 0) return;
      lost -= 1;
      throw new TransportError('reset');
    };
    await rig.start();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal(['r.io=old', ['regcred']]);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('says nothing of a failure that is over at the next attempt', async () => {
    const said: (string | undefined)[] = [];
    let failures = 2;
    rig.server.before = ({ path, method }) => {
      if (path.endsWith('/status')) said.push(rig.told('team'));
      if (method !== 'PATCH' || !path.includes('/apps/secrets/') || failures === 0) return;
      failures -= 1;
      throw new ApiError(500, 'InternalError', 'etcd');
    };
    await rig.start();
    expect([rig.told('team'), failures]).to.deep.equal(['True Synced 2/2', 0]);
    expect(said).to.have.length(1);
  });

  it('writes no status of watches that an API server refuses in the moment after its start', async () => {
    await rig.start();
    const refused = new ApiError(403, 'Forbidden', 'User "x" cannot list resource "secrets" in API group ""');
    const writes = await rig.writesDuring(async () => {
      rig.server.beforeWatch = () => {
        throw new TransportError('connection refused');
      };
      rig.server.endWatches(new TransportError('reset'));
      await rig.settle(60_000);
      // From now on it answers, and each watch tries again soon.
      const tried = new Map<string, number>();
      rig.server.beforeWatch = ({ path }) => {
        tried.set(path, (tried.get(path) ?? 0) + 1);
        if ((tried.get(path) ?? 0) < 4) throw refused;
      };
      await rig.settle(60_000);
    });
    expect(writes).to.deep.equal([]);
  });

  it('writes no status of a token that was refused for a while, when it is known again', async () => {
    await rig.start();
    const unauthorized = new ApiError(401, 'Unauthorized', 'Unauthorized');
    rig.server.before = () => {
      throw unauthorized;
    };
    rig.server.beforeWatch = () => {
      throw unauthorized;
    };
    const writes = await rig.writesDuring(async () => {
      rig.server.endWatches(unauthorized);
      await rig.settle(10_000);
      // Known again first to those who write.
      rig.server.before = undefined;
      await rig.settle(10_000);
      rig.server.beforeWatch = undefined;
      await rig.settle(60_000);
    });
    expect(writes).to.deep.equal([]);
    expect(rig.log.join('\n')).to.contain('warn could not watch the API server, will retry');
  });
});
