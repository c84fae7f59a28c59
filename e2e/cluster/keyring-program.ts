// The kubelet's own look-up of logins as a program: e2e/tools/keyring, built once by Go, then kept.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { make } from './fetched-program.ts';
import { buildProgram } from './go-build.ts';
import { findGo, GO_ENVIRONMENT } from './go-toolchain.ts';
import { cacheHome, isProgram } from './program-files.ts';
import { outputOf } from './program-output.ts';
import { TOOLS } from './programs.ts';

export interface KeyringRequest {
  /** The text of `.dockerconfigjson`. */
  readonly config: string;
  /** Those of further Secrets of the pod. */
  readonly more?: readonly string[];
  /** Images as people write them. */
  readonly names?: readonly string[];
  /** Images in full, without tag and digest. */
  readonly images?: readonly string[];
}

/** Bytes, for the kubelet takes what is no text too. */
export type KeyringLogin = readonly [username: Buffer, password: Buffer, email: Buffer];

export interface KeyringAnswer {
  /** By the keys under which the kubelet looks. */
  readonly keys: ReadonlyMap<string, readonly KeyringLogin[]>;
  /** For each image what the kubelet tries, in this order. */
  readonly found: readonly (readonly KeyringLogin[])[];
  /** What each of the names is in full; empty: it is none. */
  readonly full: readonly string[];
}

/** For each request an answer; undefined: the pod gets no login at all. */
export type Keyring = (requests: readonly KeyringRequest[]) => Promise<(KeyringAnswer | undefined)[]>;

export async function findKeyring(
  progress: (line: string) => void,
): Promise<{ readonly ask: Keyring } | { readonly why: string }> {
  const path = join(cacheHome(), await nameOfBuild(), 'keyring');
  if (await isProgram(path)) return { ask: asking(path) };
  const go = await findGo();
  if (!go.ok) return { why: `the kubelet's code is built by Go, and ${go.why}` };
  const packages = ['regcred.dev/e2e/tools/keyring'];
  await make(path, watchdog =>
    buildProgram({ title: 'keyring', output: '', ldflags: '-s -w', packages }, TOOLS, watchdog, progress),
  );
  return { ask: asking(path) };
}

async function nameOfBuild(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([GO_ENVIRONMENT, process.platform, process.arch]));
  for (const file of ['go.mod', 'go.sum', 'keyring/main.go']) hash.update(await readFile(join(TOOLS, file)));
  return `keyring-${hash.digest('hex').slice(0, 16)}`;
}

type Encoded = readonly [string, string, string];

const asking =
  (path: string): Keyring =>
  async requests => {
    const lines = requests.map(({ config, more = [], images = [], names = [] }) =>
      JSON.stringify({ config: base64(config), more: more.map(base64), images, names }),
    );
    const output = await outputOf({ title: 'keyring', command: path, args: [], input: lines.join('\n') });
    return output.trim().split('\n').map(answerIn);
  };

function answerIn(line: string): KeyringAnswer | undefined {
  const { failed, keys, found, full } = JSON.parse(line) as {
    failed: boolean;
    keys: Record<string, Encoded[]>;
    found: Encoded[][];
    full: string[];
  };
  if (failed) return undefined;
  const logins = (all: readonly Encoded[]): KeyringLogin[] => all.map(one => one.map(decoded) as Bytes);
  return {
    keys: new Map(Object.entries(keys).map(([key, all]) => [key, logins(all)])),
    found: found.map(logins),
    full,
  };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

type Bytes = [Buffer, Buffer, Buffer];

/** Go writes no bytes at all as null. */
const decoded = (base64: string | null): Buffer => Buffer.from(base64 ?? '', 'base64');
