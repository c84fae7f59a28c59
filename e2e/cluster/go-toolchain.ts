// Is there a Go that can build Kubernetes? GOTOOLCHAIN=local: what is installed counts, nothing is fetched.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** As in e2e/tools/go.mod: Kubernetes 1.37 builds with nothing older. */
const NEEDED = { major: 1, minor: 26 };

/** With these the build needs neither git nor a C compiler, and two machines build the same. */
export const GO_ENVIRONMENT = {
  GOTOOLCHAIN: 'local',
  CGO_ENABLED: '0',
  GOFLAGS: '-mod=readonly -buildvcs=false',
  GOWORK: 'off',
} as const;

export type Found = { readonly ok: true } | { readonly ok: false; readonly why: string };

export async function findGo(): Promise<Found> {
  try {
    const { stdout } = await run('go', ['env', 'GOVERSION'], { env: { ...process.env, ...GO_ENVIRONMENT } });
    return judgeGoVersion(stdout.trim());
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { ok: false, why: missing ? 'there is no go on the PATH' : 'the go on the PATH does not run' };
  }
}

/** @param version as `go env GOVERSION` prints it: `go1.26.8`, `go1.27rc1`, `devel go1.27-abc …` */
export function judgeGoVersion(version: string): Found {
  const [, major, minor] = /\bgo(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined)
    return { ok: false, why: `the go on the PATH calls itself ${version || 'nothing'}` };
  const newEnough =
    Number(major) > NEEDED.major || (Number(major) === NEEDED.major && Number(minor) >= NEEDED.minor);
  return newEnough ? { ok: true } : { ok: false, why: `the go on the PATH is too old: ${version}` };
}
