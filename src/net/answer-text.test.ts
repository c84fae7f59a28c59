import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { failureOf } from '../testing/client-rig.ts';
import { answerText } from './answer-text.ts';

describe('the text of an answer', () => {
  it('is put together from bytes, however they are cut', async () => {
    const answer = new PassThrough();
    const text = answerText(answer, 1000);
    const bytes = Buffer.from('"Grüße"');
    answer.write(bytes.subarray(0, 4));
    answer.end(bytes.subarray(4));
    expect(await text).to.equal('"Grüße"');
  });

  it('may take longer than one silence', async () => {
    const answer = new PassThrough();
    const text = answerText(answer, 100);
    for (const part of ['a', 'b', 'c']) {
      await delay(60);
      answer.write(part);
    }
    answer.end();
    expect(await text).to.equal('abc');
  });

  it('is given up after one silence', async () => {
    const text = failureOf(answerText(new PassThrough(), 100));
    expect((await text).message).to.equal('the answer stopped for 0.1 s');
  });

  it('is given up when it has no end', async () => {
    const answer = new PassThrough({ highWaterMark: 32 * 1024 * 1024 });
    const text = failureOf(answerText(answer, 1000));
    answer.write(Buffer.alloc(16 * 1024 * 1024));
    answer.write('x');
    expect((await text).message).to.equal('the answer is longer than 16777216 bytes');
  });
});
