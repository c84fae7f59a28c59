// All that an explanation is made from: what somebody was allowed to read of one pull, and what not.
// It is a value, and holds no password.

import type { CredentialRecord } from './credential-record.ts';
import type { ImageReference } from './image-reference.ts';
import type { PullSecret } from './pull-secret.ts';
import type { Labels } from './records.ts';

export type Seen<T> =
  | { readonly state: 'read'; readonly value: T }
  /** There is none. */
  | { readonly state: 'absent' }
  /** `why`: one word or two, such as "forbidden". */
  | { readonly state: 'unread'; readonly why: string };

export interface PullFacts {
  readonly image: ImageReference;
  readonly namespace: string;
  readonly place: Seen<PlaceFacts>;
  readonly accountName: string;
  readonly account: Seen<AccountFacts>;
  /** Without one it is about a pod to come. */
  readonly pod: PodFacts | undefined;
  /** Those that pod and ServiceAccount name, and those that RegistryCredentials would make. */
  readonly secrets: ReadonlyMap<string, Seen<SecretFacts>>;
  /** Sorted by name. */
  readonly credentials: Seen<readonly CredentialRecord[]>;
  readonly operatorNamespace: string;
}

export interface PlaceFacts {
  readonly labels: Labels;
  readonly terminating: boolean;
}

export interface AccountFacts {
  readonly labels: Labels;
  /** imagePullSecrets[].name in their order. */
  readonly pullSecrets: readonly string[];
}

export interface SecretFacts {
  readonly content: PullSecret;
  readonly type: string;
  readonly immutable: boolean;
  /** Carries our label. */
  readonly managed: boolean;
  /** The RegistryCredentials whose logins are in it. */
  readonly credentials: readonly string[];
}

export interface PodFacts {
  readonly name: string;
  readonly pullSecrets: readonly string[];
  readonly owner: Owner | undefined;
  /** Of the container with this image. */
  readonly container: string;
  readonly pull: PullState;
  /** What the kubelet told of pulls, the newest last: "REASON: MESSAGE". */
  readonly events: readonly string[];
}

/** Who would make the pod anew: kind and name as `kubectl rollout restart` takes them, or of its controller. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
}

export type PullState =
  /** Nothing is known of it yet. */
  | { readonly state: 'pending' }
  /** The container has run. */
  | { readonly state: 'done' }
  /** As the kubelet says it: ErrImagePull, ImagePullBackOff and the like. */
  | { readonly state: 'failing'; readonly reason: string; readonly message: string };

/** The names of the Secrets that the kubelet takes: those of the pod, which a new pod has from its ServiceAccount. */
export function pullSecretsOf({ pod, account }: Pick<PullFacts, 'pod' | 'account'>): readonly string[] {
  if (pod !== undefined) return pod.pullSecrets;
  return account.state === 'read' ? account.value.pullSecrets : [];
}
