// An undo that somebody else has cut short, by taking our finalizer off.

import { expect } from 'chai';
import { FINALIZER, MANAGED_BY_LABEL } from '../api/names.ts';
import { ApiError } from '../kube/errors.ts';
import { createMetrics } from '../metrics.ts';
import { aCredential, aNamespace } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

describe('a RegistryCredential whose finalizer of ours somebody takes off', () => {
  let rig: OperatorRig;
  let isHidden: boolean;

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn());
    isHidden = false;
    const { request, watch } = rig.client;
    rig.client = {
      request,
      // As after a break of the watch, which leaves out what was meanwhile.
      async *watch(wanted) {
        for await (const event of watch(wanted)) {
          const { deletionTimestamp, finalizers } = event.object.metadata;
          if (!isHidden || deletionTimestamp === undefined || finalizers?.includes(FINALIZER) !== true)
            yield event;
        }
      },
    };
  });
  afterEach(() => rig.stop());

  const aHeldOne = () => aCredential('team').withBasic('r.io', 'login').finalizedBy('a.example/hold');
  const takeOff = (): void =>
    void rig.server.update('registrycredentials', 'team', ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter(one => one !== FINALIZER);
    });
  const refuse = (): void => {
    rig.server.before = ({ method }) => {
      if (method === 'DELETE') throw new ApiError(403, 'Forbidden', 'a webhook says no', []);
    };
  };
  const message = (): string | undefined =>
    rig.server.get('registrycredentials', 'team')?.status?.conditions.find(({ type }) => type === 'Ready')
      ?.message;

  it('before its deletion was seen is undone, and says so, while others keep it', async () => {
    rig.server.given(aHeldOne());
    await rig.start();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal(['r.io=old', ['regcred']]);
    isHidden = true;
    rig.server.delete('registrycredentials', 'team');
    takeOff();
    await rig.settle();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal([undefined, []]);
    const { finalizers } = rig.server.get('registrycredentials', 'team')?.metadata ?? {};
    expect(finalizers).to.deep.equal(['a.example/hold']);
    expect(message()).to.match(/is undone; only finalizers of others keep the object: a\.example\/hold$/);
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
  });

  for (const [when, hides] of [
    ['before its deletion was seen', true],
    ['while it is undone', false],
  ] as const)
    it(`${when} is not said to be undone while a namespace refuses`, async () => {
      const metrics = createMetrics('0.0.0');
      rig.metrics = metrics;
      rig.server.given(aHeldOne());
      await rig.start();
      refuse();
      isHidden = hides;
      rig.server.delete('registrycredentials', 'team');
      if (!hides) await rig.settle();
      takeOff();
      await rig.settle(60_000);
      expect(rig.logins('apps')).to.equal('r.io=old');
      const isHeldUp = async (): Promise<void> => {
        expect(message()).to.match(/is being undone; apps: .*a webhook says no/);
        expect(await metrics.text()).to.include('regcred_ready{credential="team",status="False"} 1');
      };
      await isHeldUp();
      const writes = await rig.writesDuring(() => rig.restart());
      expect(writes.filter(write => !write.startsWith('DELETE'))).to.deep.equal([]);
      await isHeldUp();
      rig.server.before = undefined;
      await rig.settle(60_000);
      expect(rig.logins('apps')).to.equal(undefined);
      expect(message()).to.match(/is undone; only finalizers of others/);
      expect(await metrics.text()).not.to.include('credential="team"');
    });

  it('is undone once, though somebody keeps its Secret from going and others keep the operator busy', async () => {
    const busy = Array.from({ length: 8 }, (_, n) => `busy-${n}`);
    rig.server.given(aHeldOne(), ...busy.map(name => aNamespace(name).optedIn()));
    rig.server.given(aCredential('other').withBasic('x.io', 'login').into('team-login'));
    await rig.start();
    rig.server.update('secrets', 'apps/regcred', ({ metadata }) => {
      metadata.finalizers = ['a.example/hold'];
    });
    isHidden = true;
    rig.server.delete('registrycredentials', 'team');
    takeOff();
    await rig.settle();
    expect(message()).to.match(/is undone; only finalizers of others/);
    rig.server.before = async ({ path, method }) => {
      if (method === 'PATCH' && path.endsWith('/secrets/team-login'))
        await new Promise<void>(resolve => rig.clock.setTimeout(resolve, 1_000));
    };
    rig.newPassword('new');
    await rig.clock.advance(100);
    rig.server.label('registrycredentials', 'team', { looked: 'at' });
    const writes = await rig.writesDuring(() => rig.settle(60_000));
    expect(writes.filter(write => write.includes('/registrycredentials/team'))).to.deep.equal([]);
  });

  it('leaves its logins where they are with Orphan, without our label', async () => {
    rig.server.given(aHeldOne().orphaning());
    await rig.start();
    isHidden = true;
    rig.server.delete('registrycredentials', 'team');
    takeOff();
    await rig.settle();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal(['r.io=old', ['regcred']]);
    expect(rig.server.get('secrets', 'apps', 'regcred')?.metadata.labels?.[MANAGED_BY_LABEL]).to.equal(
      undefined,
    );
    expect(message()).to.match(/stays there, and nobody looks after it; only finalizers of others/);
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
  });
});
