// From what one namespace is to the writes that make it what it should be. Pure:
// no clock, no client, no environment; the same view gives the same plan.

import type { Failure, Plan, Verdict } from './change.ts';
import { noLoginYet } from './failures.ts';
import type { LeftOut, Merge } from './merge.ts';
import { planReferences } from './references.ts';
import { decideSecret, type SecretDecision } from './secret-decision.ts';
import { selectsServiceAccount } from './selection.ts';
import type { CredentialView, NamespaceView } from './view.ts';

// One list for all: the ledger compares by identity.
const NONE_LEFT_OUT: readonly LeftOut[] = [];

const NOTHING: Plan = { changes: [], afterReferences: [], verdicts: new Map() };

export function plan(view: NamespaceView, merge: Merge): Plan {
  // A namespace that is going takes everything with it, and refuses to be written.
  if (view.namespace.terminating || view.namespace.name === view.operatorNamespace) return NOTHING;
  const decisions = view.secretNames.map(name => decideSecret(view, name, merge));
  const patches = view.serviceAccounts.flatMap(account => planReferences(account, decisions) ?? []);
  return {
    changes: [...patches, ...decisions.flatMap(({ change }) => change ?? [])],
    afterReferences: decisions.flatMap(({ afterReferences }) => afterReferences ?? []),
    verdicts: new Map(
      decisions.flatMap(decision =>
        decision.parties.active.map(one => [one.name, verdict(view, decision, one)] as const),
      ),
    ),
  };
}

function verdict(view: NamespaceView, decision: SecretDecision, credential: CredentialView): Verdict {
  const failure = decision.failure ?? missingLogin(view, decision, credential);
  const selected = view.serviceAccounts.filter(one => selectsServiceAccount(credential.serviceAccounts, one));
  const attached = selected.filter(({ pullSecrets }) => pullSecrets.includes(decision.secretName));
  return {
    failure,
    serviceAccounts: { selected: selected.length, attached: failure ? 0 : attached.length },
    leftOut: decision.merged?.leftOut.get(credential.name) ?? NONE_LEFT_OUT,
  };
}

/** The Secret is well, but holds nothing of this RegistryCredential: not now, and not from an earlier run. */
function missingLogin(
  { secrets }: NamespaceView,
  { secretName, merged }: SecretDecision,
  { name }: CredentialView,
): Failure | undefined {
  if (merged?.credentials.includes(name)) return undefined;
  const listed = secrets.some(secret => secret.name === secretName && secret.credentials.includes(name));
  return listed ? undefined : noLoginYet();
}
