// The table of sources: a new one is its file, its schema and one line here.

import type { RegistrySpec } from '../api/types.ts';
import { acr } from './acr.ts';
import { basic } from './basic.ts';
import { dockerConfig } from './docker-config.ts';
import { ecr } from './ecr.ts';
import { gar } from './gar.ts';
import { withoutInternal } from './internal-secret.ts';
import { oauth } from './oauth.ts';
import type { Source, StoredSource } from './source.ts';
import { failed } from './source-failure.ts';

export const registered: readonly Source[] = [basic, dockerConfig, oauth, ecr, gar, acr];

const guarded = registered.map(withoutInternal);

/** The schema lets in exactly one source key. */
export function sourceOf(registry: RegistrySpec): Source {
  return guarded.find(({ kind }) => Object.hasOwn(registry, kind)) ?? unknownSource(registry);
}

const NO_SOURCE: ReadonlySet<string> = new Set(['server', 'caSecretRef', 'insecure']);

/** The CRD is newer than this operator, as after a rollback: a source that fails, so that what it gave before stays. */
function unknownSource(registry: RegistrySpec): StoredSource {
  const kind = Object.keys(registry).find(key => !NO_SOURCE.has(key)) ?? 'none';
  const known = registered.map(source => source.kind).join(', ');
  const what = kind === 'none' ? 'and this is another' : `not ${kind}`;
  const message = `this version of the operator knows the sources ${known}, ${what}: upgrade the operator`;
  return {
    kind,
    gives: 'stored',
    secretNames: () => [],
    servers: () => undefined,
    fetch: async () => failed('SourceUnknown', message),
  };
}
