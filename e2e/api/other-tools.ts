// Tools of others that write ServiceAccounts with a list of their own, run as people run them, and a film
// of what became of the ServiceAccount: every state of it, with the time at which a watch showed it.

import { expect } from 'chai';
import { FIELD_MANAGER, PULL_SECRETS_ANNOTATION } from '../../src/api/names.ts';
import { type AnyObject, follow } from './admin.ts';
import { eventually } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { ownsList } from './scenario.ts';

export const ACCOUNT = 'app';

export const manifest = (namespace: string, list: readonly string[], name = ACCOUNT) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace },
  imagePullSecrets: list.map(entry => ({ name: entry })),
});

/** Rejects with what it said when its exit code is not 0. */
export type Tool = (object: object) => Promise<string>;

const serverSide = ['apply', '--server-side', '-f', '-'];

export const TOOLS: Record<string, Tool> = {
  'kubectl apply': object => kubectl(['apply', '-f', '-'], object),
  'a server-side apply without force, as of Helm 4,': object =>
    kubectl([...serverSide, '--field-manager=helm'], object),
  'a server-side apply with force, as of Flux,': object =>
    kubectl([...serverSide, '--field-manager=kustomize-controller', '--force-conflicts'], object),
  'kubectl replace': object =>
    kubectl(['replace', '-f', '-'], object).catch((error: Error) => {
      // As with all of them, the first time makes it.
      if (/NotFound/.test(error.message)) return kubectl(['create', '-f', '-'], object);
      throw error;
    }),
};

export interface Frame {
  /** Milliseconds, of a clock that only goes on. */
  readonly at: number;
  readonly list: readonly string[];
  /** Of the list, as "manager/operation". */
  readonly owners: readonly string[];
  readonly annotation: string | undefined;
  /** Nothing of us but the annotation. */
  readonly isHandedBack: boolean;
  /** Nothing of us at all. */
  readonly isWithoutUs: boolean;
}

export class Film {
  readonly frames: Frame[] = [];
  readonly #abort = new AbortController();

  constructor(namespace: string, name = ACCOUNT) {
    const collection = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    void (async () => {
      for await (const object of follow(collection, name, this.#abort.signal))
        this.frames.push(frameOf(object));
    })();
  }

  get last(): Frame | undefined {
    return this.frames.at(-1);
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Resolves with the last frame once that is so. */
  until(what: string, check: (frame: Frame) => void): Promise<Frame> {
    return eventually(what, async () => {
      const { last } = this;
      if (last === undefined) throw new Error('there is no such ServiceAccount yet');
      check(last);
      return last;
    });
  }

  /** Of each time that our entry was missing: milliseconds until it was back. Not what is missing now. */
  absences(from: number): number[] {
    return this.#lengths(from, ({ list }) => !list.includes('regcred'));
  }

  /** Of each time that the list was ours, or untracked with our entry: milliseconds until it was handed back. */
  holds(): number[] {
    return this.#lengths(0, ({ annotation, isHandedBack }) => annotation !== undefined && !isHandedBack);
  }

  #lengths(from: number, holds: (frame: Frame) => boolean): number[] {
    const lengths: number[] = [];
    let since: number | undefined;
    for (const frame of this.frames.slice(from)) {
      if (holds(frame)) since ??= frame.at;
      else if (since !== undefined) {
        lengths.push(frame.at - since);
        since = undefined;
      }
    }
    return lengths;
  }
}

function frameOf({ metadata, imagePullSecrets = [] }: AnyObject): Frame {
  const entries = metadata.managedFields ?? [];
  const ours = entries.filter(({ manager }) => manager === FIELD_MANAGER);
  const annotation = metadata.annotations?.[PULL_SECRETS_ANNOTATION];
  return {
    at: performance.now(),
    list: imagePullSecrets.map(({ name }: { name: string }) => name),
    owners: entries.filter(ownsList).map(({ manager, operation }) => `${manager}/${operation}`),
    annotation,
    isHandedBack: entries.length > 0 && !ours.some(ownsList),
    isWithoutUs: ours.length === 0 && annotation === undefined,
  };
}

/** Milliseconds. What is awaited is a tenth of it. */
const A_MOMENT = 1_000;
/** Milliseconds for one of several, where everybody waits for a processor. Where it is taken for a fight it takes 30 s. */
const ON_A_BUSY_MACHINE = 5_000;

/** @param absences more than two, as of Film */
export function expectMoments(absences: readonly number[]): void {
  const sorted = absences.toSorted((a, b) => a - b);
  expect(sorted.length, 'times that our entry was away').to.be.greaterThan(2);
  expect(sorted[sorted.length >> 1], 'milliseconds as a rule').to.be.lessThan(A_MOMENT);
  expect(sorted.at(-1), 'milliseconds at most').to.be.lessThan(ON_A_BUSY_MACHINE);
}

/** Milliseconds. "p50 4, max 9 of 12" */
export function summary(samples: readonly number[]): string {
  const sorted = [...samples].sort((a, b) => a - b);
  const p50 = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return `p50 ${p50.toFixed(0)} ms, longest ${(sorted.at(-1) ?? Number.NaN).toFixed(0)} ms, of ${sorted.length}`;
}
