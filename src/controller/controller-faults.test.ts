// The loop when things go wrong: other writers, refusals, lost answers, broken
// sources. One bad namespace never stops the others, and nothing good is lost.

import { expect } from 'chai';
import { ApiError } from '../kube/errors.ts';
import {
  aBasicSecret,
  aCredential,
  aDockerConfigSecret,
  aNamespace,
  OPERATOR_NAMESPACE,
} from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

const ACCOUNT = '/api/v1/namespaces/apps/serviceaccounts/default';
const LABEL = { 'app.kubernetes.io/managed-by': 'regcred' };

describe('the operator in trouble', () => {
  let rig: OperatorRig;

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aNamespace('web').optedIn());
    rig.server.given(aCredential('team').withBasic('r.io', 'login'));
  });
  afterEach(() => rig.stop());

  const pullWith = (...names: string[]) =>
    rig.server.update('serviceaccounts', 'apps/default', account => {
      account.imagePullSecrets = names.map(name => ({ name }));
    });
  const conditions = (): string[] =>
    (rig.server.get('registrycredentials', 'team')?.status?.conditions ?? []).map(
      ({ type, status, reason }) => `${type}=${status} ${reason}`,
    );

  it('computes a list again when somebody else wrote to it in between', async () => {
    let others = 3;
    rig.server.before = ({ path, method }) => {
      if (path !== ACCOUNT || method !== 'PATCH' || others === 0) return;
      others -= 1;
      pullWith(...Array.from({ length: 3 - others }, (_, n) => `theirs-${n}`));
    };
    await rig.start();
    expect(rig.pullSecrets('apps')).to.deep.equal(['theirs-0', 'theirs-1', 'theirs-2', 'regcred']);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('serves the others when one namespace refuses, says so, and serves it when it does not any more', async () => {
    rig.server.admit = ({ object, user }) =>
      user === 'regcred' && object?.metadata.namespace === 'apps'
        ? new ApiError(403, 'Forbidden', 'secrets "regcred" is forbidden: exceeded quota: none')
        : undefined;
    await rig.start();
    expect(rig.logins('web')).to.equal('r.io=old');
    expect(rig.told('team')).to.equal('True Synced 1/2');
    expect(conditions()).to.include('Conflict=True Refused');
    rig.server.admit = undefined;
    await rig.settle(40_000);
    expect([rig.logins('apps'), rig.told('team')]).to.deep.equal(['r.io=old', 'True Synced 2/2']);
    expect(conditions()).to.deep.equal(['Ready=True Synced']);
  });

  it('retries a namespace that refuses later each time, up to half a minute', async () => {
    const at: number[] = [];
    rig.server.before = ({ path }) => {
      if (!path.startsWith('/api/v1/namespaces/apps/secrets/')) return;
      at.push(rig.clock.now());
      throw new ApiError(422, 'Invalid', 'denied by a policy');
    };
    await rig.start();
    await rig.settle(180_000);
    const pauses = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(at.length).to.be.within(12, 18);
    expect(Math.max(...pauses)).to.be.within(20_000, 30_000);
  });

  it('says which permission is missing, and is well again when it has it', async () => {
    rig.server.before = ({ path, method }) => {
      if (method === 'PATCH' && path.includes('/secrets/'))
        throw new ApiError(403, 'Forbidden', 'User "x" cannot patch resource "secrets" in API group ""');
    };
    await rig.start();
    expect(rig.told('team')).to.equal('False Forbidden 0/2');
    rig.server.before = undefined;
    await rig.settle(60_000);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('goes on with the last known good login when its source is deleted, also in a new namespace', async () => {
    await rig.start();
    rig.server.delete('secrets', OPERATOR_NAMESPACE, 'login');
    rig.server.given(aNamespace('fresh').optedIn());
    await rig.settle();
    expect([rig.logins('apps'), rig.logins('fresh')]).to.deep.equal(['r.io=old', 'r.io=old']);
    expect(conditions()).to.deep.equal(['Ready=True Synced', 'SourceFailing=True LastKnownGoodServed']);
    rig.server.given(aBasicSecret('login', 'robot', 'new'));
    await rig.settle();
    expect([rig.logins('apps'), ...conditions()]).to.deep.equal(['r.io=new', 'Ready=True Synced']);
  });

  it('leaves Secrets as they are when it is restarted while a source is gone', async () => {
    await rig.start();
    rig.server.delete('secrets', OPERATOR_NAMESPACE, 'login');
    await rig.settle();
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
    expect(rig.logins('apps')).to.equal('r.io=old');
  });

  it('writes nothing at a restart for one that fails and loses its server to another', async () => {
    rig.server.given(aBasicSecret('second', 'robot', 'two'), aCredential('zone').withBasic('r.io', 'second'));
    await rig.start();
    rig.server.delete('secrets', OPERATOR_NAMESPACE, 'second');
    await rig.settle();
    const writes = await rig.writesDuring(() => rig.restart());
    expect(writes.filter(write => !write.endsWith('/status'))).to.deep.equal([]);
    expect(rig.told('zone')).to.equal('True Synced 2/2');
  });

  it('writes nothing and touches no ServiceAccount before there is a login', async () => {
    rig.server.delete('secrets', OPERATOR_NAMESPACE, 'login');
    await rig.start();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal([undefined, []]);
    expect(rig.told('team')).to.equal('False SourceFailed 0/2');
    rig.server.given(aBasicSecret('login', 'robot', 'first'));
    await rig.settle();
    expect([rig.logins('apps'), rig.told('team')]).to.deep.equal(['r.io=first', 'True Synced 2/2']);
  });

  it('says that a new RegistryCredential lacks a login, though its other one is served', async () => {
    await rig.start();
    rig.server.given(aCredential('zone').withBasic('z.io', 'missing').withBasic('y.io', 'login'));
    await rig.settle();
    expect([rig.logins('apps'), rig.told('zone')]).to.deep.equal([
      'r.io=old y.io=old',
      'False SourceFailed 2/2',
    ]);
  });

  it('leaves a foreign Secret alone until it is handed over', async () => {
    rig.server.given(aDockerConfigSecret('regcred').in('apps').withLogin('x.io', 'u', 'theirs'));
    await rig.start();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal(['x.io=theirs', []]);
    expect(conditions()).to.include('Conflict=True ForeignSecret');
    rig.server.label('secrets', 'apps/regcred', LABEL);
    await rig.settle();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal(['r.io=old', ['regcred']]);
  });

  it('gives back a foreign Secret with the same bytes that it met instead of making its own', async () => {
    const lookalike = aDockerConfigSecret('regcred').in('apps').withLogin('r.io', 'robot', 'old');
    let isThere = false;
    rig.server.before = ({ path, method }) => {
      if (isThere || method !== 'PATCH' || path !== '/api/v1/namespaces/apps/secrets/regcred') return;
      isThere = true;
      rig.server.given(lookalike);
    };
    await rig.start();
    expect(rig.server.get('secrets', 'apps', 'regcred')?.metadata.labels).to.equal(undefined);
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal(['r.io=old', []]);
    expect(conditions()).to.include('Conflict=True ForeignSecret');
  });

  it('writes status at most once a second, however much changes', async () => {
    const at: number[] = [];
    rig.server.after = ({ path }) => {
      if (path.endsWith('/status')) at.push(rig.clock.now());
    };
    await rig.start();
    for (let n = 0; n < 40; n += 1) {
      rig.server.given(aNamespace(`n${n}`).optedIn());
      await rig.settle(100);
    }
    await rig.settle();
    const pauses = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(Math.min(...pauses)).to.be.at.least(1_000);
    expect(rig.told('team')).to.equal('True Synced 42/42');
  });

  it('never logs a credential', async () => {
    await rig.start();
    rig.newPassword('correct-horse');
    rig.server.before = ({ method }) => {
      if (method === 'PATCH')
        throw new ApiError(422, 'Invalid', 'webhook says: correct-horse is a bad password');
    };
    await rig.settle(10_000);
    expect(rig.log.join('\n')).to.include('webhook says').and.not.include('correct-horse');
  });
});
