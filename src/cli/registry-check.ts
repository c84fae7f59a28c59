// explain --check: what the registry itself says to each login that matches. The only place of the command
// line where a password is read, and it goes to the registry of the image alone.

import { secretPath } from '../controller/paths.ts';
import type { PullFacts } from '../core/pull-facts.ts';
import { loginFor } from '../core/pull-secret.ts';
import { situationOf } from '../core/pull-situation.ts';
import type { RegistryAnswer } from '../core/registry-answer.ts';
import type { KubeObject } from '../kube/kube-client.ts';
import type { LoginToCheck } from '../registry/check-login.ts';
import type { Verdict } from '../registry/verdict.ts';
import type { ClusterReader } from './cluster-reader.ts';

export type Check = (login: LoginToCheck) => Promise<Verdict>;

export interface Checks {
  /** In the order in which the logins are tried; undefined: not asked. */
  readonly said: readonly (string | undefined)[];
  /** What they come to; undefined where nothing is known for sure. */
  readonly answer: RegistryAnswer | undefined;
}

/** A registry may lock an account that fails too often. */
const MOST_ASKED = 5;

export async function checkLogins(facts: PullFacts, reader: ClusterReader, check: Check): Promise<Checks> {
  const verdicts: (Verdict | undefined)[] = [];
  const { tried } = situationOf(facts).lookup;
  // One after the other, as the kubelet does it, and no further than to the one that gets the image.
  for (const { login } of tried.slice(0, MOST_ASKED)) {
    const found = await read(facts, reader, login.secret, login.server);
    const { host, path, tag, digest } = facts.image;
    // A key can be a pattern; the image names the host.
    const asked = found && { server: host, ...found, image: { host, path, tag, digest } };
    const verdict = asked && (await check(asked));
    verdicts.push(verdict);
    if (verdict?.outcome === 'verified') break;
  }
  return { said: verdicts.map(toldOf), answer: answerOf(verdicts, tried.length) };
}

async function read(facts: PullFacts, reader: ClusterReader, name: string, server: string) {
  const seen = await reader.get(secretPath(facts.namespace, name));
  if (seen.state !== 'read') return undefined;
  const { type = 'Opaque', data = {} } = seen.value as KubeObject & {
    type?: string;
    data?: Record<string, string>;
  };
  const login = loginFor({ type, data }, server);
  return login && { username: login.username, password: login.password };
}

const toldOf = (verdict: Verdict | undefined): string | undefined =>
  verdict && `${verdict.reason}: ${verdict.message}`;

/** One that gets the image is enough. For the contrary all have to say so. */
function answerOf(verdicts: readonly (Verdict | undefined)[], tried: number): RegistryAnswer | undefined {
  const reasons = new Set(verdicts.map(verdict => verdict?.reason));
  if (reasons.has('PullAllowed')) return 'given';
  if (verdicts.length < tried || reasons.size !== 1) return undefined;
  if (reasons.has('LoginRejected')) return 'denied';
  if (reasons.has('PullDenied')) return 'pull-denied';
  return reasons.has('ImageNotFound') ? 'not-found' : undefined;
}
