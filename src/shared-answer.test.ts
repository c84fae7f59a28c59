// How many renderings there are, when, and whose they are.

import { expect } from 'chai';
import { type Pace, sharedAnswer } from './shared-answer.ts';
import { FakeClock, settle } from './testing/fake-clock.ts';

describe('an answer that is shared', () => {
  let clock: FakeClock;
  let pace: Pace;
  /** When each rendering began and ended. */
  let began: number[];
  let ended: number[];
  let milliseconds: number;
  let ask: () => Promise<string>;

  const sleep = (time: number) => new Promise<void>(resolve => clock.setTimeout(resolve, time));

  beforeEach(() => {
    clock = new FakeClock();
    pace = { monotonic: () => clock.monotonic(), sleep };
    [began, ended, milliseconds] = [[], [], 100];
    ask = sharedAnswer(async () => {
      const which = `answer ${began.push(clock.monotonic())}`;
      await sleep(milliseconds);
      ended.push(clock.monotonic());
      return which;
    }, pace);
  });

  it('is rendered at once, and once, for all who ask together', async () => {
    const answers = Promise.all([ask(), ask(), ask()]);
    await clock.advance(100);
    expect(await answers).to.deep.equal(['answer 1', 'answer 1', 'answer 1']);
    expect(began).to.deep.equal([0]);
  });

  it('is never one whose rendering began before it was asked for', async () => {
    const first = ask();
    await clock.advance(50);
    const others = Promise.all([ask(), ask()]);
    await clock.advance(2_000);
    expect(await first).to.equal('answer 1');
    expect(await others).to.deep.equal(['answer 2', 'answer 2']);
    expect(began).to.have.length(2);
  });

  it('takes no more than a fifth of the time, however many ask', async () => {
    let isOver = false;
    const asker = async (): Promise<void> => {
      while (!isOver) await ask();
    };
    const all = Promise.all(Array.from({ length: 50 }, asker));
    await clock.advance(10_000);
    isOver = true;
    await clock.advance(1_000);
    await all;
    expect(began.slice(0, 4)).to.deep.equal([0, 500, 1_000, 1_500]);
    expect(began.length).to.be.within(20, 22);
  });

  it('has a rest of 50 ms after one that took none, and of two seconds at most', async () => {
    const [shortest, longest] = [50, 2_000];
    milliseconds = 1;
    const two = [ask()];
    await clock.advance(1);
    two.push(ask());
    await clock.advance(shortest + 1);
    expect(began).to.deep.equal([0, 1 + shortest]);
    await Promise.all(two);
    milliseconds = 5_000;
    await clock.advance(shortest);
    const more = [ask()];
    await clock.advance(milliseconds);
    more.push(ask());
    await clock.advance(longest + milliseconds);
    expect((began[3] ?? 0) - (ended[2] ?? 0)).to.equal(longest);
    await Promise.all(more);
  });

  it('that fails fails for those who asked, and not for those who ask after', async () => {
    let fails = true;
    const answer = sharedAnswer(() => {
      if (fails) throw new Error('not now');
      return 'well';
    }, pace);
    const failed = await Promise.allSettled([answer(), answer()]);
    expect(failed.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    fails = false;
    const next = answer();
    await settle();
    await clock.advance(50);
    expect(await next).to.equal('well');
  });
});
