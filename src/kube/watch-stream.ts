// Reads the frames of a watch: JSON objects, one a line. Bytes are split before they
// are decoded, for a chunk of the network may end inside a UTF-8 character.

import { TransportError } from './errors.ts';
import type { KubeObject, WatchEvent } from './kube-client.ts';
import { errorOfStatus, type Status } from './status-error.ts';

/** Bytes; an object is at most about 1.5 MiB in etcd, and JSON with base64 and managedFields is larger. */
const LONGEST_LINE = 8 * 1024 * 1024;

const NEWLINE = 0x0a;
const TYPES: ReadonlySet<unknown> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);

/** Throws ApiError for an ERROR frame, TransportError for what is no frame. */
export async function* watchEvents(
  chunks: AsyncIterable<Uint8Array>,
  what: string,
  longest = LONGEST_LINE,
): AsyncGenerator<WatchEvent, void, undefined> {
  for await (const line of lines(chunks, what, longest)) {
    if (line.trim() !== '') yield watchEvent(line, what);
  }
}

/** What follows the last newline is dropped: the connection was cut before the line was complete. */
async function* lines(chunks: AsyncIterable<Uint8Array>, what: string, longest: number) {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield decode([...held, chunk.subarray(start, end)]);
      held = [];
      length = 0;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    length += rest.length;
    if (length > longest) throw new TransportError(`could not ${what}: a line of more than ${longest} bytes`);
    if (rest.length > 0) held.push(rest);
  }
}

function decode(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('utf8');
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
