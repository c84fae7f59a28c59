// One pass over a text finds what looking for each form by itself finds.

import { expect } from 'chai';
import fc from 'fast-check';
import { FormIndex } from './form-index.ts';
import { SHORTEST_FORM } from './secret-forms.ts';

/** Of two letters, so that forms overlap, and begin and hold each other. */
const word = (size: { minLength: number; maxLength: number }) =>
  fc.string({ unit: fc.constantFrom(...'ab'), ...size });
const forms = fc.array(word({ minLength: SHORTEST_FORM, maxLength: 8 }), { minLength: 1, maxLength: 6 });

function indexOf(added: readonly string[]): FormIndex {
  const index = new FormIndex();
  for (const form of added) index.add(form);
  return index;
}

/** Each character on its own: whether some form covers it. */
const covered = (text: string, wanted: readonly string[]): string =>
  [...text]
    .map((_, at) =>
      wanted.some(form => [...form].some((__, offset) => text.startsWith(form, at - offset) && at >= offset))
        ? '#'
        : '.',
    )
    .join('');

const coveredBy = (text: string, spans: Iterable<readonly [number, number]>): string => {
  const marks = [...text].map(() => '.');
  for (const [start, end] of spans) marks.fill('#', start, end);
  return marks.join('');
};

describe('an index of forms', () => {
  it('finds exactly what is covered by a form, and nothing twice', () => {
    fc.assert(
      fc.property(forms, word({ minLength: 20, maxLength: 40 }), (added, text) => {
        const found = indexOf(added).find(text);
        expect(coveredBy(text, found)).to.equal(covered(text, added));
        for (const [at, [start]] of found.entries()) expect(start).to.be.at.least(found[at - 1]?.[1] ?? 0);
      }),
    );
  });

  it('forgets a form when all who added it have taken it out, and no other', () => {
    fc.assert(
      fc.property(forms, forms, word({ minLength: 20, maxLength: 40 }), (staying, going, text) => {
        const index = indexOf([...going, ...staying, ...going]);
        for (const form of [...going, ...going]) index.remove(form);
        index.remove('never added');
        expect(index.find(text)).to.deep.equal(indexOf(staying).find(text));
        expect(new Set(index.all())).to.deep.equal(new Set(staying));
      }),
    );
  });
});
