// One open watch: a queue that is filled by writes and emptied by the reader, with
// no timer between them. What is read last is the end or the error.

import type { WatchEvent } from '../kube/kube-client.ts';

export class WatchStream implements AsyncIterable<WatchEvent> {
  readonly #queue: WatchEvent[] = [];
  #end: { readonly error?: Error } | undefined;
  #wake: (() => void) | undefined;
  readonly #onClose: () => void;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  push(event: WatchEvent): void {
    if (this.#end !== undefined) return;
    this.#queue.push(event);
    this.#wake?.();
  }

  /** What was pushed before is still read. */
  close(error?: Error): void {
    if (this.#end !== undefined) return;
    this.#end = error === undefined ? {} : { error };
    this.#onClose();
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchEvent> {
    try {
      for (;;) {
        const event = this.#queue.shift();
        if (event !== undefined) yield event;
        else if (this.#end === undefined) await new Promise<void>(resolve => (this.#wake = resolve));
        else if (this.#end.error !== undefined) throw this.#end.error;
        else return;
      }
    } finally {
      this.close();
    }
  }
}
