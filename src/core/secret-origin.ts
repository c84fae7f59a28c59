// Where a Secret comes from: a RegistryCredential, or somebody's hand. And where its login is renewed.

import type { CredentialRecord } from './credential-record.ts';
import { serverFor } from './credential-servers.ts';
import { listed } from './pull-cause.ts';
import type { PullFacts } from './pull-facts.ts';
import { shellWord } from './shell-word.ts';

export interface Origin {
  /** As the end of "from": "RegistryCredential team", "no RegistryCredential". */
  readonly title: string;
  /** The command that renews its login for the image; undefined where it is not known. */
  readonly renewal: string | undefined;
}

/** Undefined for a Secret that could not be read. */
export function originOf(facts: PullFacts, secretName: string): Origin | undefined {
  const seen = facts.secrets.get(secretName);
  if (seen?.state !== 'read') return undefined;
  const { managed, credentials } = seen.value;
  if (!managed) return { title: 'not of a RegistryCredential', renewal: undefined };
  const records = facts.credentials.state === 'read' ? facts.credentials.value : [];
  // Precedence is by name, and so is the order of both.
  const contributors = records.filter(({ name }) => credentials.includes(name));
  const giving = contributors.find(record => serverFor(record, facts.image.repository) !== undefined);
  const names = giving === undefined ? credentials : [giving.name];
  return {
    title: names.length === 0 ? 'the operator' : `RegistryCredential ${listed(names)}`,
    renewal: giving && renewalOf(giving, facts),
  };
}

/** Of the source; the operator brings it to the namespaces. */
function renewalOf(record: CredentialRecord, { image, operatorNamespace }: PullFacts): string | undefined {
  const found = serverFor(record, image.repository);
  const registry = found && record.spec.registries[found.registry];
  const inNamespace = `kubectl -n ${operatorNamespace}`;
  if (registry?.basic !== undefined)
    return `${inNamespace} patch secret ${registry.basic.secretRef.name} --type=merge -p '{"stringData":{"password":"PASSWORD"}}'`;
  if (registry?.dockerConfig === undefined) return undefined;
  return (
    `${inNamespace} create secret docker-registry ${registry.dockerConfig.secretRef.name} ${shellWord(`--docker-server=${found?.server}`)} ` +
    '--docker-username=USER --docker-password=PASSWORD --dry-run=client -o yaml | kubectl apply -f -'
  );
}
