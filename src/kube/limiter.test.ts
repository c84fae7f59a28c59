// The bound on parallel writes.

import { expect } from 'chai';
import { Limiter } from './limiter.ts';

describe('the limiter of writes', () => {
  it('runs no more than its limit at once, and the rest in the order of arrival', async () => {
    const limiter = new Limiter(2);
    const order: number[] = [];
    let running = 0;
    let most = 0;
    const work = (id: number) => async (): Promise<void> => {
      most = Math.max(most, ++running);
      order.push(id);
      await Promise.resolve();
      running--;
    };
    await Promise.all([0, 1, 2, 3, 4].map(id => limiter.run(work(id))));
    expect(order).to.deep.equal([0, 1, 2, 3, 4]);
    expect(most).to.equal(2);
  });

  it('gives the place of a failed write to the next one', async () => {
    const limiter = new Limiter(1);
    const failed = limiter
      .run(() => Promise.reject(new Error('refused')))
      .catch((error: Error) => error.message);
    expect(await limiter.run(async () => 'written')).to.equal('written');
    expect(await failed).to.equal('refused');
  });

  it('lets the second half of something go before what waits', async () => {
    const limiter = new Limiter(1);
    const order: string[] = [];
    const write = (name: string, goesFirst = false) =>
      limiter.run(async () => void order.push(name), { goesFirst });
    const begun = write('begun').then(() => write('second half', true));
    await Promise.all([begun, write('waiting'), write('waiting too')]);
    expect(order).to.deep.equal(['begun', 'waiting', 'second half', 'waiting too']);
  });

  it('lets one that waits be aborted, without taking a place', async () => {
    const limiter = new Limiter(1);
    const first = Promise.withResolvers<void>();
    const held = limiter.run(() => first.promise);
    const abort = new AbortController();
    const waiting = limiter
      .run(async () => 'never', { signal: abort.signal })
      .catch((error: Error) => error.name);
    const behind = limiter.run(async () => 'written');
    abort.abort();
    expect(await waiting).to.equal('AbortError');
    first.resolve();
    await held;
    expect(await behind).to.equal('written');
  });

  it('refuses a limit that would let nothing through', () => {
    expect(() => new Limiter(0)).to.throw('at least 1');
  });
});
