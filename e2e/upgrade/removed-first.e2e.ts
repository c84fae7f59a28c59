// The operator is removed before its RegistryCredentials: finalizers hang, nobody undoes anything. Whatever way
// back docs/upgrade.md gives, at its end nothing tells that the operator was there.

import { expect } from 'chai';
import { install, OPERATOR_NAMESPACE, uninstall, untilBound } from '../cluster/installation.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { CRD, Stage } from './stage.ts';

describe('an operator that was removed before its RegistryCredentials', () => {
  let stage: Stage;

  before(function () {
    skipUnlessBare(this);
  });
  beforeEach(async function () {
    this.timeout(120_000);
    stage = await Stage.open();
    await install(stage.cluster);
    await stage.makeSource();
    await stage.operate();
    await stage.handOut('one');
    await stage.handOut('kept', {
      deletionPolicy: 'Orphan',
      namespaceSelector: { matchLabels: { no: 'one' } },
    });
    await stage.isServed('regcred');
    await stage.halt();
    // What `kubectl delete -k manifests` does, as far as it comes: its last line hangs at the CRD.
    await uninstall(stage.cluster, 10).then(
      () => expect.fail('the CRD went'),
      (error: Error) => expect(error.message).to.contain('timed out'),
    );
  });
  afterEach(async function () {
    this.timeout(60_000);
    await stage?.close();
  });

  const isStuck = async (): Promise<void> => {
    await stage.isServed('regcred');
    // Its controller begins some seconds after it was deleted.
    await stage.run('wait', '--for=delete', `namespace/${OPERATOR_NAMESPACE}`, '--timeout=60s');
    const stuck = ['get', 'registrycredentials', '-o', 'jsonpath={.items[*].metadata.deletionTimestamp}'];
    expect((await stage.run(...stuck)).split(' ')).to.have.length(2);
  };
  const crdGoes = () => stage.run('wait', '--for=delete', `crd/${CRD}`, '--timeout=60s');

  it('undoes everything when it is installed again, and goes', async () => {
    await isStuck();
    await install(stage.cluster);
    await stage.operate();
    await crdGoes();
    await stage.halt();
    await uninstall(stage.cluster);
    await stage.nothingIsLeft();
  }).timeout(120_000);

  it('undoes everything from outside the cluster, with the rights of the admin and nothing installed', async () => {
    await isStuck();
    await stage.run('create', 'namespace', OPERATOR_NAMESPACE);
    await stage.operate({ kubeconfig: stage.cluster.kubeconfig });
    await crdGoes();
    await stage.halt();
    await stage.run('delete', 'namespace', OPERATOR_NAMESPACE);
    await stage.nothingIsLeft();
  }).timeout(120_000);

  it('clears up after finalizers that were taken off by hand, when it is installed again', async () => {
    await isStuck();
    const names = (await stage.run('get', 'registrycredentials', '-o', 'name')).trim().split('\n');
    for (const name of names)
      await stage.run('patch', name, '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
    await crdGoes();
    await stage.isServed('regcred');
    await install(stage.cluster);
    await untilBound(stage.cluster);
    await stage.operate();
    await stage.isServed();
    await stage.halt();
    await uninstall(stage.cluster);
    await stage.nothingIsLeft();
  }).timeout(120_000);
});
