// The whole lines of a file that another process is writing: where we begin to read and where
// we stop, it may be in the middle of one.

import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';

const NEWLINE = '\n';

/** The lines that began at or after the byte `mark` and have their end. */
export async function appendedLines(file: string, mark: number): Promise<string[]> {
  // One byte sooner: it tells whether a line began at the mark, or before it.
  const bytes = await buffer(createReadStream(file, { start: Math.max(0, mark - 1) }));
  const start = mark === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
  const end = bytes.lastIndexOf(NEWLINE);
  // Cut first, decoded after: the last character may be half written too.
  return end < start ? [] : bytes.subarray(start, end).toString('utf8').split(NEWLINE);
}
