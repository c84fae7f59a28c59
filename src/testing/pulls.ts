// Facts of a pull as fixtures that read as prose: aPull('r.example/app').naming('regcred').with('regcred', …).
// In the namespace apps, which has opted in, by its ServiceAccount default.

import { SYNC_LABEL } from '../api/names.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { type ImageReference, parseImage } from '../core/image-reference.ts';
import type {
  AccountFacts,
  Owner,
  PlaceFacts,
  PodFacts,
  PullFacts,
  PullState,
  SecretFacts,
  Seen,
} from '../core/pull-facts.ts';
import { readPullSecret } from '../core/pull-secret.ts';
import { OPERATOR_NAMESPACE } from './builders.ts';

const seen = <T>(value: T): Seen<T> => ({ state: 'read', value });
const unread = { state: 'unread', why: 'forbidden' } as const;
const absent = { state: 'absent' } as const;

class PullFixture implements PullFacts {
  readonly image: ImageReference;
  namespace = 'apps';
  place: Seen<PlaceFacts> = seen({ labels: { [SYNC_LABEL]: 'true' }, terminating: false });
  accountName = 'default';
  account: Seen<AccountFacts> = seen({ labels: {}, pullSecrets: [] });
  pod: PodFacts | undefined = undefined;
  secrets = new Map<string, Seen<SecretFacts>>();
  credentials: Seen<readonly CredentialRecord[]> = seen([]);
  operatorNamespace = OPERATOR_NAMESPACE;

  constructor(image: string) {
    const parsed = parseImage(image);
    if (!parsed.ok) throw new Error(parsed.message);
    this.image = parsed.image;
  }

  /** The ServiceAccount's list. Each is absent until `with` says otherwise. */
  naming(...names: string[]): this {
    this.account = seen({ labels: {}, pullSecrets: names });
    for (const name of names) if (!this.secrets.has(name)) this.secrets.set(name, absent);
    return this;
  }

  with(name: string, secret: SecretFacts): this {
    this.secrets.set(name, seen(secret));
    return this;
  }

  without(name: string): this {
    this.secrets.set(name, absent);
    return this;
  }

  labelled(labels: Record<string, string>): this {
    this.place = seen({ labels, terminating: false });
    return this;
  }

  accountLabelled(labels: Record<string, string>): this {
    if (this.account.state === 'read') this.account = seen({ ...this.account.value, labels });
    return this;
  }

  given(...credentials: CredentialRecord[]): this {
    this.credentials = seen(credentials);
    for (const { spec } of credentials)
      if (!this.secrets.has(spec.secretName)) this.secrets.set(spec.secretName, absent);
    return this;
  }

  /** What somebody is not allowed to read. */
  hiding(what: 'place' | 'account' | 'credentials' | `secret ${string}`): this {
    if (what === 'place' || what === 'account' || what === 'credentials') this[what] = unread;
    else this.secrets.set(what.slice('secret '.length), unread);
    return this;
  }

  /** By a pod with these pull secrets. */
  byPod(pullSecrets: string[], pull: PullState = { state: 'pending' }, owner?: Owner): this {
    this.pod = { name: 'app-1', pullSecrets, owner, container: 'app', pull, events: [] };
    for (const name of pullSecrets) if (!this.secrets.has(name)) this.secrets.set(name, absent);
    return this;
  }
}

export const aPull = (image: string) => new PullFixture(image);

export const failing = (message: string, reason = 'ErrImagePull'): PullState => ({
  state: 'failing',
  reason,
  message,
});

export const DENIED = failing(
  'failed to pull and unpack image "r.example/app:latest": failed to resolve reference "r.example/app:latest": ' +
    'unexpected status from HEAD request to https://r.example/v2/app/manifests/latest: 401 Unauthorized',
);

const TYPE = 'kubernetes.io/dockerconfigjson';

/** Somebody's own. */
export function handMade(auths: object, type = TYPE): SecretFacts {
  const data = { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') };
  const content = readPullSecret({ type, data });
  return { content, type, immutable: false, managed: false, credentials: [] };
}

export const loginsTo = (...servers: string[]): object =>
  Object.fromEntries(servers.map(server => [server, { username: 'robot', password: 'geheim' }]));

/** As the operator makes it. */
export const served = (credential: string, ...servers: string[]): SecretFacts => ({
  ...handMade(loginsTo(...servers)),
  managed: true,
  credentials: [credential],
});

/** With a basic source for the server; of the default selector. */
export function aRecord(
  name: string,
  server: string,
  change: Partial<CredentialRecord['spec']> = {},
): CredentialRecord {
  return {
    name,
    uid: `uid-of-${name}`,
    resourceVersion: '1',
    generation: 1,
    deleted: false,
    finalizers: ['regcred.dev/undo'],
    unreadable: undefined,
    spec: {
      registries: [{ server, basic: { secretRef: { name: 'source' } } }],
      secretName: 'regcred',
      namespaceSelector: { matchLabels: { [SYNC_LABEL]: 'true' } },
      deletionPolicy: 'Delete',
      ...change,
    },
    status: undefined,
  };
}
