// A planted bug whose place is gone shows nothing, so every one of them has to have its place.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { PLANTED_BUGS } from './planted-bugs.ts';

const SRC = join(import.meta.dirname, '..', '..', '..');

describe('the planted bugs', () => {
  it('are at least 12, each of a name of its own', () => {
    expect(new Set(PLANTED_BUGS.map(({ name }) => name)).size)
      .to.equal(PLANTED_BUGS.length)
      .and.to.be.at.least(12);
  });

  for (const { name, file, find, replace } of PLANTED_BUGS)
    it(`have one place where "${name}" can be planted`, () => {
      const text = readFileSync(join(SRC, file), 'utf8');
      expect(text.split(find)).to.have.length(2);
      expect(replace).not.to.equal(find);
    });
});
