// The bound on parallel writes.

import { expect } from 'chai';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { Limiter, type Priority } from './limiter.ts';

/** A limiter whose writes end when the test says so. */
function aLimiter(limit: number) {
  const clock = new FakeClock();
  const limiter = new Limiter(limit, clock);
  const begun: string[] = [];
  const open = new Map<string, () => void>();
  return {
    clock,
    begun,
    write: (priority: Priority, ...names: string[]): void => {
      for (const name of names)
        void limiter.run(
          () => {
            begun.push(name);
            return new Promise<void>(resolve => open.set(name, resolve));
          },
          { priority },
        );
    },
    end: async (...names: string[]): Promise<void> => {
      for (const name of names) open.get(name)?.();
      for (const name of names) open.delete(name);
      await settle();
    },
    /** Ended ones left out. */
    running: (): string[] => [...open.keys()],
  };
}

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);

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

describe('the limiter of writes, when some are urgent,', () => {
  it('lets them go before the bulk that waits', async () => {
    const { write, end, begun } = aLimiter(2);
    write('bulk', 'a', 'b', 'c', 'd');
    write('urgent', 'u', 'v');
    await settle();
    await end('a');
    await end('b');
    expect(begun).to.deep.equal(['a', 'b', 'u', 'v']);
  });

  it('leaves an eighth of the places to the bulk', async () => {
    const { write, end, running } = aLimiter(16);
    const bulk = numbered('b', 40);
    write('bulk', ...bulk);
    await settle();
    expect(running()).to.have.length(16);
    write('urgent', 'u');
    await end(...bulk.slice(0, 16));
    expect(running()).to.deep.equal(['u', 'b16', 'b17']);
  });

  it('goes on leaving so little to it for half a second, for the next step', async () => {
    const { clock, write, end, running } = aLimiter(16);
    write('urgent', 'u');
    await settle();
    await end('u');
    const bulk = numbered('b', 40);
    write('bulk', ...bulk);
    await clock.advance(499);
    await end('b0', 'b1');
    expect(running()).to.deep.equal(['b2', 'b3']);
    await clock.advance(1);
    await end('b2');
    expect(running()).to.have.length(16);
  });

  it('never keeps the bulk out altogether', async () => {
    const { write, end, begun } = aLimiter(2);
    write('urgent', 'u');
    write('bulk', 'a', 'b');
    await settle();
    expect(begun).to.deep.equal(['u', 'a']);
    await end('a');
    expect(begun).to.deep.equal(['u', 'a', 'b']);
  });
});
