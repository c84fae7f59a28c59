// The loop among objects of chance: sources, ServiceAccounts and Secrets of our names as anybody may have left them.
// What is not ours stays, the other namespaces are served, and at the end nothing of us is left.

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { MANAGED_BY, MANAGED_BY_LABEL } from '../api/names.ts';
import { anyAccountContent, anySecretContent } from '../testing/arbitrary-object.ts';
import { aCredential, aNamespace, aSecret, aServiceAccount } from '../testing/builders.ts';
import { FUZZ_TIMEOUT, holdsInTime } from '../testing/fuzzing.ts';
import { showsMark } from '../testing/mark.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { changedPrototypes } from '../testing/prototypes.ts';

const scene = fc.record({
  source: anySecretContent,
  target: fc.option(anySecretContent),
  accounts: fc.array(anyAccountContent, { maxLength: 3 }),
});
type Scene = typeof scene extends fc.Arbitrary<infer S> ? S : never;
type Content = Scene['source'];

const secretOf = (name: string, namespace: string, { labels, annotations, ...content }: Content) =>
  Object.assign(aSecret(name).in(namespace).labelled(labels).annotated(annotations), content);

function setUp({ source, target, accounts }: Scene): OperatorRig {
  const rig = new OperatorRig();
  rig.server.given(aNamespace('apps').optedIn(), aNamespace('web').optedIn());
  rig.server.given(secretOf('odd', 'regcred-system', source));
  if (target !== null) rig.server.given(secretOf('regcred', 'apps', target));
  for (const [index, { labels, annotations, imagePullSecrets }] of accounts.entries()) {
    const account = aServiceAccount('apps', `sa-${index}`).labelled(labels).annotated(annotations);
    rig.server.given(Object.assign(account, { imagePullSecrets }));
  }
  rig.server.given(aCredential('alone').withBasic('r.io', 'login').into('team-login'));
  rig.server.given(
    aCredential('team')
      .withBasic('team.example', 'login')
      .withBasic('odd.example', 'odd')
      .withDockerConfig('odd'),
  );
  return rig;
}

const OURS: readonly string[] = ['regcred', 'team-login'];
const theirsOf = (rig: OperatorRig, account: string): string[] =>
  rig
    .pullSecrets('apps', account)
    .map(name => name ?? '')
    .filter(name => !OURS.includes(name));

function expectServed(rig: OperatorRig, password: string): void {
  for (const namespace of ['apps', 'web']) {
    expect(rig.logins(namespace, 'team-login')).to.equal(`r.io=${password}`);
    expect(rig.pullSecrets(namespace)).to.include('team-login');
  }
  expect(rig.told('alone')).to.equal('True Synced 2/2');
}

/** Theirs stays as it is to the last byte while nobody hands it over. */
function expectUntouched(rig: OperatorRig, target: Content | null): void {
  if (target === null || target.labels[MANAGED_BY_LABEL] === MANAGED_BY) return;
  const { type, data = {}, metadata } = rig.server.get('secrets', 'apps', 'regcred') ?? aSecret('gone');
  expect({ type, data, annotations: metadata.annotations ?? {} }).to.deep.equal({
    type: target.type,
    data: target.data,
    annotations: target.annotations,
  });
}

function expectNoLeak(rig: OperatorRig): void {
  const told = ['alone', 'team'].map(name => rig.server.get('registrycredentials', name)?.status);
  expect(showsMark(JSON.stringify([rig.log, rig.events, told]))).to.equal(false);
  expect(rig.log.filter(line => line.startsWith('error'))).to.deep.equal([]);
}

async function play(rig: OperatorRig, { target, accounts }: Scene): Promise<void> {
  const before = accounts.map((_, index) => theirsOf(rig, `sa-${index}`));
  const expectKept = (): void => {
    expect(accounts.map((_, index) => theirsOf(rig, `sa-${index}`))).to.deep.equal(before);
    expectUntouched(rig, target);
    expectNoLeak(rig);
  };
  await rig.start();
  expectServed(rig, 'old');
  expectKept();
  rig.newPassword('new');
  await rig.settle();
  expectServed(rig, 'new');
  expectKept();
  for (const name of ['team', 'alone']) rig.server.delete('registrycredentials', name);
  await rig.settle();
  expect(rig.server.get('registrycredentials', 'team')).to.equal(undefined);
  expect([rig.logins('web'), rig.pullSecrets('web')]).to.deep.equal([undefined, []]);
  expectKept();
  expect(changedPrototypes()).to.deep.equal([]);
}

describe('the operator among objects of chance', function () {
  this.timeout(FUZZ_TIMEOUT);

  it('serves who can be served, leaves what is not its own, and shows no password', () =>
    holdsInTime(scene, 150, async one => {
      const rig = setUp(one);
      try {
        await play(rig, one);
      } finally {
        await rig.stop();
      }
    }));
});
