// The body of an answer that ends, with a bound on its size and on its silences.

import type { Readable } from 'node:stream';
import { timeoutError } from './timeout-error.ts';

/** Bytes; no answer of the API server is near: lists are streamed as watches. */
const LARGEST = 16 * 1024 * 1024;

export class TooLongError extends Error {}

/** `silence` in milliseconds, `largest` in bytes. */
export function answerText(answer: Readable, silence: number, largest = LARGEST): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const timer = setTimeout(() => {
      answer.destroy(timeoutError(`the answer stopped for ${silence / 1000} s`));
    }, silence);
    answer.on('data', (chunk: Buffer) => {
      timer.refresh();
      chunks.push(chunk);
      length += chunk.length;
      if (length > largest) answer.destroy(new TooLongError(`the answer is longer than ${largest} bytes`));
    });
    answer.once('end', () => resolve(Buffer.concat(chunks, length).toString('utf8')));
    answer.once('error', reject);
    answer.once('close', () => clearTimeout(timer));
  });
}
