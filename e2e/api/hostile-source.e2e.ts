// Sources in the states in which two of the operator's rules meet: suspended and outranked
// at once, gone while nobody is selected, and together more than a Secret holds.

import { expect } from 'chai';
import { DOCKER_CONFIG_KEY } from '../../src/api/names.ts';
import { credentialPath, secretPath } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { read, remove } from './admin.ts';
import { type Mark, markAuditLog, writesSince } from './audit.ts';
import { eventually, holdsFor } from './eventually.ts';
import { operator, restartOperator } from './operator.ts';
import { hasCondition, LOGIN, LOGINS, oneLogin } from './ownership.ts';
import { docker, dockerConfig, type Login, loginsIn, Scenario, setSpec } from './scenario.ts';
import { isFailing, isReady, isServed, registryMessagesOf, setSource } from './served.ts';

const OTHER = { server: 'other.io', username: 'u', password: 'another-one' };
/** Milliseconds; status is written once a second. */
const STILL = 2_000;
const STEADY = 3_000;

describe('a source', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('meet');
  });
  afterEach(() => story.end());

  /** A roll-out may still have a status write to come. */
  const isStill = (mark: Mark): Promise<void> =>
    eventually('nothing is written any more', async () => {
      const last = Math.max(0, ...(await writesSince(mark)).map(({ answered }) => answered));
      expect(Date.now() - last).to.be.greaterThan(STILL);
    });
  const restartsQuietly = async (test: Mocha.Context, mark: Mark, credential: string): Promise<void> => {
    await isStill(mark);
    const { status } = await read(credentialPath(credential));
    const restart = await markAuditLog(test);
    await restartOperator();
    await holdsFor(STEADY, async () => expect(await writesSince(restart)).to.deep.equal([]));
    expect((await read(credentialPath(credential))).status).to.deep.equal(status);
  };

  it('that changed while its RegistryCredential is suspended and outranked makes no write at a restart', async function () {
    const mark = await markAuditLog(this);
    const namespace = await story.namespace('a');
    await oneLogin(story, 'a');
    const registries = [docker(await story.dockerSource('b', OTHER, { ...LOGIN, password: 'loses' }))];
    const loser = await story.credential('b', { registries });
    await isServed(namespace, { ...LOGINS, 'other.io': ['u', 'another-one'] });
    await isReady(loser, 'True Synced');
    await setSpec(loser, { suspend: true });
    await isReady(loser, 'Unknown Suspended');
    await setSource(loser, { [DOCKER_CONFIG_KEY]: dockerConfig([{ ...OTHER, password: 'newer' }]) });
    await restartsQuietly(this, mark, loser);
    await isServed(namespace, { ...LOGINS, 'other.io': ['u', 'another-one'] });
    await setSpec(loser, { suspend: false });
    await isServed(namespace, { ...LOGINS, 'other.io': ['u', 'newer'] });
    await isReady(loser, 'True Synced');
    expect(await registryMessagesOf(loser)).to.deep.equal([undefined]);
  });

  it('that was deleted while no namespace is selected makes no write at a restart', async function () {
    const mark = await markAuditLog(this);
    const credential = await oneLogin(story, 'x');
    await isReady(credential, 'True NoNamespaceSelected');
    await remove(secretPath(OPERATOR_NAMESPACE, credential));
    await eventually('the source is missed', async () =>
      expect((await registryMessagesOf(credential))[0]).to.contain('not found'),
    );
    await restartsQuietly(this, mark, credential);
  });

  it('that does not fit into the Secret beside another one says how much of it is left out', async () => {
    const many = (server: string): Login[] =>
      Array.from({ length: 5_300 }, (_, n) => ({
        server: `r${n}.${server}`,
        username: 'robot',
        password: `pw-${n}`,
      }));
    const namespace = await story.namespace('a');
    const first = await story.credential('a', {
      registries: [docker(await story.dockerSource('a', ...many('first.example.com')))],
    });
    await isReady(first, 'True Synced');
    const second = await story.credential('b', {
      registries: [docker(await story.dockerSource('b', ...many('second.example.com')))],
    });
    const message = await isFailing(second, 'EntryLeftOut');
    await isReady(second, 'True Synced');
    const servers = Object.keys((await loginsIn(namespace)) ?? {});
    const isOf = (server: string) => (key: string) => key.endsWith(`.${server}`);
    expect(servers.filter(isOf('first.example.com'))).to.have.length(5_300);
    const leftOut = 5_300 - servers.filter(isOf('second.example.com')).length;
    expect(leftOut).to.be.within(1, 5_299);
    expect(message).to.match(new RegExp(`\\b${leftOut} `));
    const [said] = await registryMessagesOf(second);
    expect(said)
      .to.match(new RegExp(`\\b${leftOut} `))
      .and.not.contain('example.com');
    expect(said?.length, 'characters').to.be.below(200);
    await hasCondition(first, 'SourceFailing', undefined);
    expect(await registryMessagesOf(first)).to.deep.equal([undefined]);
  });
});
