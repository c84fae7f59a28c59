// The loop with a RegistryCredential of chance beside a sound one. Whatever stands in the one, the other is served.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { oddSpec, soundSpec } from '../testing/arbitrary-spec.ts';
import { aCredential, aDockerConfigSecret, aNamespace, aSecret } from '../testing/builders.ts';
import { FUZZ_TIMEOUT, holdsInTime } from '../testing/fuzzing.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { changedPrototypes } from '../testing/prototypes.ts';
import { seenAs } from '../testing/seen-as.ts';

/** Last by name, so that it wins nothing from the other one. */
const ODD = 'zz-odd';

async function inRig(check: (rig: OperatorRig) => Promise<void>): Promise<void> {
  const rig = new OperatorRig();
  rig.server.given(aNamespace('apps').optedIn(), aNamespace('web').optedIn());
  // One with a Secret of its own, and one that may have to share it.
  rig.server.given(aCredential('alone').withBasic('team.example', 'login').into('team-login'));
  rig.server.given(aCredential('team').withBasic('team.example', 'login'));
  rig.server.given(aDockerConfigSecret('docker').withLogin('d.io', 'u', 'fake'), aSecret('odd'));
  try {
    await check(rig);
    expect(rig.log.filter(line => line.startsWith('error'))).to.deep.equal([]);
    expect(changedPrototypes()).to.deep.equal([]);
  } finally {
    await rig.stop();
  }
}

const NAMESPACES = ['apps', 'web', 'fresh'] as const;

function expectServed(rig: OperatorRig, namespace: string, password: string): void {
  expect(rig.logins(namespace, 'team-login')).to.equal(`team.example=${password}`);
  expect(rig.pullSecrets(namespace)).to.include('team-login');
}

/** Beside what may have been written before for another, nothing is written over: then status names it. */
function expectServedOrTold(rig: OperatorRig, namespace: string): void {
  if (rig.logins(namespace)?.split(' ').includes('team.example=new')) return;
  const failures = rig.server.get('registrycredentials', 'team')?.status?.failures ?? [];
  expect(failures.find(failure => failure.namespace === namespace)?.message).to.contain(ODD);
}

function expectTold(rig: OperatorRig): void {
  const { conditions = [] } = rig.server.get('registrycredentials', ODD)?.status ?? {};
  const ready = conditions.find(({ type }) => type === 'Ready');
  expect(ready?.reason, 'reason').to.match(/^[A-Z][A-Za-z]+$/);
  for (const { message } of conditions) expect(message.length).to.be.above(10);
}

async function serveBeside(rig: OperatorRig, spec: unknown): Promise<void> {
  rig.server.given(aCredential(ODD).withBasic('z.io', 'login'));
  rig.client = seenAs(rig.client, ODD, spec);
  await rig.start();
  expectServed(rig, 'apps', 'old');
  rig.newPassword('new');
  rig.server.given(aNamespace('fresh').optedIn());
  await rig.settle();
  for (const namespace of NAMESPACES) {
    expectServed(rig, namespace, 'new');
    expectServedOrTold(rig, namespace);
  }
  expect(rig.told('alone')).to.equal('True Synced 3/3');
  expectTold(rig);
  rig.server.delete('registrycredentials', ODD);
  await rig.settle();
  expect(rig.server.get('registrycredentials', ODD)).to.equal(undefined);
  for (const namespace of NAMESPACES) {
    expectServed(rig, namespace, 'new');
    expect(rig.logins(namespace)).to.equal('team.example=new');
  }
}

describe('the operator with a RegistryCredential of chance', function () {
  this.timeout(FUZZ_TIMEOUT);

  it('serves the sound one beside one that is sound as well, and says how both fare', () =>
    holdsInTime(soundSpec, 50, spec => inRig(rig => serveBeside(rig, spec))));

  it('serves the sound one beside one that nobody could have stored, and says what is wrong', () =>
    holdsInTime(oddSpec, 150, spec => inRig(rig => serveBeside(rig, spec))));
});
