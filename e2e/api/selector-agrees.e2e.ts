// A selector selects what the API server itself selects by it: namespaces with labels of chance, listed by selectors
// of chance. FUZZ_SEED=N plays one run again.

import { expect } from 'chai';
import type { LabelSelector } from '../../src/api/types.ts';
import { NAMESPACES_PATH } from '../../src/controller/paths.ts';
import { matchesLabels } from '../../src/core/selector.ts';
import { anyLabels, anySelector } from '../../src/testing/arbitrary-selector.ts';
import { FUZZ_SEED, FUZZ_TIMEOUT, sample, times } from '../../src/testing/fuzzing.ts';
import { type AnyObject, create, list, remove } from './admin.ts';

const NAMESPACES = 40;
const SELECTORS = 500;

/** As a query parameter has it. */
const textOf = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string =>
  [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(
      ({ key, operator, values = [] }) =>
        ({
          In: `${key} in (${values})`,
          NotIn: `${key} notin (${values})`,
          Exists: key,
          DoesNotExist: `!${key}`,
        })[operator],
    ),
  ].join(',');

describe('a label selector', () => {
  let namespaces: AnyObject[];

  before(async () => {
    const labels = sample(anyLabels, NAMESPACES).slice(0, NAMESPACES);
    namespaces = await Promise.all(
      labels.map((labels, index) =>
        create(NAMESPACES_PATH, { metadata: { name: `selector-${index}`, labels } }),
      ),
    );
  });
  after(() =>
    Promise.all((namespaces ?? []).map(({ metadata }) => remove(`${NAMESPACES_PATH}/${metadata.name}`))),
  );

  it(`selects what the API server selects by it, ${times(SELECTORS)} times, seed ${FUZZ_SEED}`, async () => {
    let selected = 0;
    for (const selector of sample(anySelector, SELECTORS)) {
      const ours = namespaces.filter(({ metadata }) => matchesLabels(selector, metadata.labels ?? {}));
      const theirs = await list(NAMESPACES_PATH, textOf(selector));
      const names = theirs.map(({ metadata }) => metadata.name).filter(name => name.startsWith('selector-'));
      expect(names.sort(), `${JSON.stringify(selector)}, seed ${FUZZ_SEED}`).to.deep.equal(
        ours.map(({ metadata }) => metadata.name).sort(),
      );
      selected += names.length;
    }
    const most = times(SELECTORS) * NAMESPACES;
    console.log(`      ${selected} of ${most} times a namespace was selected`);
    expect(selected).to.be.within(most * 0.1, most * 0.9);
  }).timeout(FUZZ_TIMEOUT);
});
