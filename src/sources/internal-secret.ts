// What the operator keeps for itself lies beside the sources, and whoever may write a RegistryCredential could have it
// handed out. So no source reads a Secret with the operator's own label, whatever is in it.

import { INTERNAL_LABEL } from '../api/names.ts';
import type { RegistrySpec } from '../api/types.ts';
import type { Fetched, Source, SourceContext } from './source.ts';
import { type FailedFetch, failed } from './source-failure.ts';

export function withoutInternal(source: Source): Source {
  const guard =
    <C extends SourceContext>(fetch: (registry: RegistrySpec, context: C) => Promise<Fetched>) =>
    async (registry: RegistrySpec, context: C): Promise<Fetched> =>
      refusal(source, registry, context) ?? fetch(registry, context);
  return source.gives === 'stored'
    ? { ...source, fetch: guard(source.fetch) }
    : { ...source, fetch: guard(source.fetch) };
}

function refusal(source: Source, registry: RegistrySpec, context: SourceContext): FailedFetch | undefined {
  const name = source.secretNames(registry).find(one => context.secret(one)?.internal === true);
  if (name === undefined) return undefined;
  const { namespace } = context;
  return failed(
    'SecretInternal',
    `Secret ${namespace}/${name} carries the label ${INTERNAL_LABEL}, so it is the operator's own: name another one, ` +
      `or if it is yours: kubectl -n ${namespace} label secret ${name} ${INTERNAL_LABEL}-`,
  );
}
