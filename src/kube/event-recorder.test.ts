// Which Events are in the cluster after what was reported, and that reporting never hurts.

import { expect } from 'chai';
import type { LogFields } from '../log.ts';
import { aNamespace } from '../testing/builders.ts';
import { FakeApiServer } from '../testing/fake-api-server.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { seeded } from '../testing/random.ts';
import { ApiError, TransportError } from './errors.ts';
import type { EventDraft } from './event-object.ts';
import { EventRecorder, type EventRecorderOptions } from './event-recorder.ts';
import type { KubeClient } from './kube-client.ts';

const MINUTE = 60_000;

const failing = (note = 'could not read Secret login', uid = 'u-1'): EventDraft => ({
  object: { name: 'team', uid },
  type: 'Warning',
  reason: 'SourceFailed',
  action: 'Fetch',
  note,
});

/** Never answers, and gives up when told to. */
const silent: KubeClient = {
  request: ({ signal }) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new TransportError('aborted')));
    }),
  watch: () => {
    throw new Error('events are not watched');
  },
};

describe('an event recorder', () => {
  let clock: FakeClock;
  let server: FakeApiServer;
  let recorder: EventRecorder;
  let log: string[];

  beforeEach(() => {
    clock = new FakeClock();
    server = new FakeApiServer({ now: () => clock.now() });
    server.given(aNamespace('default'));
    log = [];
    recorder = recorderWith({});
  });

  const recorderWith = (options: Partial<EventRecorderOptions>): EventRecorder => {
    const note = (level: string) => (message: string, fields?: LogFields) =>
      void log.push(`${level} ${message} ${JSON.stringify(fields)}`);
    return new EventRecorder({
      client: server.client(),
      regarding: { apiVersion: 'regcred.dev/v1alpha1', kind: 'RegistryCredential' },
      reportingController: 'regcred.dev/operator',
      reportingInstance: 'regcred-0',
      redact: text => text.replaceAll('hunter2', '***'),
      clock,
      random: seeded(1),
      log: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
      ...options,
    });
  };

  afterEach(async () => {
    await recorder.stop();
    expect(clock.pending).to.equal(0);
  });

  const events = () => server.list('events', 'default');
  const writes = () => server.writes.map(({ method }) => method);

  it('writes what happened, about the object, without the credential', async () => {
    recorder.event(failing('hunter2 was refused'));
    expect(writes(), 'before the caller goes on').to.deep.equal([]);
    await settle();
    const [event] = events();
    expect(event?.note).to.equal('*** was refused');
    expect(event?.regarding).to.include({ kind: 'RegistryCredential', name: 'team', uid: 'u-1' });
    expect(event?.eventTime).to.equal('2026-01-01T00:00:00.000000Z');
    expect(event).not.to.have.property('series');
  });

  it('counts what happens again: the second time at once, further ones once in six minutes', async () => {
    for (let minute = 0; minute < 20; minute++) {
      recorder.event(failing());
      await clock.advance(MINUTE);
    }
    expect(writes()).to.deep.equal(['POST', 'PATCH', 'PATCH', 'PATCH', 'PATCH']);
    await clock.advance(8 * MINUTE);
    expect(events()).to.have.length(1);
    expect(events()[0]?.series).to.deep.equal({ count: 20, lastObservedTime: '2026-01-01T00:19:00.000000Z' });
    expect(clock.pending, 'timers once all is over').to.equal(0);
  });

  it('begins a new Event when it was quiet for a while', async () => {
    recorder.event(failing());
    await clock.advance(8 * MINUTE);
    recorder.event(failing());
    await settle();
    expect(events().map(({ series }) => series)).to.deep.equal([undefined, undefined]);
    expect(writes()).to.deep.equal(['POST', 'POST']);
  });

  it('writes one Event for what happened twice before it could be written', async () => {
    for (let time = 0; time < 7; time++) recorder.event(failing());
    await settle();
    expect(writes()).to.deep.equal(['POST']);
    expect(events()[0]?.series?.count).to.equal(7);
  });

  it('makes an Event again that is gone, with its count', async () => {
    recorder.event(failing());
    await settle();
    server.delete('events', 'default', events()[0]?.metadata.name ?? '');
    recorder.event(failing());
    await settle();
    expect(writes()).to.deep.equal(['POST', 'PATCH', 'POST']);
    expect(events()[0]?.series?.count).to.equal(2);
  });

  it('takes an Event that is there already for written', async () => {
    let tries = 0;
    server.after = ({ method }) => {
      if (method === 'POST' && ++tries === 1) throw new ApiError(409, 'AlreadyExists', 'it exists');
    };
    recorder.event(failing());
    await settle();
    recorder.event(failing());
    await settle();
    expect(events().map(({ series }) => series?.count)).to.deep.equal([2]);
    expect(log).to.deep.equal([]);
  });

  it('writes 25 about one object, one more every five minutes, and all about another', async () => {
    for (let number = 0; number < 60; number++) recorder.event(failing(`number ${number}`));
    recorder.event(failing('of another', 'u-2'));
    await settle();
    expect(events()).to.have.length(26);
    expect(log.filter(line => line.includes('too many about this object'))).to.have.length(35);
    await clock.advance(5 * MINUTE);
    for (let number = 0; number < 60; number++) recorder.event(failing(`later ${number}`));
    await settle();
    expect(events()).to.have.length(27);
  });

  it('remembers a thousand at most when nothing can be written', async () => {
    recorder = recorderWith({ client: silent });
    for (let number = 0; number < 3_000; number++) recorder.event(failing('', `u-${number}`));
    await settle();
    expect(log.filter(line => line.includes('too many at once'))).to.have.length(2_000);
    const stopped = recorder.stop();
    await clock.advance(1_000);
    await stopped;
    expect(log.at(-1)).to.include('debug stopped with events unwritten');
  });

  it('goes on after a failure, logs the first of a row, and never throws', async () => {
    let refused = 3;
    server.before = () => {
      if (refused-- > 0) throw new TransportError('could not POST: connection refused');
    };
    for (let number = 0; number < 4; number++) recorder.event(failing(`number ${number}`));
    await settle();
    expect(log.map(line => line.split(' ')[0])).to.deep.equal(['warn', 'debug', 'debug']);
    expect(events().map(({ note }) => note)).to.deep.equal(['number 3']);
    recorder.event(failing('number 0'));
    await settle();
    expect(events()).to.have.length(2);
  });

  it('tries again with the next repetition of what could not be written', async () => {
    let refused = 3;
    server.before = () => {
      if (refused-- > 0) throw new TransportError('could not POST: connection refused');
    };
    for (let time = 0; time < 4; time++) {
      recorder.event(failing());
      await settle();
    }
    expect(events()).to.have.length(1);
  });

  it('survives a mask that fails, and writes nothing then', async () => {
    recorder = recorderWith({
      redact: () => {
        throw new Error('out of order');
      },
    });
    recorder.event(failing('hunter2'));
    await settle();
    expect(log).to.deep.equal(['warn could not record an event {"object":"team","error":{}}']);
    expect(events()).to.deep.equal([]);
  });

  it('does not write again what is under way when it stops', async () => {
    let answer = (): void => undefined;
    server.after = () => new Promise<void>(resolve => (answer = resolve));
    recorder.event(failing());
    await settle();
    const stopped = recorder.stop();
    answer();
    await stopped;
    expect(writes()).to.deep.equal(['POST']);
  });

  it('writes the last counts when it stops, and nothing after', async () => {
    for (let time = 0; time < 3; time++) {
      recorder.event(failing());
      await settle();
    }
    recorder.event(failing('the last'));
    await recorder.stop();
    recorder.event(failing('too late'));
    await settle();
    expect(events().map(({ note, series }) => `${note} ${series?.count}`)).to.have.members([
      'could not read Secret login 3',
      'the last undefined',
    ]);
  });
});
