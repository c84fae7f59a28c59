// How many Events an object may cause, and that the memory of it has an end.

import { expect } from 'chai';
import { EventRate } from './event-rate.ts';

const MINUTE = 60_000;

const granted = (rate: EventRate, object: string, tries: number, now: number): number =>
  Array.from({ length: tries }).filter(() => rate.take(object, 'Sync', now)).length;

describe('the rate of Events', () => {
  it('grants 25 at once, for each object', () => {
    const rate = new EventRate();
    expect(granted(rate, 'a', 100, 0)).to.equal(25);
    expect(granted(rate, 'b', 100, 0)).to.equal(25);
  });

  it('grants as many for another action of an object of which one was told too often', () => {
    const rate = new EventRate();
    granted(rate, 'a', 100, 0);
    expect(rate.take('a', 'Fetch', 0)).to.equal(true);
  });

  it('grants one more every five minutes, and never more than 25', () => {
    const rate = new EventRate();
    granted(rate, 'a', 25, 0);
    expect(granted(rate, 'a', 9, 4 * MINUTE)).to.equal(0);
    expect(granted(rate, 'a', 9, 5 * MINUTE)).to.equal(1);
    expect(granted(rate, 'a', 9, 15 * MINUTE)).to.equal(2);
    expect(granted(rate, 'a', 99, 1_000 * MINUTE)).to.equal(25);
  });

  it('takes no token away when the clock goes back', () => {
    const rate = new EventRate();
    granted(rate, 'a', 10, 100 * MINUTE);
    expect(granted(rate, 'a', 99, 0)).to.equal(15);
  });

  it('forgets the object that was quiet for longest beyond 1,000', () => {
    const rate = new EventRate();
    granted(rate, 'first', 25, 0);
    granted(rate, 'second', 25, 0);
    for (let other = 0; other < 998; other++) rate.take(`o${other}`, 'Sync', 0);
    rate.take('first', 'Sync', 0);
    rate.take('one more', 'Sync', 0);
    expect(rate.take('first', 'Sync', 0)).to.equal(false);
    expect(rate.take('second', 'Sync', 0)).to.equal(true);
  });
});
