// For the tests of the reflector: one that follows scripted watches by a clock of the test's own,
// with all that it tells the sink, the log and its owner written down.

import { Reflector } from '../kube/reflector.ts';
import type { Problem } from '../kube/reflector-problem.ts';
import type { LogFields } from '../log.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { ScriptedClient } from './scripted-watches.ts';

export class ReflectorRig {
  readonly client = new ScriptedClient();
  readonly clock = new FakeClock();
  readonly sink: string[] = [];
  readonly problems: (Problem | undefined)[] = [];
  readonly logged: (LogFields | undefined)[] = [];
  readonly messages: string[] = [];
  /** The record, or the resourceVersion of a bookmark, that the sink throws at. */
  mistake: string | undefined;
  readonly reflector: Reflector<string>;
  synced = 0;
  failures = 0;

  /** `endsDeadWatches` is of the client, and can change. */
  constructor(endsDeadWatches = false) {
    this.client.endsDeadWatches = endsDeadWatches;
    const note = (message: string, fields?: LogFields): void => {
      this.messages.push(message);
      this.logged.push(fields);
    };
    this.reflector = new Reflector({
      name: 'namespaces',
      client: this.client,
      path: '/api/v1/namespaces',
      query: { fieldSelector: 'x' },
      transform: object => {
        if (object.metadata.name === 'bad') throw new SyntaxError('hunter2 is not JSON');
        return object.metadata.name === 'skipped' ? undefined : object.metadata.name;
      },
      sink: {
        replace: (records, version) => this.#told(`replace ${records.join(',')} ${version}`, records),
        upsert: record => this.#told(`upsert ${record}`, [record]),
        remove: record => this.#told(`remove ${record}`, [record]),
        bookmark: version => this.#told(`bookmark ${version}`, [version]),
      },
      clock: this.clock,
      random: () => 0.5,
      log: { debug: note, info: note, warn: note, error: note },
      onProblem: problem => this.problems.push(problem),
      onSynced: () => this.synced++,
      onFailure: () => this.failures++,
    });
    this.reflector.start();
  }

  #told(line: string, about: readonly string[]): void {
    if (this.mistake !== undefined && about.includes(this.mistake)) throw new TypeError('a mistake of ours');
    this.sink.push(line);
  }

  /** Lets the first list come: a and b at resourceVersion 9. */
  async list(): Promise<void> {
    this.client.last.open().send('ADDED', 'a', '3').send('ADDED', 'b', '2').listed('9');
    await settle();
  }
}
