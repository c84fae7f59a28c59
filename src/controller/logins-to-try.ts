// Which logins of a RegistryCredential are tried, and how: with what is said of each registry in the spec, and one of
// them with the image. Here passwords leave the entries that go into Secrets; they go to the check, and nowhere else.

import type { RegistrySpec } from '../api/types.ts';
import type { AuthEntry } from '../core/auth-entry.ts';
import { type ImageReference, parseImage } from '../core/image-reference.ts';
import { lookUp } from '../core/keyring.ts';
import { keyringKey } from '../core/keyring-key.ts';
import type { LoginToCheck } from '../registry/check-login.ts';
import type { SharedOptions } from '../registry/login-checks.ts';
import { registryAddress } from '../registry/registry-address.ts';
import { inconclusive, type Verdict } from '../registry/verdict.ts';
import type { TokenServers } from '../token-servers.ts';
import { type RegistryCa, readCa } from './registry-ca.ts';
import type { Wanted } from './verifying.ts';
import type { World } from './world.ts';

/** A login of one item of `spec.registries`. */
export interface Candidate {
  readonly registry: RegistrySpec;
  readonly entry: AuthEntry;
  /** As of Offer. */
  readonly account?: string | undefined;
}

/** Where it is kept, it is the same login tried in the same way. */
type Trial = Pick<Wanted, 'id' | 'ask'>;

interface TrialContext {
  readonly world: Pick<World, 'sources' | 'operatorNamespace'>;
  readonly verifying: { readonly tokenServers: TokenServers };
}

/** A docker config can have thousands of logins. */
export const MOST_LOGINS = 256;

/** In their order; `written` is the image that one of them is tried with, if one is for it. */
export function trialsOf(
  all: readonly Candidate[],
  written: string | undefined,
  { world, verifying: { tokenServers } }: TrialContext,
): Trial[] {
  const image = imageOf(written);
  const puller = image && pullerOf(all, image);
  return all.map(({ registry, entry, account }, index) => {
    if (index >= MOST_LOGINS) return { id: `beyond ${entry.server}`, ask: TOO_MANY };
    const ca = readCa(registry, world);
    const pulled = entry === puller ? image : undefined;
    return {
      id: idOf(entry, pulled, registry, ca),
      ask: asked({ registry, entry, account }, pulled, ca, tokenServers),
    };
  });
}

/** What is said besides where no login is for the image, and so none of them is tried with it. */
export function imageProblem(all: readonly Candidate[], written: string | undefined): Verdict | undefined {
  if (written === undefined) return undefined;
  const image = imageOf(written);
  return image !== undefined && pullerOf(all, image) !== undefined ? undefined : noLoginFor(written);
}

function imageOf(written: string | undefined): ImageReference | undefined {
  const parsed = written === undefined ? undefined : parseImage(written);
  return parsed?.ok ? parsed.image : undefined;
}

/** The login that the kubelet tries first. */
function pullerOf(all: readonly Candidate[], { repository }: ImageReference): AuthEntry | undefined {
  const first = new Map<string, AuthEntry>();
  for (const { entry } of all) if (!first.has(entry.key)) first.set(entry.key, entry);
  const ring = [...first.values()].map(({ key }) => ({
    server: key,
    key: keyringKey(key),
    username: '',
    isEmpty: false,
    secret: '',
  }));
  return first.get(lookUp(repository, ring).tried[0]?.login.server ?? '');
}

function asked(
  { entry: { server, json }, registry: { insecure = false }, account }: Candidate,
  image: ImageReference | undefined,
  ca: RegistryCa,
  tokenServers: TokenServers,
): Wanted['ask'] {
  if (ca.problem !== undefined) return inconclusive('CAUnusable', ca.problem);
  const { username = '', password = '' } = JSON.parse(json) as Partial<Record<string, string>>;
  // A pattern names nobody; the image does.
  const address = registryAddress(server, insecure);
  const host = address === undefined && image !== undefined ? image.host : server;
  const name = registryAddress(host, insecure)?.name ?? '';
  const login: LoginToCheck = {
    server: host,
    username,
    password,
    account,
    ...(image && { image: { host: image.host, path: image.path, tag: image.tag, digest: image.digest } }),
  };
  const options: SharedOptions = { insecure, ca: ca.pem, tokenServers: tokenServers.get(name) };
  return { login, options };
}

/** The digest stands for the login. */
const idOf = (
  { server, digest }: AuthEntry,
  image: ImageReference | undefined,
  { insecure = false }: RegistrySpec,
  { pem, problem }: RegistryCa,
): string => JSON.stringify([server, digest, image?.fullName, insecure, pem, problem]);

const TOO_MANY = inconclusive(
  'HeldBack',
  `only the first ${MOST_LOGINS} logins of a RegistryCredential are tried`,
);

const noLoginFor = (image: string): Verdict =>
  inconclusive(
    'ImageUnusable',
    `no login of spec.registries is for spec.verification.image (${image}): name an image that one of them is for`,
  );
