// The last known good logins over a restart, under the RBAC and the policies of manifests/: a new namespace is served
// while the source fails, and nothing else is written.

import { expect } from 'chai';
import { INTERNAL_LABEL, KEPT_TYPE } from '../../src/api/names.ts';
import { CREDENTIALS_PATH, credentialPath, secretPath } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { type AnyObject, patch, remove } from './admin.ts';
import { LEASES, markAuditLog, writesSince } from './audit.ts';
import { eventually, holdsFor } from './eventually.ts';
import { keptOf, keptText } from './kept.ts';
import { operator, restartOperator } from './operator.ts';
import { basic, conditionOf, docker, Scenario, statusOf } from './scenario.ts';
import { isClean, isFailing, isReady, isServed, isWell, secretIn, setSource } from './served.ts';

const login = (server: string) => ({ server, username: 'user', password: 'not-a-real-one' });
const REAL = ['user', 'not-a-real-one'] as const;
const NEWER = ['user', 'a-newer-one'] as const;
/** Milliseconds in which an operator that is ready has done all that it finds to do. */
const SETTLED = 1_500;

describe('the logins that are kept over a restart', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('kept');
  });
  afterEach(() => story.end());

  const sourcePath = (name: string): string => secretPath(OPERATOR_NAMESPACE, `${story.id}-${name}`);
  const isKept = (credential: string, text: string): Promise<void> =>
    eventually(`what ${credential} gives is kept`, async () => {
      expect(await keptText(credential)).to.contain(text);
    });

  it('serve a namespace that comes while the source is gone, and nothing is written at the restart', async function () {
    const namespace = await story.namespace('a');
    const registries = [docker(await story.dockerSource('s', login('r.io')))];
    const name = await story.credential('x', { registries });
    await isServed(namespace, { 'r.io': REAL });
    await isKept(name, '"r.io"');
    await remove(sourcePath('s'));
    await isFailing(name, 'LastKnownGoodServed');
    const before = [await statusOf(name), await secretIn(namespace), await keptOf(name)];
    const mark = await markAuditLog(this);
    await restartOperator();
    await holdsFor(SETTLED, async () =>
      expect([await statusOf(name), await secretIn(namespace), await keptOf(name)]).to.deep.equal(before),
    );
    // The last Events of before the restart are written while the operator stops.
    const writes = (await writesSince(mark)).filter(({ resource }) => ![LEASES, 'events'].includes(resource));
    expect(writes.map(({ what }) => what)).to.deep.equal([]);
    const late = await story.namespace('late');
    await isServed(late, { 'r.io': REAL });
    await isReady(name, 'True Synced');
    await story.dockerSource('s', login('r.io'));
    await isWell(name);
  });

  it('serve it too when the source was broken while no operator ran', async () => {
    const namespace = await story.namespace('a');
    const source = await story.basicSource('s', ...REAL);
    const name = await story.credential('x', { registries: [basic(source, 'r.io')] });
    await isServed(namespace, { 'r.io': REAL });
    await isKept(name, '"r.io"');
    await restartOperator(async () => {
      await setSource(source, { password: null });
    });
    const late = await story.namespace('late');
    await isServed(late, { 'r.io': REAL });
    await isFailing(name, 'LastKnownGoodServed');
    expect(await conditionOf(name, 'Ready')).to.equal('True Synced');
    await setSource(source, { password: NEWER[1] });
    for (const one of [namespace, late]) await isServed(one, { 'r.io': NEWER });
    await isKept(name, NEWER[1]);
  });

  it('let others have their new logins in the same Secret', async () => {
    const namespace = await story.namespace('a');
    const x = await story.credential('x', {
      registries: [basic(await story.basicSource('s', ...REAL), 'x.io')],
    });
    const y = await story.credential('y', {
      registries: [docker(await story.dockerSource('t', login('y.io')))],
    });
    await isServed(namespace, { 'x.io': REAL, 'y.io': REAL });
    await isKept(x, '"x.io"');
    await isKept(y, '"y.io"');
    await restartOperator(() => remove(sourcePath('t')));
    await isFailing(y, 'LastKnownGoodServed');
    await setSource(`${story.id}-s`, { password: NEWER[1] });
    await isServed(namespace, { 'x.io': NEWER, 'y.io': REAL });
    await isWell(x);
  });

  it('are marked as the operator’s own, and whoever names them as a source is refused', async () => {
    const namespace = await story.namespace('a');
    const name = await story.credential('x', {
      registries: [basic(await story.basicSource('s', ...REAL), 'r.io')],
    });
    await isServed(namespace, { 'r.io': REAL });
    await isKept(name, '"r.io"');
    const { metadata, type } = (await keptOf(name)) as AnyObject;
    expect(type).to.equal(KEPT_TYPE);
    expect(metadata.labels).to.deep.equal({ [INTERNAL_LABEL]: 'true' });
    const thief = await story.credential('thief', { registries: [docker(metadata.name)] });
    const message = await isReady(thief, 'False SourceFailed');
    expect(message).to.contain(`${metadata.name} carries the label ${INTERNAL_LABEL}`);
    await isServed(namespace, { 'r.io': REAL });
  });

  it('come back when somebody deletes them', async () => {
    const namespace = await story.namespace('a');
    const name = await story.credential('x', {
      registries: [basic(await story.basicSource('s', ...REAL), 'r.io')],
    });
    await isServed(namespace, { 'r.io': REAL });
    await isKept(name, '"r.io"');
    await remove(secretPath(OPERATOR_NAMESPACE, (await keptOf(name))?.metadata.name ?? ''));
    await isKept(name, '"r.io"');
  });

  it('go with their RegistryCredential, also when that goes while no operator runs', async () => {
    const namespace = await story.namespace('a');
    const source = await story.basicSource('s', ...REAL);
    const [x, y] = [
      await story.credential('x', { registries: [basic(source, 'x.io')] }),
      await story.credential('y', { registries: [basic(source, 'y.io')] }),
    ];
    await isServed(namespace, { 'x.io': REAL, 'y.io': REAL });
    await isKept(x, '"x.io"');
    await isKept(y, '"y.io"');
    await remove(`${CREDENTIALS_PATH}/${x}`);
    const isForgotten = (credential: string): Promise<void> =>
      eventually(`what ${credential} gave is forgotten`, async () => {
        expect(await keptOf(credential)).to.equal(undefined);
      });
    await isForgotten(x);
    await restartOperator(async () => {
      await patch(credentialPath(y), { metadata: { finalizers: null } });
      await remove(credentialPath(y));
    });
    await isForgotten(y);
    await isClean(namespace);
  });
});
