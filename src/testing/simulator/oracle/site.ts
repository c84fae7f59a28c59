// The production loop in a cluster whose sources are remembered, with the oracle beside it.

import { OPERATOR_NAMESPACE } from '../../builders.ts';
import { OperatorRig } from '../../operator-rig.ts';
import { RULES } from './at-rest.ts';
import { differences, differencesInKept } from './desired.ts';
import type { Secret } from './snapshot.ts';

/** A rig that remembers what the sources held. */
export class Site extends OperatorRig {
  readonly past = new Map<string, Secret[]>();

  remember(source: string): void {
    const now = this.server.get('secrets', OPERATOR_NAMESPACE, source);
    if (now !== undefined) this.past.set(source, [...(this.past.get(source) ?? []), now]);
  }

  write(source: string, values: Record<string, string>): void {
    this.remember(source);
    this.server.update('secrets', `${OPERATOR_NAMESPACE}/${source}`, secret => {
      const encoded = Object.entries(values).map(([key, value]) => [key, btoa(value)]);
      secret.data = Object.fromEntries(encoded);
    });
  }

  remove(source: string): void {
    this.remember(source);
    this.server.delete('secrets', OPERATOR_NAMESPACE, source);
  }

  differences(): string[] {
    const snapshot = {
      credentials: this.server.list('registrycredentials'),
      namespaces: this.server.list('namespaces'),
      serviceAccounts: this.server.list('serviceaccounts'),
      secrets: this.server.list('secrets'),
    };
    const past = (name: string): readonly Secret[] => this.past.get(name) ?? [];
    return [...differences(snapshot, past, RULES), ...differencesInKept(snapshot, past, RULES)];
  }
}
