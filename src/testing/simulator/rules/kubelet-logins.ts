// The content of a docker config as the kubelet finds it: logins by the key under which it looks for them.

export interface KubeletLogin {
  /** "username:password". */
  readonly auth: string;
}

/** `data` as in a Secret; none of what cannot be read. */
export function loginsOf(data: string | undefined): ReadonlyMap<string, KubeletLogin> {
  try {
    const { auths } = JSON.parse(Buffer.from(data ?? '', 'base64').toString()) as {
      auths?: Record<string, { auth?: string }>;
    };
    return new Map(
      Object.entries(auths ?? {}).map(([server, { auth = '' }]) => [
        keyOf(server),
        { auth: Buffer.from(auth, 'base64').toString() },
      ]),
    );
  } catch {
    return new Map();
  }
}

/** Host and path; `/v1/` and `/v2/` are of old APIs and mean nothing (the kubelet's pkg/credentialprovider). */
export function keyOf(server: string): string {
  const [, host = '', path = ''] = /^(?:https?:\/\/)?([^/]*)(.*)$/.exec(server) ?? [];
  const rest = path.replace(/^\/v[12]\//, '/');
  return rest === '/' ? host : host + rest;
}
