// Where the API server is and how one is let in. What is needed for that changes while
// we run (tokens and certificates are rotated on disk), so it is asked for again and again.

export interface Endpoint {
  /** URL without a trailing slash, such as https://10.0.0.1:443; may have a path. */
  readonly server: string;
  /** The namespace of the context or of the pod. */
  readonly namespace: string | undefined;
  /** The kubeconfig's own proxy, which goes before the environment's. */
  readonly proxyUrl: string | undefined;
  /** Cheap to call for every request: read anew at most every 10 s. */
  authenticate(): Promise<Authentication>;
  /** What authenticate() gave did not work: the next call asks the disk (or the exec plugin) again. */
  renew(): void;
}

/** Holds a credential: never log it. */
export interface Authentication {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
}

export interface TlsMaterial {
  /** PEM; undefined means Node's own authorities and NODE_EXTRA_CA_CERTS. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
}
