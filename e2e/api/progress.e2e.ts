// What somebody sees who watches a RegistryCredential while it is rolled out to many
// namespaces, and that this costs no more than one status write a second.

import { expect } from 'chai';
import type { Condition } from '../../src/api/conditions.ts';
import { KEPT_PREFIX } from '../../src/api/names.ts';
import type { RegistryCredentialStatus } from '../../src/api/types.ts';
import { toldStatus } from '../../src/api/untold-status.ts';
import { CREDENTIALS_PATH, credentialPath } from '../../src/controller/paths.ts';
import { follow, read } from './admin.ts';
import { markAuditLog, writesSince } from './audit.ts';
import { eventually } from './eventually.ts';
import { operator } from './operator.ts';
import { conditionOf, docker, dockerConfig, Scenario, setSpec, statusOf } from './scenario.ts';
import { isReady, isServed, setSource } from './served.ts';

const LOGIN = { server: 'r.example.com', username: 'u', password: 'p' };
const MANY = 200;
/** Milliseconds; the API server notes when a request came, which may be later for the first of two. */
const SECOND = 1_000;
const JITTER = 100;

interface Shown {
  readonly generation: number;
  readonly status: RegistryCredentialStatus;
  readonly ready: Condition | undefined;
  readonly types: readonly string[];
}

/** All that `kubectl get -w` would have shown while `act` ran. */
async function shownDuring(name: string, act: () => Promise<unknown>): Promise<Shown[]> {
  const shown: Shown[] = [];
  let latest = 0;
  const end = new AbortController();
  const watching = (async () => {
    for await (const { metadata, status: stored } of follow(CREDENTIALS_PATH, name, end.signal)) {
      latest = Number(metadata.resourceVersion);
      const status = toldStatus<RegistryCredentialStatus>(stored);
      const conditions: Condition[] = status?.conditions ?? [];
      const ready = conditions.find(({ type }) => type === 'Ready');
      if (status !== undefined)
        shown.push({
          generation: metadata.generation ?? 0,
          status,
          ready,
          types: conditions.map(({ type }) => type),
        });
    }
  })();
  await act();
  const { metadata } = await read(credentialPath(name));
  await eventually('the watch has shown it too', async () =>
    expect(latest).to.be.at.least(Number(metadata.resourceVersion)),
  );
  end.abort();
  await watching;
  return shown;
}

const reasonsOf = (shown: readonly Shown[]): string[] =>
  shown.map(({ ready }) => `${ready?.status} ${ready?.reason}`).filter((one, at, all) => one !== all[at - 1]);

