// The rows are in testing/, where others can put them to the kubelet's own code.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { IMAGES, NO_IMAGES } from '../testing/image-rows.ts';
import { parseImage } from './image-reference.ts';

const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

describe('parseImage', () => {
  for (const [text, repository, ending] of IMAGES) {
    it(`reads ${shown(text)} as ${shown(repository + ending)}`, () => {
      const parsed = parseImage(text);
      if (!parsed.ok) throw new Error(parsed.message);
      const { image } = parsed;
      expect(image.repository).to.equal(repository);
      expect(image.fullName).to.equal(repository + ending);
      expect(`${image.host}/${image.path}`).to.equal(repository);
    });
  }

  for (const text of NO_IMAGES)
    it(`refuses "${shown(text)}"`, () => {
      const parsed = parseImage(text);
      expect(parsed.ok, JSON.stringify(parsed)).to.equal(false);
      expect(!parsed.ok && parsed.message).to.match(/^[a-z0-9[].{5,70}$/);
    });

  it('keeps tag and digest apart', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const parsed = parseImage(`r.example/app:v1@${digest}`);
    expect(parsed.ok && [parsed.image.tag, parsed.image.digest]).to.deep.equal(['v1', digest]);
  });
});
