// The operator tries logins before it hands them out, at the real registry of the distribution project and at one that
// wishes it ill.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { AUTHORITY_A } from '../../src/testing/test-certificates.ts';
import { markAuditLog, writesSince } from '../api/audit.ts';
import { eventually, holdsFor } from '../api/eventually.ts';
import { operator, restartOperator } from '../api/operator.ts';
import { basic, conditionOf, loginsIn, Scenario, setSpec, statusOf } from '../api/scenario.ts';
import { isFailing, isReady, isServed, messageOf, setSource, uidIn } from '../api/served.ts';
import { eventsAbout, isTold } from '../api/told.ts';
import { findRegistry } from '../cluster/registry-program.ts';
import { Watchdog } from '../cluster/watchdog.ts';
import { imageOf } from '../node/image.ts';
import { ACCOUNTS } from '../node/own-registry.ts';
import { pushTo } from '../node/push.ts';
import { expectSecrecy } from '../secrecy/said.ts';
import { Scanner } from '../secrecy/scanner.ts';
import { DrippingRegistry } from './dripping-registry.ts';
import { startRegistry } from './registry-process.ts';

/** On a new machine the registry is built first. */
const LONGEST_START = 20 * 60_000;
/** Milliseconds: a check ends after 30 s. */
const LONGEST_CHECK = 40_000;

const { first, second } = ACCOUNTS;
const { username } = first;
const WRONG = 'opens-nothing-at-all';
const STEADY = 2_000;

