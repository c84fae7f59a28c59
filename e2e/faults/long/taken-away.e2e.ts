// What an admin takes away by mistake and gives back: the operator's permissions, its CRD with all
// RegistryCredentials, and the room in its namespace.

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { credentialPath } from '../../../src/controller/paths.ts';
import { create, find, read, remove } from '../../api/admin.ts';
import { cluster } from '../../api/cluster.ts';
import { eventually } from '../../api/eventually.ts';
import { setLabels } from '../../api/scenario.ts';
import { isClean } from '../../api/served.ts';
import { OPERATOR_NAMESPACE } from '../../cluster/installation.ts';
import { kubectl } from '../../cluster/kubectl.ts';
import type { Scene } from '../scene.ts';
import { stage } from '../stage.ts';

/** Milliseconds after it was given back: what is refused is tried again every 30 s. */
const CAUGHT_UP = 60_000;
/** Milliseconds in which a watch that was allowed comes to its end, and the next one is refused. */
const REFUSED = 60_000;

const BINDINGS = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const CRD = 'registrycredentials.regcred.dev';
const CRD_FILES = fileURLToPath(new URL('../../../crds', import.meta.url));
const QUOTAS = `/api/v1/namespaces/${OPERATOR_NAMESPACE}/resourcequotas`;
const LEASE = `/apis/coordination.k8s.io/v1/namespaces/${OPERATOR_NAMESPACE}/leases/regcred`;

describe('when something was taken away and given back the operator', () => {
  const scene: () => Scene = stage();

  async function catchesUp(row: string): Promise<void> {
    const milliseconds = await scene().caughtUp(CAUGHT_UP);
    console.log(`      ${row}: caught up ${milliseconds} ms after it was given back`);
    await scene().untilFollowing(CAUGHT_UP);
    await scene().expectAlive();
  }

  const saidSince = async (before: string): Promise<string> =>
    (await scene().operator.logs()).slice(before.length);

  it('goes on with its permissions', async function () {
    const mark = await scene().mark(this);
    const before = await scene().operator.logs();
    const { metadata, ...rest } = await read(`${BINDINGS}/regcred`);
    await remove(`${BINDINGS}/regcred`);
    try {
      await scene().change();
      await eventually(
        'no watch is allowed any more',
        async () => expect(await scene().counted('reflector_following')).to.be.lessThan(2),
        REFUSED,
      );
    } finally {
      await create(BINDINGS, { ...rest, metadata: { name: metadata.name } });
    }
    await catchesUp('RBAC');
    await scene().expectNeeded(mark, 1, { isTold: true });
    expect(await saidSince(before)).to.match(/cannot (list|watch) resource/);
  });

  it('goes on with its CRD, having undone what was there', async function () {
    const crd = `${CRDS}/${CRD}`;
    const credentials = await Promise.all(
      [scene().busyCredential, scene().calmCredential].map(name => read(credentialPath(name))),
    );
    await remove(crd);
    await eventually('the CRD is gone', async () => expect(await find(crd)).to.equal(undefined), REFUSED);
    for (const namespace of scene().namespaces) await isClean(namespace);
    await scene().change();
    // Long enough for a few refusals.
    await sleep(5_000);
    await kubectl(cluster(), ['apply', '-k', CRD_FILES]);
    await kubectl(cluster(), ['wait', '--for=condition=Established', 'crd', CRD, '--timeout=60s']);
    for (const { apiVersion, kind, metadata, spec } of credentials)
      await create(credentialPath(metadata.name).replace(/\/[^/]+$/, ''), {
        apiVersion,
        kind,
        metadata: { name: metadata.name },
        spec,
      });
    await catchesUp('CRD');
    const mark = await scene().mark(this);
    await scene().expectNeeded(mark, 0);
  });

  it('goes on, when its namespace is full and somebody deletes its Lease', async function () {
    const mark = await scene().mark(this);
    const before = await scene().operator.logs();
    const hard = { 'count/leases.coordination.k8s.io': '0', 'count/secrets': '0', 'count/configmaps': '0' };
    await create(QUOTAS, { metadata: { name: 'full' }, spec: { hard } });
    try {
      await eventually('the quota is in force', async () =>
        expect((await read(`${QUOTAS}/full`)).status?.hard).to.deep.equal(hard),
      );
      const namespace = scene().namespaces[0] ?? '';
      await setLabels(namespace, { touched: 'by-quota' });
      await remove(LEASE);
      await eventually('it does not lead', async () =>
        expect(await scene().counted('leader_election_master_status')).to.equal(0),
      );
      await scene().makeNamespace();
    } finally {
      await remove(`${QUOTAS}/full`);
    }
    await catchesUp('room for a Lease');
    await scene().expectNeeded(mark, 1);
    expect(await saidSince(before))
      .to.contain('exceeded quota: full')
      .and.contain('lost the lease');
  });
});
