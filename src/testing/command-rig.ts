// A command against an API server that answers what a test says, and what it prints.

import { Writable } from 'node:stream';
import { run } from '../cli/program.ts';
import { ApiError } from '../kube/errors.ts';
import type { KubeClient, KubeRequest, WatchEvent } from '../kube/kube-client.ts';
import { checkLogin } from '../registry/check-login.ts';

export type Answer = object | ApiError;

export interface Asked {
  readonly answer: (request: KubeRequest) => Answer;
  readonly events?: readonly WatchEvent[];
  readonly isTTY?: boolean;
}

export async function said(args: readonly string[], { answer, events = [], isTTY = false }: Asked) {
  const texts = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    Object.assign(
      new Writable({
        write: (chunk, _, done) => {
          texts[name] += chunk;
          done();
        },
      }),
      { isTTY },
    );
  const client: KubeClient = {
    request: async <T>(request: KubeRequest) => {
      const body = answer(request);
      if (body instanceof ApiError) throw body;
      return { status: 200, body: body as T };
    },
    watch: async function* () {
      yield* events;
    },
  };
  const code = await run(args, {
    stdout: stream('out'),
    stderr: stream('err'),
    environment: {},
    version: '1.2.3',
    check: login => checkLogin(login),
    connect: () => ({ client, namespace: 'apps', close: async () => {} }),
  });
  return { ...texts, code };
}
