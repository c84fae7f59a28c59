// The admission policy says in CEL what core says in TypeScript. Here both are asked the same: random worlds, put
// to a real API server and to the plan of the operator. ADMISSION_SEED=N plays one run again.

import { expect } from 'chai';
import { PULL_SECRETS_ANNOTATION } from '../../src/api/names.ts';
import { CREDENTIALS_PATH, credentialPath, NAMESPACES_PATH, statusPath } from '../../src/controller/paths.ts';
import { installedIdentity } from '../../src/testing/policies/policies.ts';
import { giveReferences } from '../../src/testing/policies/references-policy.ts';
import { Dice } from '../../src/testing/random.ts';
import { resources } from '../../src/testing/resources.ts';
import { type AnyObject, create, patch, read, remove, tryCreate, tryReplace } from './admin.ts';
import { accountsIn, installPolicy, removePolicy } from './admission-policy.ts';
import { type Refusing, recordOf, statusFor, type World, wantedLists } from './admission-verdict.ts';
import {
  type AskedAccount,
  type RandomCredential,
  randomAccount,
  randomCredentials,
  randomLabels,
  SECRET_NAMES,
} from './admission-world.ts';
import { kubectl } from './kubectl.ts';
import { Sentinel } from './sentinel.ts';

const WORLDS = 30;
const CASES = 10;
const SEED = Number(process.env.ADMISSION_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** They are there already; what is put on them is taken off again. */
const SPECIAL: Record<string, Record<string, string>> = {
  'kube-system': { constructor: 'true', 'regcred.dev/sync': 'true' },
  'kube-public': { constructor: 'true' },
  'regcred-system': { constructor: 'true', 'regcred.dev/sync': 'true' },
};

describe('the admission policy and the plan of the operator', () => {
  const dice = new Dice(SEED);
  const namespaces: AnyObject[] = [];
  let sentinel: Sentinel;
  /** Of earlier tests against the same API server. */
  let earlier: string[];

  before(async function () {
    await installPolicy(this, SECRET_NAMES);
    sentinel = await Sentinel.post();
    earlier = (await checks()).filter(hasFailed);
    for (let index = 0; index < 10; index += 1) {
      const metadata = { name: `agree-${index}`, labels: randomLabels(dice) };
      namespaces.push(await create(NAMESPACES_PATH, { metadata }));
    }
    for (const [name, labels] of Object.entries(SPECIAL))
      namespaces.push(await patch(`${NAMESPACES_PATH}/${name}`, { metadata: { labels } }));
  });
  after(async () => {
    for (const [name, labels] of Object.entries(SPECIAL)) {
      const taken = Object.fromEntries(Object.keys(labels).map(key => [key, null]));
      await patch(`${NAMESPACES_PATH}/${name}`, { metadata: { labels: taken } });
    }
    for (const { metadata } of namespaces.filter(one => !(one.metadata.name in SPECIAL)))
      await remove(`${NAMESPACES_PATH}/${metadata.name}`);
    await sentinel?.leave();
    await removePolicy();
  });

  async function makeWorld(index: number, refusing: Refusing): Promise<World> {
    const made = randomCredentials(dice, index).map(async one => [await store(one, refusing), one] as const);
    const credentials = await Promise.all(made);
    await sentinel.seesAll();
    return { credentials, refusing };
  }

  /** Without the operator, its part is played here. */
  async function store({ name, spec, finalizers, isDeleted, sources }: RandomCredential, refusing: Refusing) {
    const body = {
      apiVersion: 'regcred.dev/v1alpha1',
      kind: 'RegistryCredential',
      metadata: { name, finalizers },
      spec,
    };
    const object = await create(CREDENTIALS_PATH, body);
    if (sources !== undefined)
      await patch(statusPath(name), { status: statusFor(object, sources, refusing) });
    if (isDeleted) await remove(credentialPath(name));
    return read(credentialPath(name));
  }

  async function endWorld({ credentials }: World): Promise<void> {
    for (const [{ metadata }] of credentials) {
      await patch(credentialPath(metadata.name), { metadata: { finalizers: null } });
      await remove(credentialPath(metadata.name));
    }
  }

  const oneOfTen = (): string => `agree-${dice.upTo(9)}`;
  const aNamespace = (): AnyObject => namespaces[dice.upTo(namespaces.length - 1)] as AnyObject;

  /** How often `play` says that an entry was given. */
  async function inWorlds(
    first: number,
    refusing: () => Refusing,
    play: (world: World) => Promise<boolean>,
  ): Promise<number> {
    let given = 0;
    for (let index = 0; index < WORLDS; index += 1) {
      const world = await makeWorld(first + index, refusing());
      try {
        for (let turn = 0; turn < CASES; turn += 1) if (await play(world)) given += 1;
      } finally {
        await endWorld(world);
      }
    }
    console.log(`      in ${given} of ${WORLDS * CASES} cases an entry was added`);
    return given;
  }

  it(`give the same to ${WORLDS * CASES} new ServiceAccounts, seed ${SEED}`, async () => {
    const refusing = () => ({ foreignIn: oneOfTen(), immutableIn: oneOfTen() });
    const given = await inWorlds(0, refusing, async world => {
      const namespace = aNamespace();
      const asked = randomAccount(dice);
      const answer = await tryCreate(accountsIn(namespace.metadata.name), asked);
      return expectGiven(answer, asked, expectedOf(world, namespace, asked), { world, namespace });
    });
    expect(given, 'given').to.be.within(WORLDS * CASES * 0.1, WORLDS * CASES * 0.9);
  }).timeout(120_000);

  it(`keep the same in ${WORLDS * CASES} ServiceAccounts that others write, seed ${SEED}`, async () => {
    // Where an immutable Secret stands the policy keeps what the operator does not give again.
    const refusing = () => ({ foreignIn: oneOfTen(), immutableIn: undefined });
    const kept = await inWorlds(WORLDS, refusing, async world => {
      const namespace = aNamespace();
      const before = await create(accountsIn(namespace.metadata.name), markedAccount(world));
      const path = `${accountsIn(namespace.metadata.name)}/${before.metadata.name}`;
      const asked = randomAccount(dice, before.metadata.name);
      // A tool that sends what it read leaves our annotation where it was.
      if (dice.oneIn(2)) asked.metadata.annotations = before.metadata.annotations ?? {};
      const answer = await tryReplace(path, asked);
      await remove(path);
      const marked = recordOf(before).ownPullSecrets;
      return expectGiven(answer, asked, expectedOf(world, namespace, asked, marked), {
        world,
        namespace,
        before,
      });
    });
    expect(kept, 'kept').to.be.within(WORLDS * CASES * 0.05, WORLDS * CASES * 0.9);
  }).timeout(120_000);

  it('met no CEL that failed', async () => {
    const all = await checks();
    expect(all.filter(one => !hasFailed(one))).not.to.deep.equal([]);
    expect(all.filter(hasFailed)).to.deep.equal(earlier);
  });

  /** As operator, policy and others left it. */
  function markedAccount({ credentials }: World) {
    const hasLogin = (name: string): boolean =>
      credentials.every(
        ([{ spec }, { sources }]) => spec.secretName !== name || !['none', undefined].includes(sources),
      );
    const marked = SECRET_NAMES.filter(name => hasLogin(name) && !dice.oneIn(3));
    // Also a mark without an entry, and an entry that somebody made by hand.
    const entries = SECRET_NAMES.filter(name => marked.includes(name) !== dice.oneIn(5));
    const { metadata } = randomAccount(dice);
    return {
      metadata: { ...metadata, annotations: { [PULL_SECRETS_ANNOTATION]: marked.join(',') } },
      imagePullSecrets: ['mine', ...entries].map(name => ({ name })),
    };
  }
});

/** How often which policy came to what, as the API server counts it. */
const checks = async (): Promise<string[]> =>
  (await kubectl(['get', '--raw', '/metrics']))
    .split('\n')
    .filter(line => line.startsWith('apiserver_mutating_admission_policy_check_total'));
const hasFailed = (check: string): boolean => !check.includes('error_type="no_error"');

/** `addable`: of what the operator would add, the policy may add these only. */
function expectedOf(
  world: World,
  namespace: AnyObject,
  asked: AskedAccount,
  addable: readonly string[] = SECRET_NAMES,
) {
  const metadata = { uid: '', resourceVersion: '', namespace: namespace.metadata.name, ...asked.metadata };
  const account = recordOf({ ...asked, metadata });
  const wanted = wantedLists(world, namespace, account);
  const added = wanted.pullSecrets.filter(
    name => !account.pullSecrets.includes(name) && addable.includes(name),
  );
  const stillMarked = account.ownPullSecrets.filter(name => account.pullSecrets.includes(name));
  const mark = [...new Set([...stillMarked, ...added])].sort().join(',');
  // Where nobody marked anything before, it is to the letter what the operator would write.
  if (account.ownPullSecrets.length === 0 && added.length === wanted.ownPullSecrets.length)
    expect(mark).to.equal(wanted.ownPullSecrets.join(','));
  return { before: account.pullSecrets, added, mark };
}

/** The same by the policy of the in-memory API server, which is a third way to say it. */
function expectImagined(
  answer: AnyObject,
  asked: AskedAccount,
  world: World,
  { namespace, before }: { namespace: AnyObject; before?: AnyObject },
  says: string,
): void {
  const metadata = { ...asked.metadata, namespace: namespace.metadata.name, managedFields: [{}] };
  const object = structuredClone({ ...asked, metadata }) as AnyObject;
  const review = {
    operation: before === undefined ? ('CREATE' as const) : ('UPDATE' as const),
    resource: resources.serviceaccounts,
    object,
    oldObject: before,
    user: 'admin',
    status: false,
  };
  const cluster = { get: () => namespace, list: () => world.credentials.map(([stored]) => stored) };
  giveReferences(review, cluster, { ...installedIdentity, secretNames: SECRET_NAMES });
  const sorted = (entries: readonly string[]) => entries.toSorted();
  expect(sorted(recordOf(object).pullSecrets), says).to.deep.equal(sorted(recordOf(answer).pullSecrets));
  expect(object.metadata.annotations ?? {}, says).to.deep.equal(answer.metadata.annotations ?? {});
}

/** Returns whether there was something to give. */
function expectGiven(
  answer: AnyObject,
  asked: AskedAccount,
  { before, added, mark }: ReturnType<typeof expectedOf>,
  { world, ...about }: { world: World; namespace: AnyObject; before?: AnyObject },
): boolean {
  const credentials = world.credentials.map(([{ metadata, spec }, { sources }]) => ({
    metadata,
    spec,
    sources,
  }));
  const says = JSON.stringify({ asked, ...about, credentials, refusing: world.refusing });
  const entries = recordOf(answer).pullSecrets;
  // Those of others stay in front, in their order; of several new ones any may be the first.
  expect(entries.slice(0, before.length), says).to.deep.equal(before);
  expect(entries.slice(before.length).toSorted(), says).to.deep.equal(added.toSorted());
  const annotations = {
    ...asked.metadata.annotations,
    ...(added.length > 0 && { [PULL_SECRETS_ANNOTATION]: mark }),
  };
  expect(answer.metadata.annotations ?? {}, says).to.deep.equal(annotations);
  expectImagined(answer, asked, world, about, says);
  return added.length > 0;
}
