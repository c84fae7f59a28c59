// Standard output for lines that come in bursts: those of one turn of the event loop go out together, for a
// write to a pipe is a system call of its own, and costs more than what it says.

import { Writable } from 'node:stream';

/** What can be written to at once, as standard output can: a pipe or a file, not a network. */
export interface LineTarget {
  write(text: string): unknown;
}

/** `onExit` registers what is to be called when the process ends, however it does: the last line before that must not be lost. */
export function linesTo(target: LineTarget, onExit: (flush: () => void) => void): Writable {
  let held = '';
  const flush = (): void => {
    const text = held;
    held = '';
    if (text !== '') target.write(text);
  };
  onExit(flush);
  return new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      if (held === '') setImmediate(flush);
      held += chunk;
      done();
    },
  });
}
