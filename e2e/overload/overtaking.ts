// New namespaces in the middle of a roll-out, and on an idle operator of the same run: how long each
// waited, and how many writes of the roll-out were made meanwhile, by the audit log.

import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditedRequest } from '../api/audit.ts';
import type { OperatorProcess } from '../cluster/operator-process.ts';
import { queued, untilBegun, untilWorkedOff } from './metrics.ts';
import { lengthOf, newcomer, type Wait } from './newcomer.ts';
import type { OwnCluster } from './own-cluster.ts';

export interface RollOut {
  /** Of Secrets of the namespaces that were there before. */
  readonly writes: number;
  /** Milliseconds between the first answer and the last. */
  readonly milliseconds: number;
  /** Those that came and were served between the two. */
  readonly waits: readonly number[];
  /** Writes of the roll-out that were answered during each of the waits. */
  readonly meanwhile: readonly number[];
}

/** Milliseconds between one that is served and the next. */
const PAUSE = 50;

let made = 0;

export class Overtaking {
  readonly #own: OwnCluster;
  readonly #operator: OperatorProcess;
  readonly #label: string;
  readonly #names: ReadonlySet<string>;
  #version = 0;

  /** RegistryCredential 0 selects the namespaces, which have the label and are served. */
  constructor(own: OwnCluster, operator: OperatorProcess, label: string, names: readonly string[]) {
    this.#own = own;
    this.#operator = operator;
    this.#label = label;
    this.#names = new Set(names);
  }

  async idle(count: number): Promise<number[]> {
    const waits: number[] = [];
    while (waits.length < count) waits.push(lengthOf(await this.#one()));
    return waits;
  }

  /** A new login, and new namespaces one after the other for as long as it is rolled out; or none. */
  async rollOut(withNewcomers = true): Promise<RollOut> {
    const mark = await this.#own.mark();
    await this.#own.changeLogin(0, ++this.#version);
    await untilBegun(this.#operator);
    const waits: Wait[] = [];
    while (withNewcomers && (await queued(this.#operator)) > 0) waits.push(await this.#one());
    await untilWorkedOff(this.#operator);
    await this.#own.untilSynced(this.#names.size + made);
    const answered = (await this.#own.writesSince(mark)).filter(write => this.#isOfRollOut(write));
    return rollOutOf(
      answered.map(write => write.answered),
      waits,
    );
  }

  async #one(): Promise<Wait> {
    const wait = await newcomer(this.#own.admin, `newcomer-${++made}`, this.#label);
    await sleep(PAUSE);
    return wait;
  }

  #isOfRollOut({ what }: AuditedRequest): boolean {
    const [, namespace = ''] = /^patch secrets ([^/]+)\/regcred$/.exec(what) ?? [];
    return this.#names.has(namespace);
  }
}

function rollOutOf(answers: readonly number[], waits: readonly Wait[]): RollOut {
  const times = answers.toSorted((a, b) => a - b);
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const during = waits.filter(({ from, to }) => from >= first && to <= last);
  return {
    writes: answers.length,
    milliseconds: last - first,
    waits: during.map(lengthOf),
    meanwhile: during.map(({ from, to }) => answers.filter(time => time >= from && time <= to).length),
  };
}
