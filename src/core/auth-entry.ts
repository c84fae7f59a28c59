// One login of a docker config. The shape is shared by sources, merging and the
// comparison with what is in the cluster; how it is made is in docker-config.ts.

/** One login as it stands in `auths`. Holds the password: never log it. */
export interface AuthEntry {
  /** Key in `auths`, as the user wrote it. */
  readonly server: string;
  /** The same as the kubelet indexes it (host[:port][/path]): entries with equal keys are for one server. */
  readonly key: string;
  /** The JSON of the entry, byte for byte as `kubectl create secret docker-registry` writes it. */
  readonly json: string;
  /** sha256 of `json`, hex. */
  readonly digest: string;
}

/** Tells a login from all others, those of other servers included: the same password may be for several. */
export const loginId = ({ key, digest }: Pick<AuthEntry, 'key' | 'digest'>): string => `${digest} ${key}`;

/** An entry of an otherwise sound source that was left out. Never carries a credential. */
export interface BadEntry {
  /** The `auths` key, or undefined when the key itself is not fit to be shown. */
  readonly server: string | undefined;
  /** One sentence that says what is wrong and what to do. */
  readonly message: string;
}
