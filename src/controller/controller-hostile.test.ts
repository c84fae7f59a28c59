// The loop among others who mean no good or know no better: what they do in one place
// costs nobody else a login, and no Secret of ours its uid.

import { expect } from 'chai';
import { CREDENTIALS_ANNOTATION, FINALIZER, PULL_SECRETS_ANNOTATION } from '../api/names.ts';
import type { RegistrySpec } from '../api/types.ts';
import { ApiError } from '../kube/errors.ts';
import { aBasicSecret, aCredential, aNamespace, aServiceAccount } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { keptSecretName } from './kept-secret.ts';

describe('the operator among others', () => {
  let rig: OperatorRig;

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aNamespace('web').optedIn());
    rig.server.given(aCredential('team').withBasic('r.io', 'login'));
  });
  afterEach(() => rig.stop());

  const status = (name = 'team') => rig.server.get('registrycredentials', name)?.status;
  const uids = () => ['apps', 'web'].map(one => rig.server.get('secrets', one, 'regcred')?.metadata.uid);
  const passwords = () => [rig.logins('apps'), rig.logins('web')];
  const failures = () => (status()?.failures ?? []).map(({ namespace, reason }) => `${namespace} ${reason}`);
  const conditions = (name = 'team'): string[] =>
    (status(name)?.conditions ?? []).map(({ type, status, reason }) => `${type}=${status} ${reason}`);

  describe('who take its finalizer off', () => {
    const takeOff = (): void => {
      rig.server.update('registrycredentials', 'team', credential => {
        credential.metadata.finalizers = [];
      });
    };
    const finalizers = () => rig.server.get('registrycredentials', 'team')?.metadata.finalizers;
    const deletesDuring = async (work: () => Promise<void>): Promise<string[]> =>
      (await rig.writesDuring(work)).filter(write => write.startsWith('DELETE'));

    it('deletes nothing right after a new password, rolls it out and puts the finalizer back', async () => {
      await rig.start();
      const before = uids();
      const deletes = await deletesDuring(async () => {
        rig.newPassword('new');
        takeOff();
        await rig.settle();
      });
      expect([deletes, uids(), passwords()]).to.deep.equal([[], before, ['r.io=new', 'r.io=new']]);
      expect([finalizers(), rig.told('team')]).to.deep.equal([[FINALIZER], 'True Synced 2/2']);
    });

    it('deletes nothing when it was down at the time', async () => {
      await rig.start();
      const before = uids();
      await rig.stop();
      takeOff();
      const deletes = await deletesDuring(() => rig.start());
      expect([deletes, uids(), finalizers()]).to.deep.equal([[], before, [FINALIZER]]);
      expect(rig.told('team')).to.equal('True Synced 2/2');
    });

    it('deletes nothing and gives nobody anything new while it may not put the finalizer back', async () => {
      await rig.start();
      const before = uids();
      rig.server.admit = ({ resource, status, user }) =>
        user === 'regcred' && resource.name === 'registrycredentials' && !status
          ? new ApiError(403, 'Forbidden', 'denied request: change freeze')
          : undefined;
      const deletes = await deletesDuring(async () => {
        takeOff();
        rig.server.given(aNamespace('fresh').optedIn());
        await rig.settle(30_000);
      });
      expect([deletes, uids(), rig.logins('fresh')]).to.deep.equal([[], before, undefined]);
      rig.server.admit = undefined;
      await rig.settle(60_000);
      expect([rig.logins('fresh'), rig.told('team')]).to.deep.equal(['r.io=old', 'True Synced 3/3']);
    });
  });

  describe('who change again what it writes in one namespace', () => {
    /** As a mutating policy does it: the answer shows the change. */
    const mutate = (resource: 'secrets' | 'serviceaccounts', annotation: string, value: string): void => {
      const name = resource === 'secrets' ? 'regcred' : 'default';
      rig.server.after = ({ method, path }, response) => {
        if (method !== 'PATCH' || !path.endsWith(`/apps/${resource}/${name}`)) return;
        rig.server.annotate(resource, `apps/${name}`, { [annotation]: value });
        Object.assign(response.body, rig.server.get(resource, 'apps', name));
      };
    };

    it('says so within 10 s, serves the others, and is well again when they are gone', async () => {
      mutate('secrets', CREDENTIALS_ANNOTATION, 'platform');
      await rig.start();
      await rig.settle(7_000);
      expect([rig.told('team'), failures(), rig.logins('web')]).to.deep.equal([
        'True Synced 1/2',
        ['apps Contested'],
        'r.io=old',
      ]);
      expect(status()?.failures[0]?.message).to.match(/chang/);
      rig.server.after = undefined;
      // At most 30 s to the next attempt, and 30 s of calm after it.
      await rig.settle(65_000);
      expect([rig.told('team'), failures(), conditions()]).to.deep.equal([
        'True Synced 2/2',
        [],
        ['Ready=True Synced'],
      ]);
    });

    it('goes on at most twice a minute', async () => {
      mutate('secrets', CREDENTIALS_ANNOTATION, 'platform');
      await rig.start();
      await rig.settle(60_000);
      const writes = await rig.writesDuring(() => rig.settle(120_000));
      expect(writes.length).to.be.within(3, 6);
      expect(new Set(writes)).to.deep.equal(new Set(['PATCH /api/v1/namespaces/apps/secrets/regcred']));
    });

    it('says where the undo is held up', async () => {
      await rig.start();
      mutate('serviceaccounts', PULL_SECRETS_ANNOTATION, 'regcred');
      rig.server.delete('registrycredentials', 'team');
      await rig.settle(10_000);
      expect(conditions()).to.include('Ready=False Deleting');
      expect(status()?.conditions[0]?.message).to.match(/apps.*chang/);
      expect(rig.logins('web')).to.equal(undefined);
      rig.server.after = undefined;
      await rig.settle(35_000);
      expect(rig.server.get('registrycredentials', 'team')).to.equal(undefined);
      expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal([undefined, []]);
    });
  });

  it('takes names of nobody out of its annotation, and leaves none at the end', async () => {
    rig.server.given(
      aServiceAccount('apps', 'ci')
        .pullingWith('mine')
        .annotated({ [PULL_SECRETS_ANNOTATION]: 'foo,bar' }),
    );
    const annotation = () =>
      rig.server.get('serviceaccounts', 'apps', 'ci')?.metadata.annotations?.[PULL_SECRETS_ANNOTATION];
    await rig.start();
    expect([rig.pullSecrets('apps', 'ci'), annotation()]).to.deep.equal([['mine', 'regcred'], 'regcred']);
    rig.server.annotate('serviceaccounts', 'apps/ci', { [PULL_SECRETS_ANNOTATION]: 'foo,bar,regcred' });
    await rig.settle();
    expect(annotation()).to.equal('regcred');
    rig.server.delete('registrycredentials', 'team');
    await rig.settle();
    expect([rig.pullSecrets('apps', 'ci'), annotation()]).to.deep.equal([['mine'], undefined]);
  });

  describe('with a source that only a newer version knows', () => {
    const QUANTUM = { server: 'q.io', quantum: {} } as unknown as RegistrySpec;
    const zone = () =>
      aCredential('zone')
        .withBasic('z.io', 'second')
        .withBasic('q.io', 'login')
        .inNamespaces({ matchLabels: { zone: 'x' } });
    /** Our schema prunes at every write what a newer CRD keeps. Nobody changes the spec here. */
    const upgradeCrd = (): void => {
      rig.server.admit = ({ object, oldObject }) => {
        if (object?.metadata.name !== 'zone') return undefined;
        (object.spec as { registries: RegistrySpec[] }).registries[1] = QUANTUM;
        object.metadata.generation = oldObject?.metadata.generation ?? 1;
        return undefined;
      };
    };
    const saidOf = (type: string) => status('zone')?.conditions.find(one => one.type === type)?.message;

    beforeEach(() => {
      rig.server.given(aBasicSecret('second', 'robot', 'two'));
      rig.server.label('namespaces', 'apps', { zone: 'x' });
    });

    it('is not ready and names it, and the password of others arrives', async () => {
      upgradeCrd();
      rig.server.given(zone());
      await rig.start();
      expect(passwords()).to.deep.equal(['r.io=old z.io=two', 'r.io=old']);
      expect(rig.told('zone')).to.equal('False SourceFailed 1/1');
      expect(saidOf('Ready')).to.contain('registries[1]').and.contain('quantum').and.contain('upgrade');
      const before = uids();
      rig.newPassword('new');
      await rig.settle();
      expect([uids(), passwords()]).to.deep.equal([before, ['r.io=new z.io=two', 'r.io=new']]);
      expect(rig.told('team')).to.equal('True Synced 2/2');
    });

    it('leaves the logins that the newer version wrote, as after a rollback', async () => {
      rig.server.given(zone());
      await rig.start();
      await rig.stop();
      upgradeCrd();
      rig.server.label('registrycredentials', 'zone', { crd: 'newer' });
      const writes = await rig.writesDuring(() => rig.start());
      const isElsewhere = (write: string): boolean =>
        write.endsWith('/zone/status') || write.endsWith(`/${keptSecretName('zone')}`);
      expect(writes.filter(write => !isElsewhere(write))).to.deep.equal([]);
      expect(saidOf('SourceFailing')).to.contain('registries[1]').and.contain('quantum');
      rig.newPassword('new');
      await rig.settle();
      // What we cannot fetch we could not write again, so its Secret stays as a whole.
      expect(passwords()).to.deep.equal(['q.io=old r.io=old z.io=two', 'r.io=new']);
    });
  });
});
