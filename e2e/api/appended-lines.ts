// The whole lines of a file that another process is writing: where we begin to read and where
// we stop, it may be in the middle of one.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

const NEWLINE = '\n';

/** The lines that began at or after the byte `mark` and have their end. Rejects where the file was begun anew since. */
export async function appendedLines(file: string, mark: number): Promise<string[]> {
  const { size } = await stat(file);
  // Nothing would be read of it, and whoever counts what was written would count none.
  if (size < mark)
    throw new Error(`could not read ${file} from byte ${mark}: it was begun anew, and has ${size}`);
  // One byte sooner: it tells whether a line began at the mark, or before it.
  const bytes = await buffer(createReadStream(file, { start: Math.max(0, mark - 1) }));
  const start = mark === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
  const end = bytes.lastIndexOf(NEWLINE);
  // Cut first, decoded after: the last character may be half written too.
  return end < start ? [] : bytes.subarray(start, end).toString('utf8').split(NEWLINE);
}
