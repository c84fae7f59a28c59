// Who may ask when more are due than there are places.

import { expect } from 'chai';
import { settle } from '../testing/fake-clock.ts';
import { FetchPlaces, type Turn } from './fetch-places.ts';

describe('the places of fetches', () => {
  let places: FetchPlaces;
  /** What runs, and how it is ended. */
  let running: Map<string, () => void>;
  beforeEach(() => {
    places = new FetchPlaces();
    running = new Map();
  });

  function begin(name: string, turn: Partial<Turn> = {}): Promise<unknown> {
    const work = () => new Promise<void>(resolve => running.set(name, resolve));
    const { signal } = new AbortController();
    const done = places.run(work, {
      asked: [name],
      isFailing: false,
      isUrgent: () => false,
      endsAt: 0,
      signal,
      ...turn,
    });
    return done.finally(() => running.delete(name)).catch(() => undefined);
  }
  const many = (count: number, turn: Partial<Turn> = {}, name = 'one'): void => {
    for (let index = 0; index < count; index++) void begin(`${name}-${index}`, turn);
  };
  async function end(name: string): Promise<void> {
    running.get(name)?.();
    await settle();
  }

  it('are sixteen, and four for one who is asked', async () => {
    many(40, { asked: ['hangs.io'] }, 'hung');
    many(40);
    await settle();
    const names = [...running.keys()];
    expect(names).to.have.lengthOf(16);
    expect(names.filter(name => name.startsWith('hung'))).to.have.lengthOf(4);
  });

  it('go to those whose token ends soonest, of the first to come among equals', async () => {
    many(16);
    await settle();
    void begin('later', { endsAt: 3 });
    void begin('soon', { endsAt: 1 });
    void begin('first of two', { endsAt: 2 });
    void begin('second of two', { endsAt: 2 });
    void begin('none yet', { endsAt: Number.NEGATIVE_INFINITY });
    const order: string[] = [];
    for (let index = 0; index < 5; index++) {
      await end(`one-${index}`);
      order.push([...running.keys()].at(-1) ?? '');
    }
    expect(order).to.deep.equal(['none yet', 'soon', 'first of two', 'second of two', 'later']);
  });

  it('go to the one for which somebody waits, also if that was said while it waited itself', async () => {
    many(16);
    let isUrgent = false;
    void begin('soon', { endsAt: 1 });
    void begin('later', { endsAt: 3, isUrgent: () => isUrgent });
    await settle();
    isUrgent = true;
    await end('one-0');
    expect([running.has('later'), running.has('soon')]).to.deep.equal([true, false]);
  });

  it('go to those that failed the last time after all others, and half of them at most', async () => {
    many(20, { isFailing: true }, 'failing');
    await settle();
    expect(running.size).to.equal(8);
    many(9);
    await settle();
    expect(running.size).to.equal(16);
    await end('failing-0');
    expect(running.has('one-8')).to.equal(true);
    expect(running.has('failing-8')).to.equal(false);
    await end('one-0');
    expect(running.has('failing-8')).to.equal(true);
  });

  it('go among those that failed the last time to one of whom fewest are asked, then to the first to come', async () => {
    many(10, { asked: ['hangs.io'], isFailing: true, endsAt: 0 }, 'hung');
    many(10, { asked: ['silent.io'], isFailing: true, endsAt: 0 }, 'silent');
    void begin('blip', { asked: ['well.io'], isFailing: true, endsAt: 9 });
    void begin('urgent', { asked: ['hangs.io'], isFailing: true, isUrgent: () => true, endsAt: 9 });
    await settle();
    expect(running.size).to.equal(8);
    await end('silent-0');
    expect(running.has('blip')).to.equal(true);
    await end('silent-1');
    expect(running.has('silent-4')).to.equal(true);
    await end('hung-0');
    expect(running.has('urgent')).to.equal(true);
    await end('hung-1');
    expect(running.has('hung-4')).to.equal(true);
  });

  it('are four for each of two who are asked for the same', async () => {
    for (let index = 0; index < 20; index++)
      void begin(`registry-${index}`, { asked: [`registry-${index}.io`, 'authority.io'] });
    void begin('other');
    await settle();
    expect([...running.keys()]).to.have.members([
      'registry-0',
      'registry-1',
      'registry-2',
      'registry-3',
      'other',
    ]);
  });

  it('are free again after work that fails, and nobody waits who was called off', async () => {
    const ending = new AbortController();
    const { signal } = new AbortController();
    const turn = { asked: ['x'], isFailing: false, isUrgent: () => false, endsAt: 0, signal };
    many(16);
    const calledOff = places.run(() => Promise.resolve(), {
      ...turn,
      signal: ending.signal,
    });
    ending.abort(new Error('nobody waits'));
    expect(await calledOff.catch((error: Error) => error.message)).to.equal('nobody waits');
    await end('one-0');
    const failed = places.run(() => Promise.reject(new Error('failed')), turn);
    expect(await failed.catch((error: Error) => error.message)).to.equal('failed');
    await places.run(() => Promise.resolve(), turn);
  });
});
