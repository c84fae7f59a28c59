// Reads the frames of a watch: JSON objects, one a line. Bytes are split before they
// are decoded, for a chunk of the network may end inside a UTF-8 character.

import { ApiError, TransportError } from './errors.ts';
import type { KubeObject, WatchEvent } from './kube-client.ts';
import { errorOfStatus, type Status } from './status-error.ts';
import { transportFailure } from './transport-failure.ts';

/** Bytes; an object is at most about 1.5 MiB in etcd, and JSON with base64 and managedFields is larger. */
const LONGEST_LINE = 8 * 1024 * 1024;

const NEWLINE = 0x0a;
const TYPES: ReadonlySet<unknown> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);

/**
 * Throws ApiError for an ERROR frame, TransportError for what is no frame and for a stream that broke off. What
 * follows the last newline is dropped: the connection was cut before the line was complete.
 */
export async function* watchEvents(
  open: () => Promise<AsyncIterable<Uint8Array>>,
  what: string,
  longest = LONGEST_LINE,
): AsyncGenerator<WatchEvent, void, undefined> {
  const lines = new Lines(what, longest);
  try {
    // One generator for all of it: each further one that hands an event on costs a list of thousands its share.
    for await (const chunk of await open())
      for (const line of lines.in(chunk)) if (line.trim() !== '') yield watchEvent(line, what);
  } catch (cause) {
    throw cause instanceof ApiError ? cause : transportFailure(what, cause);
  }
}

class Lines {
  readonly #what: string;
  readonly #longest: number;
  #held: Uint8Array[] = [];
  #length = 0;

  constructor(what: string, longest: number) {
    this.#what = what;
    this.#longest = longest;
  }

  /** Those that end in this chunk. */
  *in(bytes: Uint8Array): Generator<string, void, undefined> {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield this.#whole(chunk, start, end);
      start = end + 1;
    }
    this.#hold(chunk.subarray(start));
  }

  #whole(chunk: Buffer, start: number, end: number): string {
    if (this.#held.length === 0) return chunk.toString('utf8', start, end);
    const text = Buffer.concat([...this.#held, chunk.subarray(start, end)]).toString('utf8');
    this.#held = [];
    this.#length = 0;
    return text;
  }

  #hold(rest: Uint8Array): void {
    this.#length += rest.length;
    if (this.#length > this.#longest)
      throw new TransportError(`could not ${this.#what}: a line of more than ${this.#longest} bytes`);
    if (rest.length > 0) this.#held.push(rest);
  }
}

function watchEvent(line: string, what: string): WatchEvent {
  const frame = parse(line);
  if (frame?.type === 'ERROR') throw errorOfStatus((frame.object ?? {}) as Status, what);
  if (
    !TYPES.has(frame?.type) ||
    typeof frame?.object?.metadata !== 'object' ||
    frame.object.metadata === null
  ) {
    // The line itself stays out of the message: it can be a Secret.
    throw new TransportError(`could not ${what}: the server sent a line that is no watch event`);
  }
  return { type: frame.type as WatchEvent['type'], object: frame.object as KubeObject };
}

function parse(line: string): { type?: unknown; object?: Partial<KubeObject> | null } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
