// One object for all that are alike, for as long as somebody has it.

import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { Shared } from './shared.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('what records share', () => {
  it('is made once for each key, however many keys there are', () => {
    const shared = new Shared<{ n: number }>();
    const first = Array.from({ length: 2_000 }, (_, n) => shared.get(`${n}`, () => ({ n })));
    for (const [n, value] of first.entries()) expect(shared.get(`${n}`, () => ({ n: -1 }))).to.equal(value);
  });

  it('is made anew when nobody has it any more', async () => {
    const shared = new Shared<{ large: string }>();
    const kept = shared.get('kept', () => ({ large: 'x' }));
    const gone = new WeakRef(shared.get('gone', () => ({ large: 'x' })));
    // A WeakRef holds what it refers to until the turn is over.
    await turn();
    collect();
    expect(gone.deref()).to.equal(undefined);
    expect(shared.get('gone', () => ({ large: 'new' })).large).to.equal('new');
    expect(shared.get('kept', () => ({ large: 'new' }))).to.equal(kept);
  });
});
