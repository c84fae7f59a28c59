// The table of sources: a new one is its file, its schema and one line here.

import type { RegistrySpec } from '../api/types.ts';
import { basic } from './basic.ts';
import { dockerConfig } from './docker-config.ts';
import type { Source } from './source.ts';

export const registered: readonly Source[] = [basic, dockerConfig];

/** The schema lets in exactly one source key; without one the CRD is newer than this operator. */
export function sourceOf(registry: RegistrySpec): Source {
  const source = registered.find(({ kind }) => Object.hasOwn(registry, kind));
  if (source === undefined) {
    const kinds = registered.map(({ kind }) => kind).join(', ');
    throw new Error(`could not find the source of a registry: this version knows ${kinds} only`);
  }
  return source;
}
