// How each RegistryCredential stands, in the numbers that metrics tell at a scrape.

import { FINALIZER } from '../api/names.ts';
import type { CredentialNumbers } from '../metrics/credentials.ts';
import { readyStatus, type SituationContext, situationOf } from './situation.ts';
import type { World } from './world.ts';

export interface NumbersContext extends SituationContext {
  readonly world: Pick<World, 'credentials' | 'secretNames'>;
}

export function* credentialNumbers(context: NumbersContext): Generator<CredentialNumbers> {
  const { world, book, ledger, rollouts } = context;
  for (const record of world.credentials.all()) {
    // Whoever keeps it, nothing of it is the operator's any more, nor a reason to call somebody.
    if (record.deleted && !record.finalizers.includes(FINALIZER) && !rollouts.isPending(record.name))
      continue;
    const situation = situationOf(record, context);
    const { namespaces, serviceAccounts } = situation?.tally ?? ledger.tally(record.name);
    const reports = (book.get(record)?.registries ?? []).map(({ report }) => report);
    yield {
      name: record.name,
      ready: readyStatus(record, situation),
      namespaces,
      serviceAccounts: {
        attached: serviceAccounts.attached,
        missing: serviceAccounts.selected - serviceAccounts.attached,
      },
      registries: reports.map(({ state, expiresAt }) => ({
        state,
        expiresAt: expiresAt && expiresAt.getTime() / 1000,
      })),
    };
  }
}
