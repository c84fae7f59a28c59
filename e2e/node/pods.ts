// Pods as a tenant writes them, with nothing in them about logins, and what becomes of them on a node.

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { type AnyObject, create, read } from '../api/admin.ts';
import { eventually } from '../api/eventually.ts';
import { site } from './hooks.ts';
import { imageOf } from './image.ts';
import type { Registry } from './registry.ts';

/** Part of every image, so that none is on a node from an earlier run. */
const RUN = randomUUID().slice(0, 8);

/** Milliseconds: a pull that was refused once is tried again after 10 s, 20 s, 40 s. */
const PATIENCE = 120_000;

/** A new image in that registry; returns its name in full. */
export const pushed = (registry: Registry, repository: string): Promise<string> =>
  registry.push(repository, RUN, imageOf(`${registry.host}/${repository}:${RUN}`, site().architecture));

/** One container for each image. Its program ignores SIGTERM, so its end is not waited for. */
export const podSpec = (...images: readonly string[]) => ({
  terminationGracePeriodSeconds: 1,
  containers: images.map((image, index) => ({ name: `c${index}`, image })),
});

/** Returns its name. */
export async function runPod(namespace: string, ...images: readonly string[]): Promise<string> {
  const metadata = { generateName: 'app-' };
  const pod = await create(`/api/v1/namespaces/${namespace}/pods`, { metadata, spec: podSpec(...images) });
  return pod.metadata.name;
}

export const podRuns = (namespace: string, name: string): Promise<void> =>
  eventually(
    `pod ${namespace}/${name} runs`,
    async () => {
      const pod = await podIn(namespace, name);
      const waiting = waitingIn(pod).join('; ');
      if (waiting !== '') throw new Error(waiting);
      expect(pod.status.phase).to.equal('Running');
    },
    PATIENCE,
  );

/** The registry's answer to the kubelet was 401. */
export const podIsRefused = (namespace: string, name: string): Promise<void> =>
  eventually(
    `pod ${namespace}/${name} is refused its image`,
    async () => {
      expect(waitingIn(await podIn(namespace, name)).join()).to.match(REFUSED);
    },
    PATIENCE,
  );

export const REFUSED = /(ErrImagePull|ImagePullBackOff): .*401 Unauthorized/s;

/** "REASON: MESSAGE" of each container that waits for something. */
export const waitingIn = (pod: AnyObject): string[] =>
  (pod.status?.containerStatuses ?? []).flatMap(({ state }: AnyObject) =>
    state.waiting ? [`${state.waiting.reason}: ${state.waiting.message ?? ''}`] : [],
  );

export const podIn = (namespace: string, name: string): Promise<AnyObject> =>
  read(`/api/v1/namespaces/${namespace}/pods/${name}`);
