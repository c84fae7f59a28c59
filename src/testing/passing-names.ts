// A cluster in which names come and go and that itself remembers none of them: what is left on
// the heap afterwards, the operator keeps. Of six namespaces five refuse, each in another way.

import { DOCKER_CONFIG_TYPE, FINALIZER } from '../api/names.ts';
import {
  CREDENTIALS_PATH,
  NAMESPACES_PATH,
  SECRETS_PATH,
  SERVICE_ACCOUNTS_PATH,
  secretsPathIn,
} from '../controller/paths.ts';
import { ApiError } from '../kube/errors.ts';
import type { KubeClient, KubeObject, KubeRequest, KubeResponse, WatchEvent } from '../kube/kube-client.ts';
import { OPERATOR_NAMESPACE } from './builders.ts';

type Type = 'ADDED' | 'DELETED';
type Told = { metadata: object } & Record<string, unknown>;

const REFUSALS = [
  undefined,
  (name: string) => new ApiError(422, 'Invalid', `quota of ${name}`),
  (name: string) => new ApiError(403, 'Forbidden', name, ['NamespaceTerminating']),
  (name: string) => new ApiError(404, 'NotFound', name),
  (name: string) => new ApiError(409, 'Conflict', name),
  (name: string) => new ApiError(500, 'InternalError', name),
];

const credentialOf = (name: string): Told => ({
  metadata: { name, generation: 1, finalizers: [FINALIZER] },
  spec: {
    registries: [{ server: `${name}.example`, basic: { secretRef: { name: 'login' } } }],
    secretName: 'regcred',
    namespaceSelector: {},
    deletionPolicy: 'Delete',
  },
});

export class PassingNames implements KubeClient {
  readonly #tell = new Map<string, (event: WatchEvent) => void>();
  #version = 1;

  async *watch({ path, signal }: { path: string; signal: AbortSignal }): AsyncGenerator<WatchEvent> {
    const annotations = { 'k8s.io/initial-events-end': 'true' };
    let events: WatchEvent[] = [{ type: 'BOOKMARK', object: this.#object({ metadata: { annotations } }) }];
    let wake = (): void => {};
    this.#tell.set(path, event => {
      events.push(event);
      wake();
    });
    signal.addEventListener('abort', () => wake(), { once: true });
    while (!signal.aborted) {
      const taken = events;
      events = [];
      yield* taken;
      if (events.length === 0) await new Promise<void>(resolve => (wake = resolve));
    }
  }

  /** A write is answered with what it wrote, a status with what it is the status of; no watch tells of it. */
  async request<T>({ path, body }: KubeRequest): Promise<KubeResponse<T>> {
    const [, credential] = /\/registrycredentials\/([^/]+)/.exec(path) ?? [];
    if (credential !== undefined) return { status: 200, body: this.#object(credentialOf(credential)) as T };
    const [, namespace = '', name] = /\/namespaces\/([^/]+)\/[^/]+\/([^/]+)$/.exec(path) ?? [];
    const refusal = REFUSALS[Number(namespace.split('-')[1]) % REFUSALS.length];
    if (refusal !== undefined) throw refusal(path);
    const told = { metadata: {}, ...(body as object) };
    return {
      status: 200,
      body: this.#object({ ...told, metadata: { ...told.metadata, name, namespace } }) as T,
    };
  }

  /** The source that all have in common. */
  source(): void {
    const data = { username: 'dQ==', password: 'bm90LWEtcmVhbC1vbmU=' };
    const metadata = { name: 'login', namespace: OPERATOR_NAMESPACE };
    this.#event(secretsPathIn(OPERATOR_NAMESPACE), 'ADDED', { metadata, data });
  }

  namespace(type: Type, name: string): void {
    this.#event(NAMESPACES_PATH, type, { metadata: { name, labels: { team: name } } });
    const account = { name: 'default', namespace: name };
    this.#event(SERVICE_ACCOUNTS_PATH, type, {
      metadata: account,
      imagePullSecrets: [{ name: `of-${name}` }],
    });
    if (type === 'DELETED')
      this.#event(SECRETS_PATH, type, {
        metadata: { name: 'regcred', namespace: name },
        type: DOCKER_CONFIG_TYPE,
      });
  }

  /** For all namespaces. */
  credential(type: Type, name: string): void {
    this.#event(CREDENTIALS_PATH, type, credentialOf(name));
  }

  #event(path: string, type: Type, told: Told): void {
    this.#tell.get(path)?.({ type, object: this.#object(told) });
  }

  #object({ metadata, ...rest }: Told): KubeObject {
    const { name = '', namespace = '' } = metadata as { name?: string; namespace?: string };
    const identity = { name, uid: `uid-${namespace}-${name}`, resourceVersion: String(++this.#version) };
    return { ...rest, metadata: { ...metadata, ...identity } };
  }
}
