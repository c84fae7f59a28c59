// How each RegistryCredential stands, in the numbers that metrics tell at a scrape.

import type { CredentialNumbers } from '../metrics/credentials.ts';
import type { CredentialBook } from './credential-book.ts';
import type { Ledger } from './ledger.ts';
import type { World } from './world.ts';

export function* credentialNumbers(
  { credentials }: Pick<World, 'credentials'>,
  book: Pick<CredentialBook, 'get'>,
  ledger: Pick<Ledger, 'tally'>,
): Generator<CredentialNumbers> {
  for (const record of credentials.all()) {
    const { namespaces, serviceAccounts } = ledger.tally(record.name);
    const reports = (book.get(record)?.registries ?? []).map(({ report }) => report);
    const times = reports.flatMap(({ expiresAt }) => expiresAt?.getTime() ?? []);
    yield {
      name: record.name,
      namespaces,
      serviceAccounts: {
        attached: serviceAccounts.attached,
        missing: serviceAccounts.selected - serviceAccounts.attached,
      },
      registries: reports.map(({ state }) => state),
      expiresAt: times.length === 0 ? undefined : Math.min(...times) / 1000,
    };
  }
}
