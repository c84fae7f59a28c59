// The CRD as it was, as it is, and as it may become, for tests of what happens between two of them.

import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { Manifest } from '../cluster/manifests.ts';

/** Whatever is in it; tests change single fields. */
// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI schema of any version
export type Crd = Manifest & Record<string, any>;

const read = async (path: string): Promise<Crd> =>
  parse(await readFile(new URL(path, import.meta.url), 'utf8'));

/** Those that a cluster may have; each file says which commit it is of. */
export const EARLIER = {
  'the first one': () => read('crds/first.yaml'),
  'the one before `insecure` was narrowed': () => read('crds/before-insecure-rules.yaml'),
} as const;

export const todays = (): Promise<Crd> => read('../../crds/regcred.dev_registrycredentials.yaml');

/** Today's, with a field and a source that no operator of today knows. */
export async function tomorrows(): Promise<Crd> {
  const crd = structuredClone(await todays());
  const [version] = crd.spec.versions;
  const { spec } = version.schema.openAPIV3Schema.properties;
  spec.properties.future = { type: 'string', maxLength: 64 };
  const registry = spec.properties.registries.items;
  registry.properties.vault = { type: 'object', properties: { path: { type: 'string', maxLength: 64 } } };
  // The rules name the sources one by one.
  delete registry['x-kubernetes-validations'];
  return crd;
}
