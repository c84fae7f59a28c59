// An undo that somebody else has cut short before its deletion was seen.

import { expect } from 'chai';
import { FINALIZER } from '../api/names.ts';
import { aCredential, aNamespace } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

describe('a RegistryCredential whose deletion is seen when our finalizer is off already', () => {
  let rig: OperatorRig;

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn());
    const { request, watch } = rig.client;
    rig.client = {
      request,
      // As after a break of the watch, which leaves out what was meanwhile.
      async *watch(wanted) {
        for await (const event of watch(wanted)) {
          const { deletionTimestamp, finalizers } = event.object.metadata;
          if (deletionTimestamp === undefined || finalizers?.includes(FINALIZER) !== true) yield event;
        }
      },
    };
  });
  afterEach(() => rig.stop());

  const takeOff = (): void =>
    void rig.server.update('registrycredentials', 'team', ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter(one => one !== FINALIZER);
    });

  it('is undone while others keep it', async () => {
    rig.server.given(aCredential('team').withBasic('r.io', 'login').finalizedBy('a.example/hold'));
    await rig.start();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal(['r.io=old', ['regcred']]);
    rig.server.delete('registrycredentials', 'team');
    takeOff();
    await rig.settle();
    expect([rig.logins('apps'), rig.pullSecrets('apps')]).to.deep.equal([undefined, []]);
    const { finalizers } = rig.server.get('registrycredentials', 'team')?.metadata ?? {};
    expect(finalizers).to.deep.equal(['a.example/hold']);
  });
});
