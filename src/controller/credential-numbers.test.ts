// What metrics tell of a RegistryCredential that is deleted: for the operator it ends when nothing is left to undo.

import { expect } from 'chai';
import { ApiError } from '../kube/errors.ts';
import { createMetrics } from '../metrics.ts';
import { aCredential, aNamespace } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

describe('the series of a RegistryCredential that is deleted', () => {
  let rig: OperatorRig;
  let metrics: ReturnType<typeof createMetrics>;

  beforeEach(() => {
    rig = new OperatorRig();
    metrics = createMetrics('0.0.0');
    rig.metrics = metrics;
  });
  afterEach(() => rig.stop());

  const series = async (): Promise<string[]> =>
    (await metrics.text()).split('\n').filter(line => line.includes('credential="team"'));

  it('are there while it is undone, and end then, though a finalizer of somebody else keeps it', async () => {
    const team = aCredential('team').withBasic('r.io', 'login').finalizedBy('a.example/hold');
    rig.server.given(aNamespace('apps').optedIn(), team);
    await rig.start();
    rig.server.before = ({ method }) => {
      if (method === 'DELETE') throw new ApiError(403, 'Forbidden', 'a webhook says no', []);
    };
    rig.server.delete('registrycredentials', 'team');
    await rig.settle();
    expect(await series()).to.include('regcred_ready{credential="team",status="False"} 1');
    rig.server.before = undefined;
    await rig.settle(60_000);
    expect(rig.told('team')).to.match(/^False Deleting/);
    expect(await series()).to.deep.equal([]);
    await rig.restart();
    expect(await series()).to.deep.equal([]);
  });
});
