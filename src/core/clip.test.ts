// Half a character would make a text of another length than the schema counts.

import { expect } from 'chai';
import { clip } from './clip.ts';

describe('a text that is clipped', () => {
  it('stays as it is while it fits', () => {
    expect(clip('ab', 2)).to.equal('ab');
  });

  it('says by its last character that something is missing', () => {
    expect(clip('abc', 2)).to.equal('a…');
  });

  it('is cut at a whole character', () => {
    expect(clip('𝄞𝄞𝄞', 2)).to.equal('𝄞…');
  });
});