describe('the verification of logins at a real registry', () => {
  let watchdog: Watchdog | undefined;
  let program: string;
  let story: Scenario;
  let count = 0;

  before(async function () {
    this.timeout(LONGEST_START);
    const found = await findRegistry(line => console.error(line));
    if ('why' in found) {
      Object.assign(this.test?.parent ?? {}, { skipReason: found.why });
      return this.skip();
    }
    program = found.path;
    watchdog = await Watchdog.start();
    for (const [name, text] of Object.entries(AUTHORITY_A))
      await writeFile(join(watchdog.folder, `${name}.pem`), text);
    await operator();
  });
  after(() => watchdog?.stop());
  beforeEach(() => {
    story = new Scenario('verified');
  });
  afterEach(() => story.end());

  /** Of its own for each test, for what was rejected is remembered. */
  async function aRegistry(more: object = {}) {
    if (watchdog === undefined) throw new Error('there is no watchdog');
    const name = `verified-${++count}`;
    const path = join(watchdog.folder, `${name}-htpasswd`);
    const opensTo = ({ hash }: { hash: string }) => writeFile(path, `${username}:${hash}\n`);
    await opensTo(first);
    const auth = { htpasswd: { realm: 'tests', path } };
    return { host: await startRegistry(program, watchdog, { name, auth, ...more }), opensTo };
  }

  /** Served with the first login; its source is returned. */
  async function served(mode: string, host: string, more: object = {}) {
    const namespace = await story.namespace('a');
    const source = await story.basicSource('s', username, first.password);
    const spec = { registries: [{ ...basic(source, host), ...more }], verification: { mode } };
    const credential = await story.credential('team', spec as object);
    await isServed(namespace, { [host]: [username, first.password] });
    return { namespace, source, credential };
  }

  const isVerified = (credential: string, expected: string, longest?: number) =>
    eventually(
      `${credential} is verified ${expected}`,
      async () => {
        expect(await conditionOf(credential, 'Verified')).to.equal(expected);
      },
      longest,
    );
  const lineOf = async (credential: string) => {
    const { verified, reason } = (await statusOf(credential)).registries[0] ?? {};
    return `${verified} ${reason}`;
  };

  it('keeps a wrong password back by Enforce, over a restart too, and a correction heals it', async function () {
    const { host, opensTo } = await aRegistry();
    const { namespace, source, credential } = await served('Enforce', host);
    await isVerified(credential, 'True LoginAccepted');
    const uid = await uidIn(namespace);

    await setSource(source, { password: WRONG });
    const message = await isFailing(credential, 'LastKnownGoodServed');
    expect(message).to.equal(
      `registries[0]: ${host} rejects the login (401): correct username and password, or renew the token; the last known good login stays in use`,
    );
    await isVerified(credential, 'False LoginRejected');
    expect(await lineOf(credential)).to.equal('False LoginRejected');
    await isReady(credential, 'True Synced');
    await isTold(credential, 'Warning LoginRejected');
    await holdsFor(STEADY, () => isServed(namespace, { [host]: [username, first.password] }));

    let mark = 0;
    await restartOperator(async () => {
      mark = await markAuditLog(this);
    });
    await holdsFor(STEADY, async () => expect(await writesSince(mark)).to.deep.equal([]));

    await opensTo(second);
    await setSource(source, { password: second.password });
    await isServed(namespace, { [host]: [username, second.password] });
    await isVerified(credential, 'True LoginAccepted');
    expect(await conditionOf(credential, 'SourceFailing')).to.equal(undefined);
    expect(await uidIn(namespace)).to.equal(uid);
    const rejections = (await eventsAbout(credential)).filter(({ reason }) => reason === 'LoginRejected');
    expect(rejections.map(({ series }) => series)).to.deep.equal([undefined]);
    await expectSecrecy(
      new Scanner({ first: first.password, second: second.password, 'the wrong one': WRONG }),
    );
  });

  it('says by Report that a password is wrong, and hands it out', async () => {
    const { host } = await aRegistry();
    const { namespace, source, credential } = await served('Report', host);
    await isVerified(credential, 'True LoginAccepted');
    await setSource(source, { password: WRONG });
    await isServed(namespace, { [host]: [username, WRONG] });
    await isVerified(credential, 'False LoginRejected');
    expect(await conditionOf(credential, 'SourceFailing')).to.equal(undefined);
    await isReady(credential, 'True Synced');
    await setSpec(credential, { verification: { mode: 'Off' } });
    await eventually('it is said no more', async () => {
      expect(await conditionOf(credential, 'Verified')).to.equal(undefined);
      expect(await lineOf(credential)).to.equal('undefined undefined');
    });
  });

  it('trusts the CA that the spec names as soon as it is there, and proves the pull of an image', async () => {
    const { host } = await aRegistry({ tls: { certificate: 'cert.pem', key: 'key.pem' } });
    const ca = `${story.id}-ca`;
    const url = `https://${host}`;
    const { credential } = await served('Report', url, { caSecretRef: { name: ca } });
    await isVerified(credential, 'Unknown CAUnusable');
    expect(await messageOf(credential, 'Verified')).to.contain(`--from-file=ca.crt=FILE`);
    await story.source('ca', 'Opaque', { 'ca.crt': AUTHORITY_A.cert });
    await isVerified(credential, 'True LoginAccepted');
    await setSpec(credential, { verification: { mode: 'Report', image: `${host}/team/app:v1` } });
    await isVerified(credential, 'False ImageNotFound');
    // All registries of this file have the same images.
    const plain = await aRegistry();
    const account = { username, password: first.password };
    const image = imageOf('an image that is verified', 'amd64');
    await pushTo({ url: `http://${plain.host}`, account }, { repository: 'team/app', tag: 'v2', image });
    await setSpec(credential, { verification: { mode: 'Report', image: `${host}/team/app:v2` } });
    await isVerified(credential, 'True PullAllowed');
    expect((await statusOf(credential)).registries[0]?.reason).to.equal('PullAllowed');
  });

  it('is not delayed by a registry that never comes to an end, but for that one itself', async function () {
    this.timeout(90_000);
    const { host } = await aRegistry();
    const hostile = await DrippingRegistry.start();
    try {
      const namespace = await story.namespace('a');
      const source = await story.basicSource('s', username, first.password);
      const registries = [basic(source, host), basic(source, hostile.server)];
      const credential = await story.credential('team', { registries, verification: { mode: 'Enforce' } });
      const other = await story.namespace('b', { other: story.id });
      const selector = { matchLabels: { other: story.id } };
      await story.credential('unlike', {
        registries: [basic(source, host)],
        verification: { mode: 'Enforce' },
        namespaceSelector: selector,
      });
      await isServed(other, { [host]: [username, first.password] });
      await isServed(namespace, { [host]: [username, first.password] });
      await isReady(credential, 'False Progressing');
      await isVerified(credential, 'Unknown Timeout', LONGEST_CHECK);
      const both = { [host]: [username, first.password], [hostile.server]: [username, first.password] };
      await eventually('the other one is handed out', async () => {
        expect(await loginsIn(namespace)).to.deep.equal(both);
      });
      expect(hostile.logins).to.deep.equal([]);
    } finally {
      await hostile.stop();
    }
  });
});
