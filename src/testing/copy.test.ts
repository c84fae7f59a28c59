// Copies must not share anything that can be written, nor lose or gain a key.

import { expect } from 'chai';
import { copyOf, isSame } from './copy.ts';

const tricky = (): unknown =>
  JSON.parse('{"__proto__":{"polluted":true},"constructor":"x","list":[{"a":[1,null,""]},false],"empty":{}}');

describe('a copy of a JSON value', () => {
  it('is what JSON makes of it, down to keys of Object.prototype', () => {
    const value = { ...(tricky() as object), gone: undefined };
    const copy = copyOf(value);

    expect(JSON.stringify(copy)).to.equal(JSON.stringify(value));
    expect(copy).to.not.have.property('gone');
    expect(JSON.stringify(copyOf(tricky()))).to.equal(JSON.stringify(tricky()));
    expect((copyOf(tricky()) as { polluted?: boolean }).polluted).to.equal(undefined);
  });

  it('shares nothing with it', () => {
    const value = Object.freeze({ list: Object.freeze([Object.freeze({ a: 'x' })]) });
    const copy = copyOf(value) as { list: { a: string }[] };
    copy.list[0] = { a: 'y' };

    expect(value.list[0]?.a).to.equal('x');
  });
});

describe('two JSON values', () => {
  it('are the same whatever the order of their keys, and what is undefined counts as left out', () => {
    expect(isSame(tricky(), tricky())).to.equal(true);
    expect(isSame({ a: 1, b: undefined }, { a: 1 })).to.equal(true);
    expect(isSame({ a: 1 }, { a: 1, b: undefined })).to.equal(true);
    expect(isSame({ a: 1, b: 2 }, { b: 2, a: 1 })).to.equal(true);
  });

  for (const [one, other] of [
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: 1, b: null }],
    [{ a: {} }, { a: [] }],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 1]],
    [{ constructor: 'x' }, {}],
    [{}, { constructor: 'x' }],
    [null, {}],
    ['1', 1],
  ])
    it(`are not the same: ${JSON.stringify(one)} and ${JSON.stringify(other)}`, () => {
      expect(isSame(one, other)).to.equal(false);
      expect(isSame(other, one)).to.equal(false);
    });
});
