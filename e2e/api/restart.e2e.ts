// A restart finds everything as it should be and leaves it so, and what changes nothing
// for the operator makes it write nothing: counted in the audit log.

import { expect } from 'chai';
import { MANAGED_BY_LABEL } from '../../src/api/names.ts';
import {
  credentialPath,
  NAMESPACES_PATH,
  secretPath,
  secretsPathIn,
  serviceAccountPath,
  statusPath,
} from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { create, patch, read, remove } from './admin.ts';
import { markAuditLog, writesSince } from './audit.ts';
import { eventually, holdsFor } from './eventually.ts';
import { operator, restartOperator } from './operator.ts';
import {
  basic,
  conditionOf,
  docker,
  loginsIn,
  pullSecretsOf,
  Scenario,
  setLabels,
  setSpec,
  statusOf,
} from './scenario.ts';
import { isTold } from './told.ts';

const LOGIN = { server: 'r.example.com', username: 'u', password: 'p' };
const STEADY = 3_000;

describe('an operator that has nothing to do', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('idle');
  });
  afterEach(() => story.end());

  const says = (credential: string, type: string, expected: string) =>
    eventually(`${credential} is ${type} ${expected}`, async () =>
      expect(await conditionOf(credential, type)).to.equal(expected),
    );
  const well = async (name: string, spec = {}): Promise<string> => {
    const registries = [docker(await story.dockerSource(`${name}-s`, LOGIN))];
    const credential = await story.credential(name, { registries, ...spec });
    return credential;
  };
  const resourceVersionOf = async (path: string): Promise<string> =>
    (await read(path)).metadata.resourceVersion;
  /** Everything that the operator may write. */
  const versions = async (namespaces: readonly string[], credentials: readonly string[]) =>
    Promise.all(
      [
        ...namespaces.flatMap(one => [serviceAccountPath(one, 'default'), secretPath(one, 'regcred')]),
        ...credentials.map(credentialPath),
      ].map(resourceVersionOf),
    );
  const restartsQuietly = async (test: Mocha.Context, ...credentials: string[]): Promise<void> => {
    let mark = await markAuditLog(test);
    let before: readonly string[] = [];
    // When it ends it has told by Events what there was to tell.
    await restartOperator(async () => {
      before = await versions([], credentials);
      mark = await markAuditLog(test);
    });
    await holdsFor(STEADY, async () => expect(await writesSince(mark)).to.deep.equal([]));
    expect(await versions([], credentials)).to.deep.equal(before);
  };

  it('writes nothing at a restart when all is well', async function () {
    const namespaces = [await story.namespace('a'), await story.namespace('b')];
    const credential = await well('x');
    await says(credential, 'Ready', 'True Synced');
    const before = await versions(namespaces, [credential]);
    await restartsQuietly(this, credential);
    expect(await versions(namespaces, [credential])).to.deep.equal(before);
  });

  it('writes nothing at a restart while a source fails and its last login is served', async function () {
    const namespace = await story.namespace('a');
    const registries = [
      docker(await story.dockerSource('docker', LOGIN)),
      basic(await story.basicSource('basic', 'v', 'q'), 'other.example.com'),
    ];
    const credential = await story.credential('x', { registries });
    await says(credential, 'Ready', 'True Synced');
    const logins = await loginsIn(namespace);
    for (const source of ['docker', 'basic'])
      await remove(`${secretsPathIn(OPERATOR_NAMESPACE)}/${story.id}-${source}`);
    await says(credential, 'SourceFailing', 'True LastKnownGoodServed');
    await restartsQuietly(this, credential);
    expect(await conditionOf(credential, 'Ready')).to.equal('True Synced');
    expect(await loginsIn(namespace)).to.deep.equal(logins);
  });

  it('writes nothing at a restart while one entry is bad and its last good form is served', async function () {
    const namespace = await story.namespace('a');
    const two = [LOGIN, { ...LOGIN, server: 'other.example.com' }];
    const source = await story.dockerSource('s', ...two);
    const credential = await story.credential('x', { registries: [docker(source)] });
    await says(credential, 'Ready', 'True Synced');
    const logins = await loginsIn(namespace);
    const auths = {
      'r.example.com': { username: 'u', password: 'p' },
      'other.example.com': { auth: 'bad' },
    };
    await patch(secretPath(OPERATOR_NAMESPACE, source), {
      stringData: { '.dockerconfigjson': JSON.stringify({ auths }) },
    });
    await says(credential, 'SourceFailing', 'True EntryLeftOut');
    expect(await loginsIn(namespace)).to.deep.equal(logins);
    await restartsQuietly(this, credential);
    expect(await loginsIn(namespace)).to.deep.equal(logins);
  });

  it('writes nothing at a restart for what is suspended, stalled, refused or selects nothing', async function () {
    const suspended = await well('suspended', { suspend: false });
    const namespace = await story.namespace('a');
    await says(suspended, 'Ready', 'True Synced');
    await setSpec(suspended, { suspend: true });
    await says(suspended, 'Ready', 'Unknown Suspended');
    await setLabels(namespace, { 'idle.example.com/new': 'true' });
    const stalled = await well('stalled', { secretName: 'nobody-serves-this' });
    await says(stalled, 'Stalled', 'True SecretNameNotServed');
    const foreign = await story.namespace('foreign', { foreign: story.id });
    await create(secretsPathIn(foreign), { metadata: { name: 'regcred' }, stringData: { a: 'b' } });
    const refused = await well('refused', { namespaceSelector: { matchLabels: { foreign: story.id } } });
    await says(refused, 'Ready', 'False Conflict');
    const idle = await well('idle', { namespaceSelector: { matchLabels: { nothing: story.id } } });
    await says(idle, 'Ready', 'True NoNamespaceSelected');
    const failing = await story.credential('failing', { registries: [docker(`${story.id}-none`)] });
    await says(failing, 'Ready', 'False SourceFailed');
    await restartsQuietly(this, suspended, stalled, refused, idle, failing);
    expect(await pullSecretsOf(foreign)).to.deep.equal([]);
  });

  it('writes nothing when something changes that is not its business', async function () {
    const namespace = await story.namespace('a');
    const credential = await well('x');
    await isTold(credential, 'Normal Synced');
    const mark = await markAuditLog(this);
    await setLabels(namespace, { team: 'a' });
    await patch(`${NAMESPACES_PATH}/${namespace}`, { metadata: { annotations: { note: 'b' } } });
    const labels = { metadata: { labels: { team: 'a' }, annotations: { note: 'b' } } };
    await patch(serviceAccountPath(namespace, 'default'), labels);
    await patch(secretPath(namespace, 'regcred'), { metadata: { labels: { team: 'a' } } });
    await patch(credentialPath(credential), labels);
    await patch(`${NAMESPACES_PATH}/${OPERATOR_NAMESPACE}`, {
      metadata: { annotations: { note: story.id } },
    });
    await create(secretsPathIn(namespace), { metadata: { name: 'other' } });
    await holdsFor(STEADY, async () => expect(await writesSince(mark)).to.deep.equal([]));
    expect((await read(secretPath(namespace, 'regcred'))).metadata.labels).to.include({
      [MANAGED_BY_LABEL]: 'regcred',
      team: 'a',
    });
  });

  it('says again what somebody else wrote over in the status, and then nothing more', async function () {
    await story.namespace('a');
    const credential = await well('x');
    await says(credential, 'Ready', 'True Synced');
    const status = await statusOf(credential);
    await patch(statusPath(credential), {
      status: { namespaces: { selected: 7, synced: 7, failed: 0, summary: '7/7' } },
    });
    await eventually('the status is mended', async () =>
      expect(await statusOf(credential)).to.deep.equal(status),
    );
    const mark = await markAuditLog(this);
    await holdsFor(STEADY, async () => expect(await writesSince(mark)).to.deep.equal([]));
  });
});
