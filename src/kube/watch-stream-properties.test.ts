// The frames of a watch as a network may deliver them, and what a server may send that is no frame.

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { anyJson, anyText } from '../testing/arbitrary-text.ts';
import { FUZZ_TIMEOUT, holdsInTime } from '../testing/fuzzing.ts';
import { MARK, showsMark } from '../testing/mark.ts';
import { changedPrototypes } from '../testing/prototypes.ts';
import { ApiError, TransportError } from './errors.ts';
import type { WatchEvent } from './kube-client.ts';
import { watchEvents } from './watch-stream.ts';

const frame = fc
  .tuple(fc.constantFrom('ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'), anyText, anyJson)
  .map(([type, name, spec]) => ({ type, object: { metadata: { name: name.toWellFormed() }, spec } }));

/** At the places given, which may be the same, the end or the beginning. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map(place => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

async function* each(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function read(chunks: readonly Uint8Array[]): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  for await (const event of watchEvents(async () => each(chunks), 'watch things')) events.push(event);
  return events;
}

const places = fc.array(fc.nat(), { maxLength: 12 });

describe('a watch', function () {
  this.timeout(FUZZ_TIMEOUT);

  it('gives the same events, wherever the network cuts it and however it glues it', () =>
    holdsInTime(
      fc.tuple(fc.array(frame, { maxLength: 5 }), places, fc.constantFrom('\n', '\r\n', '\n\n', '\n \n')),
      2_000,
      async ([frames, cuts, end]) => {
        const bytes = Buffer.from(frames.map(one => JSON.stringify(one) + end).join(''));
        expect(await read(cut(bytes, cuts))).to.deep.equal(JSON.parse(JSON.stringify(frames)));
      },
    ));

  it('gives the same events when every byte comes alone', () =>
    holdsInTime(fc.array(frame, { maxLength: 3 }), 300, async frames => {
      const bytes = Buffer.from(frames.map(one => `${JSON.stringify(one)}\n`).join(''));
      expect(await read([...bytes].map(byte => Uint8Array.of(byte)))).to.deep.equal(
        JSON.parse(JSON.stringify(frames)),
      );
    }));

  it('gives what was whole, and drops what was cut off at the end', () =>
    holdsInTime(
      fc.tuple(fc.array(frame, { minLength: 1, maxLength: 3 }), fc.nat(), places),
      1_000,
      async ([frames, length, cuts]) => {
        const lines = frames.map(one => Buffer.from(`${JSON.stringify(one)}\n`));
        const bytes = Buffer.concat(lines).subarray(0, length % Buffer.concat(lines).length);
        const whole = bytes.filter(byte => byte === 0x0a).length;
        expect(await read(cut(bytes, cuts))).to.deep.equal(
          JSON.parse(JSON.stringify(frames.slice(0, whole))),
        );
      },
    ));

  it('fails as a request fails, whatever the server sends, and quotes nothing of it', () =>
    holdsInTime(
      fc.tuple(
        fc.oneof(
          anyText,
          anyJson.map(value => JSON.stringify(value)),
          fc
            .tuple(fc.constantFrom('ERROR', 'ADDED', '__proto__', 5), anyJson)
            .map(([type, object]) => JSON.stringify({ type, object })),
          fc.uint8Array({ maxLength: 30 }).map(bytes => Buffer.from(bytes).toString('latin1')),
        ),
        places,
      ),
      3_000,
      async ([line, cuts]) => {
        const sent = `${line}\n{"data":"${MARK}"}\n`;
        const failure = await read(cut(Buffer.from(sent), cuts)).catch((error: unknown) => error);
        if (!(failure instanceof ApiError)) expect(failure).to.be.instanceOf(TransportError);
        expect(showsMark((failure as Error).message)).to.equal(false);
        expect(changedPrototypes()).to.deep.equal([]);
      },
    ));
});
