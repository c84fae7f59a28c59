// What the labels of the operator's image say of where it comes from. Pure.

export interface Origin {
  /** Of package.json. */
  readonly version: string;
  /** The commit, in full. */
  readonly revision: string;
  /** Whether the checkout is that commit and nothing else. */
  readonly isClean: boolean;
  /** When it was committed, as git prints it in ISO 8601. */
  readonly committed: string;
  /** As git knows it: https, ssh or SCP-like; empty where there is none. */
  readonly remote: string;
}

/** For `docker build`. The time is that of the commit, so that building again makes the same labels. */
export function buildArguments(origin: Origin): string[] {
  const source = webAddress(origin.remote);
  const values = {
    VERSION: origin.version,
    REVISION: origin.isClean ? origin.revision : `${origin.revision}-dirty`,
    CREATED: new Date(origin.committed).toISOString().replace('.000', ''),
    ...(source && { SOURCE: source, DOCUMENTATION: `${source}#readme` }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
}

/** Without a user or password that may be in it; undefined for what no browser opens. */
function webAddress(remote: string): string | undefined {
  const scp = /^[^/@:]+@([^/:]+):(.+)$/.exec(remote);
  const url = URL.parse(scp ? `https://${scp[1]}/${scp[2]}` : remote);
  if (url === null || !['https:', 'ssh:'].includes(url.protocol)) return undefined;
  return `https://${url.hostname}${url.pathname.replace(/\.git$/, '')}`;
}
