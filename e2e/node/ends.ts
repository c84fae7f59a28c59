// How the containers of the operator's pods end, as the kubelet tells it in the moment before the pods are gone.

import { type AnyObject, followAll } from '../api/admin.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';

export interface End {
  /** 137 of one that was killed. */
  readonly exitCode: number;
  /** From when the pod was to end, which is when the kubelet sends SIGTERM, until the kubelet tells of the end. */
  readonly seconds: number;
}

const PODS = `/api/v1/namespaces/${OPERATOR_NAMESPACE}/pods`;
const SELECTED = { labelSelector: 'app.kubernetes.io/name=regcred' };

/** Of those that end while `meanwhile` runs, which has to wait until they are gone. */
export async function endsWhile(meanwhile: () => Promise<void>): Promise<readonly End[]> {
  const asked = new Map<string, number>();
  const ends = new Map<string, End>();
  const over = new AbortController();
  const { promise: isOpen, resolve, reject } = Promise.withResolvers<void>();
  const see = ({ metadata: { name, deletionTimestamp }, status }: AnyObject) => {
    if (deletionTimestamp === undefined) return;
    const since = asked.get(name) ?? performance.now();
    asked.set(name, since);
    const exitCode: number | undefined = status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
    if (exitCode === undefined || ends.has(name)) return;
    ends.set(name, { exitCode, seconds: (performance.now() - since) / 1000 });
  };
  const watch = async () => {
    for await (const pod of followAll(PODS, SELECTED, over.signal, resolve)) see(pod);
  };
  const watching = watch();
  watching.catch(reject);
  await isOpen;
  await meanwhile().finally(() => over.abort());
  await watching;
  return [...ends.values()];
}
