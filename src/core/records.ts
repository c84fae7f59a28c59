// What the operator keeps of the cluster's objects: slim, without payload. The
// reflectors make these records, the world holds them, plan decides on them.

/** Labels as Kubernetes has them; absent means none. */
export type Labels = Readonly<Record<string, string>>;

interface ObjectRecord {
  readonly name: string;
  readonly uid: string;
  /** Decimal; comparable as integers within one resource type (KEP-5504). */
  readonly resourceVersion: string;
}

export interface NamespaceRecord extends ObjectRecord {
  readonly labels: Labels;
  readonly terminating: boolean;
}

export interface ServiceAccountRecord extends ObjectRecord {
  readonly namespace: string;
  readonly labels: Labels;
  /** imagePullSecrets[].name in the order of the object, duplicates included. */
  readonly pullSecrets: readonly string[];
  /** The names in our annotation: entries that we added. */
  readonly ownPullSecrets: readonly string[];
  /** Of the list `imagePullSecrets`. */
  readonly ownership: Ownership;
}

/** Who owns a field, as managedFields tell. */
export interface Ownership {
  /** Without us. */
  readonly owners: readonly FieldOwner[];
  /** A server-side apply of somebody else would meet a conflict because of us. */
  readonly isInTheWay: boolean;
}

/** What tells the entries of managedFields apart. */
export interface FieldOwner {
  readonly manager: string;
  readonly operation: string;
  readonly apiVersion: string;
  readonly subresource: string | undefined;
}

/** What stands in the `.dockerconfigjson` of a Secret, without the logins themselves. */
export interface SecretContent {
  /** sha256 of the bytes of `.dockerconfigjson`. */
  readonly digest: string;
  /** Key as the kubelet indexes it -> digest of that entry; empty when it is not a docker config. */
  readonly entries: ReadonlyMap<string, string>;
}

/** A Secret of one of our names in some namespace. */
export interface SecretRecord extends ObjectRecord {
  readonly namespace: string;
  readonly type: string;
  readonly immutable: boolean;
  /** Carries our managed-by label. Without it the Secret is somebody else's. */
  readonly managed: boolean;
  /** The label was set by our field manager, not by a person who hands the Secret over. */
  readonly ownsLabel: boolean;
  /** Carries our handed-over annotation. */
  readonly handedOver: boolean;
  /** The RegistryCredentials in our annotation. */
  readonly credentials: readonly string[];
  /** Shared between Secrets of the same bytes. */
  readonly content: SecretContent;
  readonly terminating: boolean;
}

/** A Secret in the operator's namespace. Holds logins: never log it. */
export interface SourceSecretRecord extends ObjectRecord {
  readonly type: string;
  /** Carries the label by which the operator knows what is its own: no source. */
  readonly internal: boolean;
  /** Values as in the API: base64. */
  readonly data: Readonly<Record<string, string>>;
}
