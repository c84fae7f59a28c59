// The one question that proves a pull: is there a manifest of that name, for whoever has this login?

import type { RegistryAddress } from './registry-address.ts';
import { type Inconclusive, inconclusive } from './verdict.ts';

/** As runtimes read the name of an image: nginx is host docker.io, path library/nginx. */
export interface ImageName {
  readonly host: string;
  readonly path: string;
  readonly tag?: string | undefined;
  /** Goes before the tag; without both it is `latest`. */
  readonly digest?: string | undefined;
}

export interface Pull {
  readonly url: URL;
  readonly scope: string;
  /** For people, without the host. */
  readonly shown: string;
}

/** What runtimes ask for: a registry may answer 404 to who takes less. */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

// Of github.com/distribution/reference: with these, nothing of a name can be more than a name in the URL.
const PATH = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;
const LONGEST_PATH = 255;
const REFERENCE = /^(?:[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}|[a-z0-9]+:[a-f0-9]{32,128})$/;

/** The login goes only for what it is for: a key with a path covers what begins with it, as the kubelet has it. */
export function pullOf(image: ImageName, registry: RegistryAddress): Pull | Inconclusive {
  const { host, path, tag, digest } = image;
  const reference = digest ?? tag ?? 'latest';
  if (!PATH.test(path) || path.length > LONGEST_PATH || !REFERENCE.test(reference))
    return inconclusive(
      'ImageUnusable',
      'the image has no name that a registry could know: write HOST/PATH:TAG',
    );
  const isHere = registry.isDockerHub ? host === 'docker.io' : host === registry.name;
  if (!isHere || !`/${path}`.startsWith(registry.path)) {
    const message = `the login is for ${registry.name}${registry.path}, and so not for the image: name one of there`;
    return inconclusive('ImageUnusable', message);
  }
  const separator = digest === undefined ? ':' : '@';
  return {
    url: new URL(`${path}/manifests/${reference}`, registry.base),
    scope: `repository:${path}:pull`,
    shown: `${path}${separator}${reference}`,
  };
}
