// The admission policy at the edges: the largest RegistryCredential that the schema admits must still be within
// what the API server lets an expression cost, and what has no name yet, or is about to go, is left alone.

import { expect } from 'chai';
import {
  MAX_LABEL_KEY,
  MAX_LABEL_VALUE,
  MAX_NAME,
  MAX_REGISTRIES,
  MAX_SELECTOR_TERMS,
  MAX_SERVICE_ACCOUNT_NAMES,
} from '../../src/api/bounds.ts';
import { FINALIZER, PULL_SECRETS_ANNOTATION } from '../../src/api/names.ts';
import { CREDENTIALS_PATH, credentialPath, NAMESPACES_PATH, statusPath } from '../../src/controller/paths.ts';
import { type AnyObject, create, patch, read, remove, tryCreate, tryReplace } from './admin.ts';
import { accountsIn, installPolicy, removePolicy } from './admission-policy.ts';
import { eventually } from './eventually.ts';
import { Sentinel, soundStatus } from './sentinel.ts';

const TARGET = 'e2e.regcred.dev/limits';
const GIVEN = [{ name: 'regcred' }];

describe('the admission policy at its limits', () => {
  let sentinel: Sentinel;
  let made: string[] = [];

  before(async function () {
    await installPolicy(this);
    sentinel = await Sentinel.post();
  });
  after(async () => {
    await sentinel?.leave();
    await removePolicy();
  });
  afterEach(async () => {
    for (const path of made.toReversed()) {
      if (path.startsWith(CREDENTIALS_PATH)) await patch(path, { metadata: { finalizers: null } });
      await remove(path);
    }
    made = [];
  });

  const namespace = async (name: string, labels: Record<string, string>): Promise<string> => {
    await create(NAMESPACES_PATH, { metadata: { name, labels } });
    made.push(`${NAMESPACES_PATH}/${name}`);
    return name;
  };
  const credential = async (name: string, spec: object, status: object = {}): Promise<void> => {
    const registries = Array.from({ length: MAX_REGISTRIES }, (_, index) => ({
      dockerConfig: { secretRef: { name: `s${index}` } },
    }));
    const kind = { apiVersion: 'regcred.dev/v1alpha1', kind: 'RegistryCredential' };
    const metadata = { name, finalizers: [FINALIZER] };
    await create(CREDENTIALS_PATH, { ...kind, metadata, spec: { registries, ...spec } });
    made.push(credentialPath(name));
    await patch(statusPath(name), { status: { ...soundStatus(1), ...status } });
    await sentinel.seesAll();
  };

  it('still evaluates a RegistryCredential as large as the schema admits', async () => {
    const { selector, labels } = largestSelector();
    const names = Array.from({ length: MAX_SERVICE_ACCOUNT_NAMES }, (_, index) => largestPattern(index));
    const target = await namespace('limits', labels);
    await credential('largest', { namespaceSelector: selector, serviceAccounts: { names, selector } });
    const name = 'a'.repeat(MAX_NAME);
    const bySelector = await tryCreate(accountsIn(target), { metadata: { name, labels } });
    expect(bySelector.imagePullSecrets).to.deep.equal(GIVEN);
    const byName = await tryCreate(accountsIn(target), {
      metadata: { name: largestPattern(7).replaceAll('*', 'b') },
    });
    expect(byName.imagePullSecrets).to.deep.equal(GIVEN);
    expect(await tryCreate(accountsIn(target), { metadata: { name } })).not.to.have.property(
      'imagePullSecrets',
    );
  });

  it('does not go through lists that somebody made too long for it, and never has a write refused', async () => {
    const target = await namespace('long', { [TARGET]: 'long' });
    const leftOut = await namespace('long-left-out', { 'regcred.dev/sync': 'false' });
    await credential('long', { namespaceSelector: { matchLabels: { [TARGET]: 'long' } } });
    const entries = Array.from({ length: 10_000 }, (_, index) => ({ name: `e${index}` }));
    const marks = ','.repeat(100_000);
    const tooLong = {
      'a list': { metadata: { name: 'list' }, imagePullSecrets: entries },
      'a mark': { metadata: { name: 'mark', annotations: { [PULL_SECRETS_ANNOTATION]: marks } } },
      // One byte more is refused by the API server itself.
      'an annotation': { metadata: { name: 'full', annotations: { x: 'x'.repeat(MAX_ANNOTATIONS - 1) } } },
      'one of wide letters': { metadata: { name: 'wide', annotations: { x: '€'.repeat(87_381) } } },
    };
    for (const [what, asked] of Object.entries(tooLong)) {
      const reference = await secondsOf(() => tryCreate(accountsIn(leftOut), asked));
      const seconds = await secondsOf(async () => {
        const { imagePullSecrets = [] } = await create(accountsIn(target), asked);
        expect(imagePullSecrets, what).not.to.deep.include({ name: 'regcred' });
      });
      expect(seconds, what).to.be.below(2 + 10 * reference);
    }
    const path = `${accountsIn(target)}/mark`;
    expect(
      await secondsOf(() => tryReplace(path, { metadata: { name: 'mark' } })),
      'what had one',
    ).to.be.below(2);
  });

  it('gives nothing new where an immutable Secret holds an older login, and keeps what is there', async () => {
    const target = await namespace('immutable', { [TARGET]: 'immutable' });
    await credential('immutable', { namespaceSelector: { matchLabels: { [TARGET]: 'immutable' } } });
    const { metadata } = await create(accountsIn(target), { metadata: { name: 'before' } });
    const failure = { namespace: target, reason: 'ImmutableSecret', message: 'for some reason' };
    await patch(statusPath('immutable'), { status: { failures: [failure] } });
    await sentinel.seesAll();
    const asked = { metadata: { name: 'new' } };
    expect(await tryCreate(accountsIn(target), asked)).not.to.have.property('imagePullSecrets');
    const kept = await tryReplace(`${accountsIn(target)}/before`, { metadata: { name: metadata.name } });
    expect(kept.imagePullSecrets).to.deep.equal(GIVEN);
  });

  it('takes what is made by generateName for every name, and for no certain one', async () => {
    const target = await namespace('nameless', { [TARGET]: 'nameless' });
    const spec = { namespaceSelector: { matchLabels: { [TARGET]: 'nameless' } } };
    const asked = { metadata: { generateName: 'build-' } };
    await credential('by-name', { ...spec, serviceAccounts: { names: ['build-*'] } });
    expect(await tryCreate(accountsIn(target), asked)).not.to.have.property('imagePullSecrets');
    await credential('every-name', { ...spec, serviceAccounts: { names: ['*'] } });
    expect((await tryCreate(accountsIn(target), asked)).imagePullSecrets).to.deep.equal(GIVEN);
  });

  it('gives no name that is not on its list, and nothing of a RegistryCredential that is stalled', async () => {
    const target = await namespace('strict', { [TARGET]: 'strict' });
    const spec = { namespaceSelector: { matchLabels: { [TARGET]: 'strict' } } };
    const since = {
      lastTransitionTime: '2026-01-01T00:00:00Z',
      observedGeneration: 1,
      message: 'for some reason',
    };
    const stalled = { ...since, type: 'Stalled', status: 'True', reason: 'SomeReason' };
    const asked = { metadata: { name: 'somebody' } };
    await credential('unlisted', { ...spec, secretName: 'unlisted' });
    await credential('stalled', spec, { conditions: [stalled] });
    expect(await tryCreate(accountsIn(target), asked)).not.to.have.property('imagePullSecrets');
    await patch(statusPath('stalled'), { status: { conditions: [] } });
    await sentinel.seesAll();
    expect((await tryCreate(accountsIn(target), asked)).imagePullSecrets).to.deep.equal(GIVEN);
  });

  it('gives nothing by a status of an earlier spec', async () => {
    const target = await namespace('outdated', { [TARGET]: 'outdated' });
    await credential('outdated', { namespaceSelector: { matchLabels: { [TARGET]: 'elsewhere' } } });
    const spec = { namespaceSelector: { matchLabels: { [TARGET]: 'outdated' } } };
    await patch(credentialPath('outdated'), { spec });
    await sentinel.seesAll();
    const asked = { metadata: { name: 'somebody' } };
    expect(await tryCreate(accountsIn(target), asked)).not.to.have.property('imagePullSecrets');
    await patch(statusPath('outdated'), { status: soundStatus(2) });
    await sentinel.seesAll();
    expect((await tryCreate(accountsIn(target), asked)).imagePullSecrets).to.deep.equal(GIVEN);
  });

  it('keeps nothing in a namespace that is being deleted', async () => {
    const target = await namespace('goes', { [TARGET]: 'goes' });
    await credential('going', { namespaceSelector: { matchLabels: { [TARGET]: 'goes' } } });
    const metadata = { name: 'held', finalizers: ['example.com/wait'] };
    const { imagePullSecrets } = await create(accountsIn(target), { metadata });
    expect(imagePullSecrets).to.deep.equal(GIVEN);
    const path = `${accountsIn(target)}/held`;
    const without = (object: AnyObject): AnyObject => ({ ...object, imagePullSecrets: [] });
    expect((await tryReplace(path, without(await read(path)))).imagePullSecrets).to.deep.equal(GIVEN);
    await remove(`${NAMESPACES_PATH}/${target}`);
    await eventually('the policy sees that it goes', async () =>
      expect(await tryReplace(path, without(await read(path)))).not.to.have.property('imagePullSecrets'),
    );
    expect((await read(path)).metadata.annotations).to.deep.equal({ [PULL_SECRETS_ANNOTATION]: 'regcred' });
    await patch(path, { metadata: { finalizers: null } });
  });
});

/** Bytes of keys and values together, by the API server's validation. */
const MAX_ANNOTATIONS = 256 * 1024;

async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return (performance.now() - began) / 1000;
}

/** Different texts of the greatest length, with a digit or letter at either end. */
const text = (length: number, index: number): string => `v${index}`.padEnd(length, 'x');

function largestSelector() {
  const prefix = 'p'.padEnd(MAX_LABEL_KEY - 64, 'p');
  const key = (index: number): string => `${prefix}/${text(63, index)}`;
  const values = Array.from({ length: MAX_SELECTOR_TERMS }, (_, index) => text(MAX_LABEL_VALUE, index));
  const last = values.at(-1) ?? '';
  const keys = Array.from({ length: MAX_SELECTOR_TERMS }, (_, index) => key(index));
  const labels = Object.fromEntries(keys.map(one => [one, last]));
  const matchExpressions = keys.map(one => ({ key: one, operator: 'In', values }));
  return { labels, selector: { matchLabels: labels, matchExpressions } };
}

/** As many stars and dots as there can be: both grow in the regular expression. */
const largestPattern = (index: number): string =>
  `${`z${index}`.padEnd(MAX_NAME - 1, '*.').slice(0, MAX_NAME - 1)}y`;