describe('a roll-out to many namespaces', () => {
  let story: Scenario;
  let namespaces: string[];
  let source: string;
  let credential: string;

  before(async function () {
    this.timeout(120_000);
    await operator();
    story = new Scenario('progress');
    namespaces = await Promise.all(Array.from({ length: MANY }, (_, index) => story.namespace(`n${index}`)));
    source = await story.dockerSource('s', LOGIN);
  });
  after(async function () {
    this.timeout(120_000);
    await story.end();
  });

  const isAllServed = async (password: string): Promise<void> => {
    for (const namespace of namespaces) await isServed(namespace, { 'r.example.com': ['u', password] });
  };
  /** What must be true of whatever is shown at any time. */
  const isConsistent = (shown: readonly Shown[]): void => {
    for (const { generation, status, ready, types } of shown) {
      expect(types.filter(type => type === 'Ready')).to.have.length(1);
      expect(types.includes('Reconciling')).to.equal(ready?.reason === 'Progressing');
      expect(types).to.not.include('Stalled');
      expect(status.observedGeneration).to.be.at.most(generation);
      for (const condition of status.conditions)
        expect(condition.observedGeneration).to.equal(status.observedGeneration);
    }
  };

  it('is shown as Progressing until every namespace has the login, and then as Synced', async () => {
    const shown = await shownDuring(`${story.id}-x`, async () => {
      credential = await story.credential('x', { registries: [docker(source)] });
      await isReady(credential, 'True Synced');
    });
    expect(reasonsOf(shown)).to.deep.equal(['False Progressing', 'True Synced']);
    isConsistent(shown);
    const { namespaces: counts, serviceAccounts } = await statusOf(credential);
    expect(counts).to.deep.equal({ selected: MANY, synced: MANY, failed: 0, summary: `${MANY}/${MANY}` });
    expect(serviceAccounts).to.deep.equal({ selected: MANY, attached: MANY, summary: `${MANY}/${MANY}` });
    await isAllServed('p');
  });

  /** Status is not written twice within a second, so a short roll-out straight after another has no word of its own. */
  const hasBeenStill = (): Promise<void> =>
    eventually('nothing was written for a second', async () => {
      const { conditions } = await statusOf(credential);
      const latest = Math.max(...conditions.map(({ lastTransitionTime }) => Date.parse(lastTransitionTime)));
      expect(Date.now() - latest).to.be.greaterThan(SECOND);
    });

  it('is shown again for a new password, and Synced does not come before the last namespace has it', async function () {
    await hasBeenStill();
    const mark = await markAuditLog(this);
    const shown = await shownDuring(credential, async () => {
      await setSource(source, { '.dockerconfigjson': dockerConfig([{ ...LOGIN, password: 'q' }]) });
      await eventually('it is seen to be under way', async () =>
        expect(await conditionOf(credential, 'Reconciling')).to.equal('True Progressing'),
      );
      await isReady(credential, 'True Synced');
    });
    expect(reasonsOf(shown)).to.deep.equal(['True Synced', 'False Progressing', 'True Synced']);
    isConsistent(shown);
    await isAllServed('q');
    const writes = await writesSince(mark);
    const secrets = writes.filter(({ what }) => what.startsWith('patch secrets '));
    const statuses = writes.filter(({ what }) => what.includes('registrycredentials/status'));
    const kept = secrets.filter(({ what }) => what.includes(`/${KEPT_PREFIX}`));
    expect(kept, 'what is kept over a restart').to.have.length(1);
    expect(secrets).to.have.length(MANY + kept.length);
    const events = writes.filter(({ what }) => what.includes(' events default'));
    expect(writes).to.have.length(secrets.length + statuses.length + events.length);
    expect(events.length, 'however many namespaces').to.be.at.most(1);
    const last = Math.max(...secrets.map(({ received }) => received));
    expect(statuses.at(-1)?.received).to.be.at.least(last);
  });

  it('is shown for a new generation that changes nothing in the namespaces only as observed', async () => {
    const shown = await shownDuring(credential, async () => {
      const { metadata } = await setSpec(credential, { deletionPolicy: 'Orphan' });
      await eventually('it is observed', async () =>
        expect((await statusOf(credential)).observedGeneration).to.equal(metadata.generation),
      );
      await isReady(credential, 'True Synced');
      await setSpec(credential, { deletionPolicy: 'Delete' });
      await isReady(credential, 'True Synced');
    });
    isConsistent(shown);
  });

  it('stays Ready while new namespaces are served, and writes status at most once a second', async function () {
    const mark = await markAuditLog(this);
    const shown = await shownDuring(credential, async () => {
      const end = performance.now() + 3 * SECOND;
      for (let count = 0; performance.now() < end; count += 1) await story.namespace(`late${count}`);
      await eventually('all are counted', async () => {
        const { selected, synced } = (await statusOf(credential)).namespaces;
        expect(selected).to.be.greaterThan(MANY);
        expect(synced).to.equal(selected);
      });
    });
    expect(reasonsOf(shown)).to.deep.equal(['True Synced']);
    isConsistent(shown);
    const times = (await writesSince(mark))
      .filter(({ what }) => what === `patch registrycredentials/status ${credential}`)
      .map(({ received }) => received);
    expect(times.length, 'a status that follows').to.be.greaterThan(1);
    for (const [at, time] of times.entries())
      if (at > 0) expect(time - (times[at - 1] ?? 0)).to.be.at.least(SECOND - JITTER);
  });
});
