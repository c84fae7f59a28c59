// kubectl regcred status --watch: follows a roll-out until it is over. A bar on a terminal, lines otherwise.

import { type Clock, systemClock } from '../clock.ts';
import { CREDENTIALS_PATH } from '../controller/paths.ts';
import { slimCredential } from '../controller/slim.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { ApiError, isExpired, isNotFound, TransportError } from '../kube/errors.ts';
import type { KubeClient, KubeObject, WatchEvent } from '../kube/kube-client.ts';
import { sleep } from '../kube/sleep.ts';
import { NO_KIND, namedCredential } from './credential-reader.ts';
import { CommandError, EXIT, type ExitCode } from './failure.ts';
import type { Output } from './output.ts';
import { credentialsText, isBad, readyOf } from './status-text.ts';

/** Milliseconds that an API server may be away, as while it is upgraded, once it was there. */
const LONGEST_AWAY = 60_000;
/** Milliseconds between two watches, or two attempts. */
const PAUSE = 1_000;
/** Seconds after which the server ends a watch; a connection that died without a word is cut a little later. */
const WATCH_SECONDS = 60;

/** Resolves when nothing is on its way any more. */
export async function watchStatus(
  name: string | undefined,
  client: KubeClient,
  output: Output,
  clock: Clock = systemClock,
): Promise<ExitCode> {
  const query = name === undefined ? {} : { fieldSelector: `metadata.name=${name}` };
  const follower = new Follower(output);
  let list = await listed(client, query);
  if (name !== undefined) namedCredential(list.items, name);
  follower.replace(list.items);
  while (!follower.isOver) {
    const { resourceVersion } = list;
    await followed(client, { ...query, resourceVersion, timeoutSeconds: `${WATCH_SECONDS}` }, follower);
    if (follower.isOver) break;
    await sleep(PAUSE, clock);
    list = await listedAgain(client, query, clock);
    follower.replace(list.items);
  }
  return follower.end();
}

/** What was missed. Who was there a moment ago may be back in another. */
async function listedAgain(client: KubeClient, query: Readonly<Record<string, string>>, clock: Clock) {
  for (const began = clock.monotonic(); ; await sleep(PAUSE, clock))
    try {
      return await listed(client, query);
    } catch (error) {
      if (!isPassing(error) || clock.monotonic() - began > LONGEST_AWAY) throw error;
    }
}

/** A connection that was cut, a server that is not up or is asked too much. */
const isPassing = (error: unknown): boolean =>
  error instanceof TransportError ||
  (error instanceof ApiError && (error.code >= 500 || error.code === 429 || isExpired(error)));

/** Until it is over, or the server ends the watch. */
async function followed(
  client: KubeClient,
  query: Readonly<Record<string, string>>,
  follower: Follower,
): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout((WATCH_SECONDS + 15) * 1_000)]);
  try {
    for await (const event of client.watch({ path: CREDENTIALS_PATH, query, signal })) {
      follower.take(event);
      if (follower.isOver) return;
    }
  } catch (error) {
    if (!isPassing(error)) throw error;
  } finally {
    over.abort();
  }
}

async function listed(client: KubeClient, query: Readonly<Record<string, string>>) {
  interface List {
    readonly items: readonly KubeObject[];
    readonly metadata: { readonly resourceVersion: string };
  }
  try {
    const { body } = await client.request<List>({ method: 'GET', path: CREDENTIALS_PATH, query });
    return { items: body.items.map(slimCredential), resourceVersion: body.metadata.resourceVersion };
  } catch (error) {
    if (isNotFound(error)) throw new CommandError(NO_KIND);
    throw error;
  }
}

class Follower {
  readonly #output: Output;
  /** There was one. */
  #had = false;
  #records = new Map<string, CredentialRecord>();
  /** By name, what was said last. */
  readonly #said = new Map<string, string>();

  constructor(output: Output) {
    this.#output = output;
  }

  get isOver(): boolean {
    return [...this.#records.values()].every(isSettled);
  }

  replace(records: readonly CredentialRecord[]): void {
    this.#had ||= records.length > 0;
    this.#records = new Map(records.map(record => [record.name, record]));
    this.#say();
  }

  take(event: WatchEvent): void {
    if (event.type === 'BOOKMARK') return;
    const record = slimCredential(event.object);
    if (event.type === 'DELETED') this.#records.delete(record.name);
    else this.#records.set(record.name, record);
    this.#say();
  }

  end(): ExitCode {
    const records = [...this.#records.values()];
    if (this.#output.isTerminal) {
      this.#output.progress('');
      if (records.length > 0) this.#output.print(credentialsText(records, this.#output));
    }
    if (records.length === 0)
      this.#output.print(`there is no RegistryCredential${this.#had ? ' any more' : ''}`);
    return records.some(isBad) ? EXIT.problem : EXIT.ok;
  }

  #say(): void {
    if (this.#output.isTerminal) this.#output.progress(barOf([...this.#records.values()]));
    else this.#sayLines();
  }

  #sayLines(): void {
    for (const [name, record] of this.#records) {
      const line = lineOf(record);
      if (this.#said.get(name) === line) continue;
      this.#said.set(name, line);
      this.#output.print(line);
    }
  }
}

const isSettled = ({ deleted, generation, status, ...record }: CredentialRecord): boolean =>
  !deleted &&
  status?.observedGeneration === generation &&
  readyOf({ deleted, generation, status, ...record })?.reason !== 'Progressing';

function lineOf(record: CredentialRecord): string {
  const { name, deleted, generation, status } = record;
  const ready = readyOf(record);
  const isOld = status?.observedGeneration !== generation;
  const state = deleted ? 'Deleting' : isOld ? 'Waiting' : `${ready?.status} ${ready?.reason}`;
  const counts = status
    ? `  ${status.namespaces.summary} namespaces  ${status.serviceAccounts.summary} ServiceAccounts`
    : '';
  return `${name}  ${state}${counts}`;
}

const WIDTH = 30;

function barOf(records: readonly CredentialRecord[]): string {
  let [synced, selected] = [0, 0];
  for (const { status } of records) {
    synced += status?.namespaces.synced ?? 0;
    selected += status?.namespaces.selected ?? 0;
  }
  const filled = selected === 0 ? 0 : Math.floor((WIDTH * synced) / selected);
  const waiting = records.filter(record => !isSettled(record)).map(({ name }) => name);
  return `[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${synced}/${selected} namespaces  ${waiting.join(', ').slice(0, 60)}`;
}
