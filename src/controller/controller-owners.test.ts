// The loop beside tools that apply ServiceAccounts with a list of their own: none of them ever
// meets a conflict because of us, and at the end nothing tells that we were there.

import { expect } from 'chai';
import { FIELD_MANAGER, PULL_SECRETS_ANNOTATION } from '../api/names.ts';
import { ApiError } from '../kube/errors.ts';
import { aCredential, aNamespace, aServiceAccount } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

const ACCOUNT = 'PATCH /api/v1/namespaces/apps/serviceaccounts/app';

describe('the operator beside tools that apply ServiceAccounts', () => {
  let rig: OperatorRig;

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aCredential('team').withBasic('r.io', 'login'));
  });
  afterEach(() => rig.stop());

  const account = (name = 'app') => rig.server.get('serviceaccounts', 'apps', name);
  const list = (name = 'app') => rig.pullSecrets('apps', name);
  /** "manager/operation field …" of each. */
  const owners = (name = 'app'): string[] =>
    (account(name)?.metadata.managedFields ?? []).map(({ manager, operation, fieldsV1 = {} }) => {
      const annotations = (fieldsV1['f:metadata'] as Record<string, object> | undefined)?.['f:annotations'];
      const fields = [
        ...Object.keys(fieldsV1).filter(key => key !== 'f:metadata'),
        ...Object.keys(annotations ?? {}),
      ];
      return [`${manager}/${operation}`, ...fields].join(' ');
    });
  const OURS = `${FIELD_MANAGER}/Update f:${PULL_SECRETS_ANNOTATION}`;
  const applied = (manager: string, pullSecrets: string[], more: object = {}, name = 'app') =>
    rig.server.apply('serviceaccounts', configuration(name, pullSecrets, more), manager);
  const configuration = (name: string, pullSecrets: string[], more: object) => ({
    metadata: { name, namespace: 'apps' },
    imagePullSecrets: pullSecrets.map(one => ({ name: one })),
    ...more,
  });
  const undo = async (): Promise<void> => {
    rig.server.delete('registrycredentials', 'team');
    await rig.settle();
  };

  it('leaves the list to who applies it, before and after undo', async () => {
    applied('helm', ['own']);
    await rig.start();
    expect([list(), owners()]).to.deep.equal([
      ['own', 'regcred'],
      ['helm/Apply f:imagePullSecrets', OURS],
    ]);
    await undo();
    expect([list(), owners()]).to.deep.equal([['own'], ['helm/Apply f:imagePullSecrets']]);
    applied('helm', ['other']);
    expect(list()).to.deep.equal(['other']);
  });

  it('comes back into a list that is applied again, whether changed or not', async () => {
    applied('helm', ['own']);
    await rig.start();
    for (const own of ['own', 'other', 'other']) {
      applied('helm', [own]);
      await rig.settle(100);
      expect([list(), owners()]).to.deep.equal([
        [own, 'regcred'],
        ['helm/Apply f:imagePullSecrets', OURS],
      ]);
    }
  });

  it('lets the owner take his own entries away by applying no list any more', async () => {
    applied('helm', ['own'], { automountServiceAccountToken: false });
    await rig.start();
    rig.server.apply('serviceaccounts', { metadata: { name: 'app', namespace: 'apps' } }, 'helm');
    await rig.settle(100);
    expect([list(), owners()]).to.deep.equal([['regcred'], [OURS]]);
  });

  it('keeps all of several owners', async () => {
    applied('helm', ['own']);
    applied('flux', ['own'], { automountServiceAccountToken: false });
    const before = owners();
    await rig.start();
    expect(owners()).to.deep.equal([...before, OURS]);
    applied('helm', ['own', 'regcred']);
    await undo();
    applied('flux', ['own'], { automountServiceAccountToken: false });
    expect(list()).to.deep.equal(['own']);
  });

  it('is in the way of no first apply onto a ServiceAccount that nobody owns', async () => {
    await rig.start();
    expect(owners('default')).to.deep.equal([OURS]);
    applied('helm', ['own'], {}, 'default');
    await rig.settle(100);
    expect(list('default')).to.deep.equal(['own', 'regcred']);
  });

  it('leaves a ServiceAccount that nobody owned as it was', async () => {
    rig.server.update('serviceaccounts', 'apps/default', one => {
      one.imagePullSecrets = [{ name: 'own' }];
    });
    expect(owners('default')).to.deep.equal([]);
    await rig.start();
    expect([list('default'), owners('default')]).to.deep.equal([['own', 'regcred'], [OURS]]);
    await undo();
    expect([list('default'), owners('default')]).to.deep.equal([['own'], []]);
    expect(account('default')?.metadata.annotations).to.equal(undefined);
    applied('helm', ['own'], {}, 'default');
  });

  it('writes nothing on a restart', async () => {
    applied('helm', ['own']);
    await rig.start();
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
  });

  it('hands the list back once that an earlier operator kept, and takes a claim off that it forgot', async () => {
    rig.server.given(aServiceAccount('apps', 'old').pullingWith('own'));
    applied('helm', ['own']);
    const patch = (name: string, change: object) =>
      rig.server.client(FIELD_MANAGER).request({
        method: 'PATCH',
        path: `/api/v1/namespaces/apps/serviceaccounts/${name}`,
        contentType: 'application/merge-patch+json',
        body: change,
      });
    const metadata = { annotations: { [PULL_SECRETS_ANNOTATION]: 'regcred' } };
    await patch('app', { metadata, imagePullSecrets: [{ name: 'own' }, { name: 'regcred' }] });
    await patch('old', { imagePullSecrets: [{ name: 'own' }, { name: 'x' }] });
    await patch('old', { imagePullSecrets: [{ name: 'own' }] });
    rig.server.label('namespaces', 'apps', { 'regcred.dev/sync': 'false' });
    expect([owners(), owners('old')]).to.deep.equal([
      [`${FIELD_MANAGER}/Update f:imagePullSecrets f:${PULL_SECRETS_ANNOTATION} .`],
      ['regcred/Update f:imagePullSecrets'],
    ]);
    await rig.start();
    expect([list(), owners(), owners('old')]).to.deep.equal([['own'], [], []]);
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
  });

  it('goes on with the handing back where an end came in between', async () => {
    rig.server.given(aServiceAccount('apps', 'app'));
    rig.server.before = ({ method, path, body }) => {
      const isHandBack = JSON.stringify(body ?? {}).includes('managedFields');
      if (method === 'PATCH' && path.endsWith('/app') && isHandBack) throw new ApiError(503, '', 'gone away');
    };
    await rig.start();
    expect(list()).to.deep.equal(['regcred']);
    await rig.stop();
    rig.server.before = undefined;
    const writes = await rig.writesDuring(() => rig.start());
    expect(writes.filter(write => !write.endsWith('/status'))).to.deep.equal([ACCOUNT, ACCOUNT]);
    expect(owners()).to.deep.equal([OURS]);
  });

  it('leaves it at one attempt where admission strips managedFields', async () => {
    rig.server.before = ({ body }) => {
      const { metadata } = (body ?? {}) as { metadata?: { managedFields?: object[] } };
      if (metadata?.managedFields !== undefined) metadata.managedFields = [{}];
    };
    await rig.start();
    await rig.settle(40_000);
    expect([list('default'), owners('default')]).to.deep.equal([['regcred'], []]);
    expect(rig.told('team')).to.equal('True Synced 1/1');
    expect(await rig.writesDuring(() => rig.settle(120_000))).to.deep.equal([]);
    rig.server.label('serviceaccounts', 'apps/default', { team: 'a' });
    expect(await rig.writesDuring(() => rig.settle(120_000))).to.have.length(2);
    rig.server.delete('registrycredentials', 'team');
    await rig.settle();
    expect([list('default'), account('default')?.metadata.annotations]).to.deep.equal([[], undefined]);
  });

  it('remembers the owner when somebody else is faster than the handing back', async () => {
    applied('helm', ['own']);
    let isFirst = true;
    rig.server.before = ({ body }) => {
      if (!isFirst || !JSON.stringify(body ?? {}).includes('managedFields')) return;
      isFirst = false;
      rig.server.label('serviceaccounts', 'apps/app', { team: 'a' });
    };
    await rig.start();
    expect(isFirst).to.equal(false);
    expect(owners()).to.include('helm/Apply f:imagePullSecrets').and.to.include(OURS);
    applied('helm', ['own']);
    await rig.settle(100);
    expect(list()).to.deep.equal(['own', 'regcred']);
  });

  it('takes the entry of a file away that was exported before the undo', async () => {
    await rig.start();
    const exported = { annotations: { [PULL_SECRETS_ANNOTATION]: 'regcred' } };
    await undo();
    applied('kubectl', ['own', 'regcred'], { metadata: { name: 'app', namespace: 'apps', ...exported } });
    await rig.settle(100);
    expect([list(), account()?.metadata.annotations]).to.deep.equal([['own'], undefined]);
    expect(owners()).to.deep.equal(['kubectl/Apply f:imagePullSecrets']);
  });
});
