// The CRD is upgraded in place, with objects of the version before, while the operator runs; and it is newer or
// older than the operator for a while. Logins stay where they are, and nothing is written needlessly.

import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { writesIn } from '../api/audit.ts';
import { manifestsOf, OPERATOR_NAMESPACE, uninstall, untilBound } from '../cluster/installation.ts';
import { toList } from '../cluster/manifests.ts';
import { until } from '../cluster/until.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { type Crd, EARLIER, todays, tomorrows } from './crd-versions.ts';
import { credential, SOURCE, Stage } from './stage.ts';

/** A login that is none any more for a new object: Quay speaks TLS. */
const PLAIN = { server: 'quay.io', basic: { secretRef: { name: 'plain' } }, insecure: true };
/** Milliseconds in which whatever is written needlessly would be. */
const A_WHILE = 4_000;

describe('a CRD that is upgraded in place', () => {
  let stage: Stage;
  before(function () {
    skipUnlessBare(this);
  });
  beforeEach(async function () {
    this.timeout(120_000);
    stage = await Stage.open();
  });
  afterEach(async function () {
    this.timeout(60_000);
    await stage?.close();
  });

  async function installWith(crd: Crd): Promise<void> {
    const others = (await manifestsOf(stage.cluster)).filter(({ kind }) => kind !== crd.kind);
    await stage.give('apply', JSON.parse(toList([crd, ...others])));
    await untilBound(stage.cluster);
    await stage.makeSource();
    const plain = ['secret', 'generic', 'plain', '--from-literal=username=u', '--from-literal=password=p'];
    await stage.run('-n', OPERATOR_NAMESPACE, 'create', ...plain);
  }
  const of = (name: string, path: string) =>
    stage.run('get', 'registrycredential', name, '-o', `jsonpath=${path}`);
  const ready =
    '{.status.conditions[?(@.type=="Ready")].status} {.status.conditions[?(@.type=="Ready")].reason}';
  const is = (name: string, expected: string) =>
    until(`${name} is ${expected}`, async () => (await of(name, ready)) === expected, 30);
  const identities = () =>
    stage.run(
      'get',
      'secrets',
      '-A',
      '--field-selector=metadata.name=regcred',
      '-o',
      'jsonpath={.items[*].metadata.uid} {.items[*].metadata.resourceVersion}',
    );
  const mark = async () => (await stat(stage.cluster.auditLog ?? '')).size;
  const writes = async (since: number) =>
    (await writesIn(stage.cluster.auditLog ?? '', since))
      .filter(one => one.resource !== 'leases')
      .map(one => one.what);
  async function isQuiet(): Promise<void> {
    const since = await mark();
    await sleep(A_WHILE);
    expect(await writes(since)).to.deep.equal([]);
  }
  /** With everything that is made by now undone. */
  async function goes(): Promise<void> {
    await stage.run('delete', 'registrycredentials', '--all', '--timeout=60s');
    await stage.halt();
    await uninstall(stage.cluster);
    await stage.nothingIsLeft();
  }

  for (const [title, crd] of Object.entries(EARLIER))
    it(`from ${title}: the operator goes on before, meanwhile and after`, async () => {
      await installWith(await crd());
      await stage.operate();
      const registries = title === 'the first one' ? [SOURCE] : [SOURCE, PLAIN];
      await stage.handOut('old', { registries });
      await stage.isServed('regcred');
      await is('old', 'True Synced');
      // The operator is newer than the CRD, as for a moment in every upgrade.
      await isQuiet();
      const before = await identities();

      const since = await mark();
      await stage.give('apply', await todays());
      await is('old', 'True Synced');
      await stage.halt();
      await stage.operate();
      await is('old', 'True Synced');
      await isQuiet();
      expect(await identities()).to.equal(before);
      const written = (await writes(since)).filter(what => !/registrycredentials\/status|events/.test(what));
      expect(written, 'nothing but what the CRD had no room for').to.deep.equal([]);

      // What is stored may stay as it is, and its other fields are changed as ever.
      const patch = '{"spec":{"verification":{"mode":"Off"}}}';
      await stage.run('patch', 'registrycredential', 'old', '--type=merge', '-p', patch);
      await is('old', 'True Synced');
      expect(await of('old', '{.spec.verification.mode}')).to.equal('Off');
      const refusal = await stage.handOut('new', { registries: [PLAIN] }).then(
        () => 'it was admitted',
        (error: Error) => error.message,
      );
      expect(refusal).to.contain('known to speak TLS');
      await goes();
    }).timeout(120_000);

  it('to one that is newer than the operator: a field that it does not know changes nothing', async () => {
    await installWith(await tomorrows());
    await stage.operate();
    await stage.handOut('one', { future: 'x' });
    await stage.isServed('regcred');
    await is('one', 'True Synced');
    const before = await identities();
    await stage.run('patch', 'registrycredential', 'one', '--type=merge', '-p', '{"spec":{"future":"y"}}');
    await is('one', 'True Synced');
    expect(await identities()).to.equal(before);
    expect(await of('one', '{.spec.future}')).to.equal('y');
    await goes();
  }).timeout(120_000);

  it('to one that is newer than the operator: what a source gave that it does not know stays, and status names it', async () => {
    await installWith(await tomorrows());
    await stage.operate();
    await stage.handOut('one');
    await stage.isServed('regcred');
    await is('one', 'True Synced');
    const before = await identities();
    // A newer operator wrote that Secret, and then this one was set back.
    await stage.halt();
    await stage.give(
      'apply',
      credential('one', { registries: [{ server: 'r.example', vault: { path: 'x' } }] }),
    );
    await stage.operate();
    const failing = '{.status.conditions[?(@.type=="SourceFailing")].message}';
    await until(
      'status says so',
      async () => (await of('one', failing)).includes('upgrade the operator'),
      30,
    );
    expect(await of('one', failing)).to.contain('not vault');
    await stage.isServed('regcred');
    expect(await identities()).to.equal(before);
    await goes();
  }).timeout(120_000);

  it('and set back: what it does not know is forgotten, the login stays, and both come back by the same files', async () => {
    await installWith(await todays());
    await stage.operate();
    const spec = { verification: { mode: 'Off' } };
    await stage.handOut('one', spec);
    await stage.isServed('regcred');
    await is('one', 'True Synced');
    const before = await identities();
    await stage.give('apply', await EARLIER['the first one']());
    await until(
      'the field is not seen any more',
      async () => (await of('one', '{.spec.verification}')) === '',
      30,
    );
    await stage.halt();
    await stage.operate();
    await isQuiet();
    await is('one', 'True Synced');
    await stage.give('apply', await todays());
    await until(
      'it is back',
      async () => {
        // Refused until the API server knows the field again.
        await stage.give('apply', credential('one', spec)).catch(() => undefined);
        return (await of('one', '{.spec.verification.mode}')) === 'Off';
      },
      30,
    );
    expect(await identities()).to.equal(before);
    await goes();
  }).timeout(120_000);
});
