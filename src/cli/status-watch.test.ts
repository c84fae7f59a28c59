// A roll-out that is followed while the API server comes and goes.

import { Writable } from 'node:stream';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ApiError, TransportError } from '../kube/errors.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { aRecord } from '../testing/pulls.ts';
import { createOutput } from './output.ts';
import { watchStatus } from './status-watch.ts';

const CUT = new TransportError('could not watch: aborted (ECONNRESET)');
const AWAY = new TransportError('could not GET: ECONNREFUSED');
const STARTING = new ApiError(503, 'ServiceUnavailable', 'not yet');

function list(reason: 'Progressing' | 'Synced'): object {
  const { name, uid, spec } = aRecord('team', 'r.example');
  const status = {
    observedGeneration: 1,
    conditions: [{ type: 'Ready', status: reason === 'Synced' ? 'True' : 'False', reason, message: '' }],
    namespaces: { selected: 1, synced: 0, summary: reason },
    serviceAccounts: { summary: '' },
  };
  const metadata = { name, uid, resourceVersion: '1', generation: 1 };
  return { items: [{ metadata, spec, status }], metadata: { resourceVersion: '1' } };
}

/** The last answer is given for ever; every watch is cut at once. */
function follow(...answers: readonly (object | Error)[]) {
  const clock = new FakeClock(0);
  const left = [...answers];
  const asked = { lists: 0, watches: 0 };
  const client: KubeClient = {
    request: async <T>() => {
      asked.lists++;
      const body = left.length > 1 ? left.shift() : left[0];
      if (body instanceof Error) throw body;
      return { status: 200, body: body as T };
    },
    // biome-ignore lint/correctness/useYield: it is cut before anything happens
    watch: async function* () {
      asked.watches++;
      throw CUT;
    },
  };
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = createOutput({ stdout: nowhere, stderr: nowhere, environment: {} }, undefined);
  const ended = watchStatus('team', client, output, clock).catch((error: Error) => error);
  return { clock, asked, ended };
}

describe('status --watch, as the API server goes away', () => {
  it('goes on where the watch was cut', async () => {
    const { clock, ended, asked } = follow(list('Progressing'), list('Progressing'), list('Synced'));
    await clock.runAll();
    expect(await ended).to.equal(0);
    expect(asked).to.deep.equal({ lists: 3, watches: 2 });
  });

  it('waits for one that is away for a while', async () => {
    const { clock, ended } = follow(list('Progressing'), AWAY, AWAY, STARTING, list('Synced'));
    await clock.runAll();
    expect(await ended).to.equal(0);
  });

  it('gives up after a minute, and says why', async () => {
    const { clock, ended } = follow(list('Progressing'), AWAY);
    await clock.runAll(100);
    expect(clock.monotonic()).to.be.within(60_000, 65_000);
    expect(await ended).to.equal(AWAY);
  });

  it('does not wait for one that was never there, nor for one that forbids it', async () => {
    const { ended, asked } = follow(AWAY);
    expect(await ended).to.equal(AWAY);
    expect(asked).to.deep.equal({ lists: 1, watches: 0 });
    const forbidden = new ApiError(403, 'Forbidden', 'no');
    const other = follow(list('Progressing'), forbidden);
    await other.clock.runAll();
    expect(await other.ended).to.equal(forbidden);
  });
});
