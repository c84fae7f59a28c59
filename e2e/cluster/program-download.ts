// Fetches one program over https and believes it only when it has the sha256 that its project publishes
// beside it. Proxies are taken from the environment, as Go, Docker and kind take them.

import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Dispatcher, EnvHttpProxyAgent, fetch, type Response } from 'undici';

export interface Download {
  readonly url: string;
  /** The address of its sha256, alone or as `sha256sum` prints it. */
  readonly checksumUrl: string;
}

export interface Course {
  readonly progress: (line: string) => void;
  /** Milliseconds without a single byte after which nothing is expected any more. */
  readonly patience?: number;
}

/** Milliseconds between two signs of life. */
const SIGN_OF_LIFE = 5_000;
const PATIENCE = 30_000;

/** Writes `target`, executable. It may be left there in pieces when this throws: give a folder that goes. */
export async function download(
  { url, checksumUrl }: Download,
  target: string,
  { progress, patience = PATIENCE }: Course,
): Promise<void> {
  let dispatcher: Dispatcher | undefined;
  try {
    dispatcher = dispatcherFor(patience);
    const expected = checksumIn(await get(checksumUrl, dispatcher), checksumUrl);
    const response = await open(url, dispatcher);
    const found = await save(response, target, progress);
    if (found !== expected) throw new Error(`its sha256 is ${found}, and ${checksumUrl} says ${expected}`);
  } catch (error) {
    throw new Error(`could not download ${url}: ${reasonOf(error)}`, { cause: error });
  } finally {
    await dispatcher?.destroy();
  }
}

function dispatcherFor(patience: number): Dispatcher {
  const { no_proxy: lower, NO_PROXY: upper } = process.env;
  return new EnvHttpProxyAgent({
    connect: { timeout: patience },
    headersTimeout: patience,
    bodyTimeout: patience,
    // As in Go: what is on this machine is never asked through a proxy.
    noProxy: ['127.0.0.1', 'localhost', '::1', lower ?? upper ?? ''].join(','),
  });
}

async function open(url: string, dispatcher: Dispatcher): Promise<Response> {
  const response = await fetch(url, { dispatcher });
  if (!response.ok) throw new Error(`${url} answered HTTP ${response.status}`);
  if (!isAsSafe(url, response.url)) throw new Error('it leads from https to an address without https');
  return response;
}

/** Both projects redirect to where their files are. */
export const isAsSafe = (asked: string, answered: string): boolean =>
  !asked.startsWith('https:') || answered.startsWith('https:');

const get = async (url: string, dispatcher: Dispatcher) => (await open(url, dispatcher)).text();

function checksumIn(text: string, url: string): string {
  const [checksum] = /^[0-9a-f]{64}\b/i.exec(text.trim()) ?? [];
  // A login page of a hotel's network, for instance.
  if (checksum === undefined) throw new Error(`what ${url} answered is no sha256`);
  return checksum.toLowerCase();
}

/** @returns the sha256 of what was written. */
async function save(response: Response, target: string, progress: Course['progress']): Promise<string> {
  if (response.body === null) throw new Error('the answer is empty');
  const hash = createHash('sha256');
  const total = Number(response.headers.get('content-length'));
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const sign = () => progress(`  … ${megabytes(bytes)}${total > 0 ? ` of ${megabytes(total)}` : ''} MB`);
  const signs = setInterval(sign, SIGN_OF_LIFE);
  try {
    await pipeline(response.body, count, createWriteStream(target, { flags: 'wx', mode: 0o755 }));
  } finally {
    clearInterval(signs);
  }
  return hash.digest('hex');
}

const megabytes = (bytes: number) => Math.round(bytes / 1e6);

/** fetch says "fetch failed"; what failed is the cause of its cause. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
