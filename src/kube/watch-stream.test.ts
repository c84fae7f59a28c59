// The frames of a watch, cut where a network cuts them.

import { expect } from 'chai';
import { ApiError, TransportError } from './errors.ts';
import type { WatchEvent } from './kube-client.ts';
import { watchEvents } from './watch-stream.ts';

const frame = (type: string, name: string): string =>
  JSON.stringify({ type, object: { metadata: { name } } });

async function* chunked(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size = 7, longest?: number): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  for await (const event of watchEvents(async () => chunked(Buffer.from(text), size), 'watch /x', longest))
    events.push(event);
  return events;
}

const failure = (text: string, longest?: number): Promise<unknown> =>
  read(text, 7, longest).catch((error: unknown) => error);

describe('the stream of a watch', () => {
  it('is read alike however its bytes are cut, in the middle of a character too', async () => {
    const text = `${frame('ADDED', 'größe-€-😀')}\n${frame('BOOKMARK', 'b')}\n`;
    for (const size of [1, 2, 3, 5, 64, 4096]) {
      const names = (await read(text, size)).map(event => event.object.metadata.name);
      expect(names, `chunks of ${size} bytes`).to.deep.equal(['größe-€-😀', 'b']);
    }
  });

  it('has no event for a line that the end of the connection cut', async () => {
    expect(await read(`${frame('ADDED', 'a')}\n${frame('DELETED', 'b')}`)).to.have.length(1);
  });

  it('ends with the ApiError of an ERROR frame', async () => {
    const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
    const error = await failure(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
    expect(error).to.be.instanceOf(ApiError).and.include({ code: 410, reason: 'Expired' });
  });

  for (const line of [
    'secret-word {',
    '{"type":"secret-word"}',
    '[]',
    '7',
    '{"type":"ADDED","object":null}',
  ]) {
    it(`refuses the line ${line} without quoting it`, async () => {
      const error = await failure(`${line}\n`);
      expect(error).to.be.instanceOf(TransportError);
      expect((error as Error).message)
        .to.contain('no watch event')
        .and.not.contain('secret-word');
      expect((error as Error).cause).to.equal(undefined);
    });
  }

  it('does not collect a line without end', async () => {
    expect(await failure(frame('ADDED', 'x'.repeat(2000)), 1000)).to.be.instanceOf(TransportError);
  });
});
