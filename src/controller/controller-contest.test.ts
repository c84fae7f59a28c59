// The loop against somebody who takes our entry out of a ServiceAccount again and again: a bounded fight
// that is told once, costs nobody else anything, and ends by itself.

import { expect } from 'chai';
import { aCredential, aNamespace, aServiceAccount } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

const APP = 'PATCH /api/v1/namespaces/apps/serviceaccounts/app';

const theirs = (name: string) => ({
  metadata: { name, namespace: 'apps' },
  imagePullSecrets: [{ name: 'own' }],
});

describe('a fight over the list of a ServiceAccount', () => {
  let rig: OperatorRig;
  let isFighting: boolean;

  beforeEach(async () => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aNamespace('web').optedIn());
    rig.server.given(aServiceAccount('apps', 'app'), aCredential('team').withBasic('r.io', 'login'));
    await rig.start();
    isFighting = true;
  });
  afterEach(() => rig.stop());

  const list = (): string[] => rig.pullSecrets('apps', 'app');
  const writesOver = (milliseconds: number) => rig.writesDuring(() => rig.settle(milliseconds));
  /** Each repair is two. */
  const overList = (writes: readonly string[]): number => writes.filter(write => write === APP).length / 2;
  const status = () => rig.server.get('registrycredentials', 'team')?.status;
  const told = () => [
    rig.told('team'),
    (status()?.failures ?? []).map(one => `${one.namespace} ${one.reason}`),
  ];
  const FOUGHT = ['True Synced 1/2', ['apps Contested']];
  const WELL = ['True Synced 2/2', []];

  const theirList = (name = 'app'): void => {
    rig.server.apply('serviceaccounts', theirs(name), 'rival');
  };
  const everySecond = (name = 'app'): void => {
    if (!isFighting) return;
    theirList(name);
    rig.clock.setTimeout(() => everySecond(name), 1_000);
  };
  /** As soon as our second write of each repair is through, like a controller that watches. */
  const atOnce = (): void => {
    theirList();
    rig.server.after = ({ path, body }) => {
      if (isFighting && path.endsWith('/app') && JSON.stringify(body).includes('managedFields'))
        rig.clock.setTimeout(() => theirList(), 1);
    };
  };

  for (const [who, fight] of Object.entries({
    'who rewrites it every second': everySecond,
    'who rewrites it on every change': atOnce,
  }))
    describe(`with someone ${who}`, () => {
      beforeEach(() => fight());

      it('goes on twice a minute after the first repairs, and never loses his entry', async () => {
        const first = overList(await writesOver(20_000));
        expect(first).to.be.within(8, 9);
        expect(overList(await writesOver(300_000))).to.be.within(9, 11);
        expect(list()).to.include('own');
      });

      it('is told once, with the command that shows who it is', async () => {
        await rig.settle(40_000);
        expect(told()).to.deep.equal(FOUGHT);
        expect(status()?.failures[0]?.message)
          .to.contain('changes serviceaccount apps/app again')
          .and.contain('kubectl -n apps get serviceaccount app -o yaml --show-managed-fields');
        const writes = await writesOver(300_000);
        expect(writes.filter(write => write !== APP)).to.deep.equal([]);
      });

      it('costs the rest of the namespace and the others nothing', async () => {
        await rig.settle(40_000);
        rig.newPassword('new');
        rig.server.given(aServiceAccount('apps', 'fresh'));
        await rig.settle(100);
        expect([rig.logins('apps'), rig.logins('web')]).to.deep.equal(['r.io=new', 'r.io=new']);
        expect(rig.pullSecrets('apps', 'fresh')).to.deep.equal(['regcred']);
        expect(told()).to.deep.equal(FOUGHT);
      });

      it('is over within a minute when he stops', async () => {
        await rig.settle(40_000);
        isFighting = false;
        await rig.settle(62_000);
        expect([list(), ...told()]).to.deep.equal([['own', 'regcred'], ...WELL]);
        expect(await writesOver(120_000)).to.deep.equal([]);
      });

      it('is over at once for a ServiceAccount that is kept out', async () => {
        await rig.settle(40_000);
        rig.server.label('serviceaccounts', 'apps/app', { 'regcred.dev/sync': 'false' });
        await rig.settle();
        expect([list(), ...told()]).to.deep.equal([['own'], ...WELL]);
      });
    });

  it('is bounded with someone who is faster than each of our attempts to hand the list back', async () => {
    let writes = 0;
    rig.server.before = ({ path, body }) => {
      // An end, for without a bound the two would go on within one moment of the clock.
      if (!path.endsWith('/app') || !JSON.stringify(body).includes('managedFields') || writes === 500) return;
      writes += 1;
      rig.server.label('serviceaccounts', 'apps/app', { write: `${writes}` });
      if (writes % 5 === 0) theirList();
    };
    theirList();
    await rig.settle(20_000);
    expect(writes).to.equal(8 * 5);
    expect(told()).to.deep.equal(FOUGHT);
  });

  it('is none with someone who deletes it and makes it anew, or the whole namespace', async () => {
    isFighting = false;
    for (let turn = 0; turn < 12; turn++) {
      rig.server.delete('serviceaccounts', 'apps', 'app');
      rig.server.given(aServiceAccount('apps', 'app').pullingWith('own'));
      await rig.settle(100);
      expect(list()).to.deep.equal(['own', 'regcred']);
    }
    for (let turn = 0; turn < 12; turn++) {
      rig.server.delete('namespaces', 'web');
      await rig.settle(100);
      rig.server.given(aNamespace('web').optedIn());
      await rig.settle(100);
      expect([rig.logins('web'), rig.pullSecrets('web')]).to.deep.equal(['r.io=old', ['regcred']]);
    }
  });

  for (const secretName of ['regcred', 'team-login'])
    it(`holds up no undo of another RegistryCredential, which fed ${secretName}`, async () => {
      const x = aCredential('x').withBasic('x.io', 'login').into(secretName);
      rig.server.given(aServiceAccount('apps', 'ci'), x.forServiceAccounts({ names: ['ci'] }));
      await rig.settle();
      expect(rig.pullSecrets('apps', 'ci')).to.include(secretName);
      // Two that are never calm at the same time.
      everySecond('app');
      await rig.settle(15_500);
      everySecond('default');
      await rig.settle(40_000);
      rig.server.delete('registrycredentials', 'x');
      await rig.settle();
      expect(rig.server.get('registrycredentials', 'x')).to.equal(undefined);
      expect(rig.logins('apps', secretName)).to.equal(secretName === 'regcred' ? 'r.io=old' : undefined);
      expect(told()).to.deep.equal(FOUGHT);
    });

  it('is no trouble of a RegistryCredential that gives nothing to that ServiceAccount', async () => {
    const x = aCredential('x').withBasic('x.io', 'login');
    rig.server.given(aServiceAccount('apps', 'ci'), x.forServiceAccounts({ names: ['ci'] }));
    const y = aCredential('y').withBasic('y.io', 'login').into('team-login');
    rig.server.given(y.forServiceAccounts({ names: ['default'] }));
    everySecond();
    await rig.settle(40_000);
    expect(told()).to.deep.equal(FOUGHT);
    expect([rig.told('x'), rig.told('y')]).to.deep.equal(['True Synced 2/2', 'True Synced 2/2']);
  });

  it('is bounded after the undo too, where nobody is left to be told', async () => {
    rig.server.after = ({ path, body }) => {
      if (!isFighting || !path.endsWith('/app') || JSON.stringify(body).includes('managedFields')) return;
      rig.clock.setTimeout(() => {
        rig.server.update('serviceaccounts', 'apps/app', one => {
          one.imagePullSecrets = [{ name: 'own' }, { name: 'regcred' }];
          one.metadata.annotations = { 'regcred.dev/image-pull-secrets': 'regcred' };
        });
      }, 1);
    };
    rig.server.delete('registrycredentials', 'team');
    await rig.settle(20_000);
    expect(rig.server.get('registrycredentials', 'team')).to.equal(undefined);
    // Nobody owned anything here, so there is nothing to hand back.
    expect(await writesOver(300_000)).to.have.length.within(9, 11);
    isFighting = false;
    await rig.settle(31_000);
    expect(list()).to.deep.equal(['own']);
  });
});
