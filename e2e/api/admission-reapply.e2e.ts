// Tools that write a ServiceAccount again and again, with a list of their own: with the admission policy our entry
// is in the very answer to each of them, and they notice nothing.

import { expect } from 'chai';
import { PULL_SECRETS_ANNOTATION } from '../../src/api/names.ts';
import { serviceAccountPath } from '../../src/controller/paths.ts';
import { type AnyObject, apply, create, patch, read, replace } from './admin.ts';
import { accountsIn, installPolicy, removePolicy, willBeGivenIn } from './admission-policy.ts';
import { markAuditLog, writesSince } from './audit.ts';
import { eventually, holdsFor } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { operator } from './operator.ts';
import { LOGINS, oneLogin } from './ownership.ts';
import { Scenario } from './scenario.ts';
import { isReady, isServed } from './served.ts';

/** Writes the object as it stands in somebody's repository. */
type Tool = (path: string, manifest: object) => Promise<AnyObject>;

const TOOLS: Record<string, Tool> = {
  'a plain server-side apply': (path, manifest) => apply(path, manifest, 'helm', false),
  'a forced server-side apply': (path, manifest) => apply(path, manifest, 'helm'),
  'kubectl apply': async (path, manifest) => {
    await kubectl(['apply', '-f', '-'], manifest);
    return read(path);
  },
  'kubectl apply --server-side': async (path, manifest) => {
    await kubectl(['apply', '--server-side', '-f', '-'], manifest);
    return read(path);
  },
  'kubectl replace': async (path, manifest) => {
    // It cannot make what is not there.
    await kubectl(['create', '-f', '-'], manifest).catch(() => kubectl(['replace', '-f', '-'], manifest));
    return read(path);
  },
};

describe('with the admission policy, a ServiceAccount that is written again', () => {
  let story: Scenario;
  let namespace: string;
  let path: string;
  before(async function () {
    await installPolicy(this);
    await operator();
  });
  after(removePolicy);
  beforeEach(async () => {
    story = new Scenario('again');
    namespace = await story.namespace('a');
    path = serviceAccountPath(namespace, 'app');
    await isReady(await oneLogin(story, 'x'), 'True Synced');
    await isServed(namespace, LOGINS);
    await willBeGivenIn(namespace);
  });
  afterEach(() => story.end());

  const manifest = (entries: readonly string[], labels: Record<string, string> = {}) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'app', namespace, labels },
    imagePullSecrets: entries.map(name => ({ name })),
  });
  const expectGiven = ({ imagePullSecrets, metadata }: AnyObject, ...others: string[]): void => {
    expect(imagePullSecrets).to.deep.equal([...others, 'regcred'].map(name => ({ name })));
    expect(metadata.annotations).to.deep.include({ [PULL_SECRETS_ANNOTATION]: 'regcred' });
  };

  for (const [tool, write] of Object.entries(TOOLS))
    it(`by ${tool} keeps the entry in the same request`, async function () {
      const mark = await markAuditLog(this);
      expectGiven(await write(path, manifest(['own'])), 'own');
      // Only now has the tool written it in both of its ways, the first time and again.
      const made = await write(path, manifest(['own']));
      const again = await write(path, manifest(['own']));
      expect(again.metadata.resourceVersion, 'nothing changed').to.equal(made.metadata.resourceVersion);
      expect(ownersOf(again)).to.deep.equal(ownersOf(made));
      expectGiven(await write(path, manifest(['own'], { release: 'two' })), 'own');
      expectGiven(await write(path, manifest(['own', 'second'], { release: 'two' })), 'own', 'second');
      expectGiven(await write(path, manifest([], { release: 'three' })));
      await holdsFor(300, async () => expect(await accountWrites(mark)).to.deep.equal([]));
    });

  it('keeps the entry that the operator gave before', async () => {
    await create(accountsIn(namespace), {
      metadata: { name: 'app', labels: { 'regcred.dev/sync': 'false' } },
    });
    await patch(path, { metadata: { labels: { 'regcred.dev/sync': null } } });
    await willBeGivenBy(path);
    const { metadata } = await read(path);
    expectGiven(await replace(path, manifest(['own'])), 'own');
    expectGiven(await patch(path, { imagePullSecrets: [{ name: 'other' }] }), 'other');
    expect((await read(path)).metadata.uid).to.equal(metadata.uid);
  });

  it('lets a tool apply the default ServiceAccount that nobody wrote before', async function () {
    const mark = await markAuditLog(this);
    const fresh = await story.namespace('fresh');
    path = serviceAccountPath(fresh, 'default');
    expectGiven(await read(path));
    const theirs = (...names: string[]) => ({
      ...manifest(names),
      metadata: { name: 'default', namespace: fresh },
    });
    expectGiven(await apply(path, theirs('own'), 'helm', false), 'own');
    expectGiven(await apply(path, theirs('own', 'second'), 'helm', false), 'own', 'second');
    expectGiven(await apply(path, theirs(), 'helm', false));
    await holdsFor(300, async () => expect(await accountWrites(mark)).to.deep.equal([]));
  });

  it('loses the entry with the same request that takes it out of the selection', async () => {
    expectGiven(await create(accountsIn(namespace), manifest(['own'])), 'own');
    const answer = await replace(path, manifest(['own'], { 'regcred.dev/sync': 'false' }));
    expect(answer.imagePullSecrets).to.deep.equal([{ name: 'own' }]);
    expect(answer.metadata.annotations ?? {}).not.to.have.property(PULL_SECRETS_ANNOTATION);
  });
});

/** Of the operator. */
const accountWrites = async (mark: number): Promise<string[]> =>
  (await writesSince(mark)).map(({ what }) => what).filter(what => what.includes('serviceaccounts'));

/** Who owns imagePullSecrets. */
const ownersOf = ({ metadata }: AnyObject): (string | undefined)[] =>
  (metadata.managedFields ?? [])
    .filter(({ fieldsV1 }) => fieldsV1?.['f:imagePullSecrets'] !== undefined)
    .map(({ manager }) => manager);

async function willBeGivenBy(path: string): Promise<void> {
  await eventually('the operator gives it', async () =>
    expect((await read(path)).imagePullSecrets).to.deep.equal([{ name: 'regcred' }]),
  );
}
