// A Secret name is taken from those that the operator is started with, while RegistryCredentials still use it: what
// is left, who says so, and the ways in which it goes (docs/upgrade.md).

import { expect } from 'chai';
import { FINALIZER, MANAGED_BY, MANAGED_BY_LABEL } from '../../src/api/names.ts';
import { credentialPath, NAMESPACES_PATH, secretPath } from '../../src/controller/paths.ts';
import { install } from '../cluster/installation.ts';
import { find, read, remove } from './admin.ts';
import { cluster } from './cluster.ts';
import { eventually, holdsFor } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { operator, restartOperator } from './operator.ts';
import { hasCondition, isGone, LOGINS, oneLogin, removeCredential } from './ownership.ts';
import { conditionOf, type Logins, loginsIn, ownedOf, pullSecretsOf, Scenario, setSpec } from './scenario.ts';
import { isReady, isServed, messageOf } from './served.ts';

const OLD = 'regcred-old';
const OTHER = { server: 'other.io', username: 'u', password: 'another-one' };
const OTHERS: Logins = { 'other.io': ['u', 'another-one'] };

describe('a Secret name that is taken away', () => {
  let story: Scenario;
  let namespace: string;
  let stays: string;
  let stranded: string;

  before(operator);
  beforeEach(async function () {
    this.timeout(120_000);
    await operateWith('regcred', OLD);
    story = new Scenario('taken');
    namespace = await story.namespace('a');
    stays = await oneLogin(story, 'stays');
    stranded = await oneLogin(story, 'stranded', { secretName: OLD }, OTHER);
    await hasBoth();
    await isReady(stranded, 'True Synced');
  });
  afterEach(async function () {
    this.timeout(120_000);
    await operateWith('regcred', OLD);
    await story.end();
    await operateWith('regcred');
  });

  async function operateWith(...secretNames: readonly string[]): Promise<void> {
    await restartOperator(() => install(cluster(), secretNames), { secretNames });
  }
  const hasBoth = (): Promise<void> =>
    eventually('both names are served', async () => {
      expect(await loginsIn(namespace)).to.deep.equal(LOGINS);
      expect(await loginsIn(namespace, OLD)).to.deep.equal(OTHERS);
      expect(await pullSecretsOf(namespace)).to.have.members(['regcred', OLD]);
      expect((await ownedOf(namespace))?.split(',')).to.have.members(['regcred', OLD]);
    });
  /** Pods go on pulling by it, and nobody looks after it. */
  const isLeft = async (): Promise<void> => {
    const secret = await read(secretPath(namespace, OLD));
    expect(secret.metadata.labels).to.include({ [MANAGED_BY_LABEL]: MANAGED_BY });
    expect(await pullSecretsOf(namespace)).to.include(OLD);
  };
  const oldIsGone = (): Promise<void> =>
    eventually('nothing of the old name is left', async () => {
      expect(await find(secretPath(namespace, OLD))).to.equal(undefined);
      expect(await pullSecretsOf(namespace)).to.deep.equal(['regcred']);
      expect(await ownedOf(namespace)).to.equal('regcred');
    });

  it('leaves its Secrets and references, and status says which names are served', async () => {
    await operateWith('regcred');
    await hasCondition(stranded, 'Stalled', 'True SecretNameNotServed');
    expect(await conditionOf(stranded, 'Ready')).to.equal('False SecretNameNotServed');
    expect(await messageOf(stranded, 'Stalled')).to.contain('use one of regcred');
    await isReady(stays, 'True Synced');
    await holdsFor(2_000, async () => {
      await isLeft();
      expect(await loginsIn(namespace)).to.deep.equal(LOGINS);
    });
    expect((await read(credentialPath(stranded))).metadata.finalizers).to.deep.equal([FINALIZER]);
  });

  it('is found by its label in all namespaces', async () => {
    await operateWith('regcred');
    const field = `metadata.name!=regcred`;
    const found = [
      'get',
      'secrets',
      '-A',
      '-l',
      `${MANAGED_BY_LABEL}=${MANAGED_BY}`,
      '--field-selector',
      field,
    ];
    expect(
      await kubectl([...found, '-o', 'jsonpath={.items[*].metadata.namespace}/{.items[*].metadata.name}']),
    ).to.equal(`${namespace}/${OLD}`);
  });

  it('goes altogether when it is served again, its users are given another name, and it is taken away', async () => {
    await operateWith('regcred');
    await hasCondition(stranded, 'Stalled', 'True SecretNameNotServed');
    await operateWith('regcred', OLD);
    await isReady(stranded, 'True Synced');
    await setSpec(stranded, { secretName: 'regcred' });
    await oldIsGone();
    await operateWith('regcred');
    await isServed(namespace, { ...LOGINS, ...OTHERS });
    await isReady(stranded, 'True Synced');
  });

  it('goes too when its users were deleted or renamed meanwhile, once it is served again', async () => {
    await operateWith('regcred');
    await hasCondition(stranded, 'Stalled', 'True SecretNameNotServed');
    await removeCredential(stranded);
    await isLeft();
    await operateWith('regcred', OLD);
    await oldIsGone();
    await operateWith('regcred');
    expect(await loginsIn(namespace)).to.deep.equal(LOGINS);
  });

  it('is no reason for a namespace or another RegistryCredential to stay', async () => {
    await operateWith('regcred');
    await removeCredential(stays);
    await eventually('the name that is served is undone', async () => {
      expect(await loginsIn(namespace)).to.equal(undefined);
      expect(await pullSecretsOf(namespace)).to.deep.equal([OLD]);
    });
    await isLeft();
    await remove(`${NAMESPACES_PATH}/${namespace}`);
    await isGone(`${NAMESPACES_PATH}/${namespace}`);
  });
}).timeout(120_000);
