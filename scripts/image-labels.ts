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
  /** Of the image that ours is based on; undefined where it is named by a tag alone. */
  readonly baseDigest: string | undefined;
}

/** For `docker build`. The time is that of the commit, so that building again makes the same labels. */
export function buildArguments(origin: Origin): string[] {
  const source = webAddress(origin.remote);
  const values = {
    VERSION: origin.version,
    REVISION: origin.isClean ? origin.revision : `${origin.revision}-dirty`,
    CREATED: new Date(origin.committed).toISOString().replace('.000', ''),
    ...(source && { SOURCE: source, DOCUMENTATION: `${source}#readme` }),
    ...(origin.baseDigest && { BASE_DIGEST: origin.baseDigest }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
}

/** As an argument for the builder has it, or else the Dockerfile. */
export function baseDigestOf(dockerfile: string, args: readonly string[]): string | undefined {
  const given = args.findLast(argument => BASE_IMAGE.test(argument));
  const image = BASE_IMAGE.exec(given ?? '')?.[1] ?? /^ARG BASE_IMAGE=(.*)$/m.exec(dockerfile)?.[1];
  return image?.split('@')[1];
}

/** In one word with the flag, or after it. */
const BASE_IMAGE = /^(?:--build-arg=)?BASE_IMAGE=(.*)$/;

/** Without a user or password that may be in it; undefined for what no browser opens. */
function webAddress(remote: string): string | undefined {
  const scp = /^[^/@:]+@([^/:]+):(.+)$/.exec(remote);
  const url = URL.parse(scp ? `https://${scp[1]}/${scp[2]}` : remote);
  if (url === null || !['https:', 'ssh:'].includes(url.protocol)) return undefined;
  return `https://${url.hostname}${url.pathname.replace(/\.git$/, '')}`;
}
