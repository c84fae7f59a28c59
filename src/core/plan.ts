// From what one namespace is to the writes that make it what it should be. Pure:
// no clock, no client, no environment; the same view gives the same plan.

import type { Doubt, Failure, Plan, Verdict } from './change.ts';
import { heldBackLogin, heldBackUndo, immutableSecret, noLoginYet, terminatingSecret } from './failures.ts';
import { doubtsIn, isTakenByUnknown, type LeftOut, type Merge, type Merged, servedUnknown } from './merge.ts';
import type { SecretRecord } from './records.ts';
import { planReferences } from './references.ts';
import { decideSecret, type SecretDecision } from './secret-decision.ts';
import { selectsServiceAccount } from './selection.ts';
import type { CredentialView, NamespaceView } from './view.ts';

// One list for all: the ledger compares by identity.
const NONE_LEFT_OUT: readonly LeftOut[] = [];
const NONE_SERVED: readonly number[] = [];

export const NO_CHANGES: Plan = {
  changes: [],
  afterReferences: [],
  verdicts: new Map(),
  undoHeldBack: new Map(),
  doubts: [],
};

export function plan(view: NamespaceView, merge: Merge): Plan {
  // A namespace that is going takes everything with it, and refuses to be written.
  if (view.namespace.terminating || view.namespace.name === view.operatorNamespace) return NO_CHANGES;
  const decisions = view.secretNames.map(name => decideSecret(view, name, merge));
  const patches = view.serviceAccounts.flatMap(account => planReferences(account, decisions) ?? []);
  return {
    changes: [...patches, ...decisions.flatMap(({ change }) => change ?? [])],
    afterReferences: decisions.flatMap(({ afterReferences }) => afterReferences ?? []),
    verdicts: verdictsOf(view, decisions),
    undoHeldBack: new Map(decisions.flatMap(decision => heldBack(view, decision))),
    doubts: decisions.flatMap(decision => doubts(view, decision)),
  };
}

function verdictsOf(view: NamespaceView, decisions: readonly SecretDecision[]): ReadonlyMap<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const decision of decisions)
    for (const one of decision.parties.active) verdicts.set(one.name, verdict(view, decision, one));
  return verdicts;
}

function doubts({ secrets }: NamespaceView, { secretName, merged, stays }: SecretDecision): readonly Doubt[] {
  const observed = secrets.find(({ name }) => name === secretName);
  if (stays !== true || observed === undefined || merged === undefined) return [];
  return doubtsIn(merged, observed.content, observed.credentials);
}

/** Those deleted whose login stays in the Secret for the sake of one that is not known. */
function heldBack(
  { namespace, secrets, credentials }: NamespaceView,
  { secretName, merged, stays }: SecretDecision,
): [string, Failure][] {
  const observed = secrets.find(({ name }) => name === secretName);
  if (stays !== true || observed === undefined || merged === undefined) return [];
  const failure = heldBackUndo({ namespace: namespace.name, name: secretName }, unknownIn(observed, merged));
  return credentials
    .filter(({ name, phase }) => phase === 'deleted' && observed.credentials.includes(name))
    .map(({ name }) => [name, failure]);
}

/** Whose logins in the Secret are perhaps not known. */
const unknownIn = ({ credentials }: SecretRecord, { unknown }: Merged): string[] => [
  ...new Set(unknown.map(({ credential }) => credential).filter(name => credentials.includes(name))),
];

function verdict(view: NamespaceView, decision: SecretDecision, credential: CredentialView): Verdict {
  // Nothing of it is refused that is not there, and after a restart it is not always known that the rest would be.
  const failure = hasNoPart(view, decision, credential.name)
    ? noLoginYet()
    : (decision.failure ?? missingLogin(view, decision, credential));
  const selected = view.serviceAccounts.filter(one => selectsServiceAccount(credential.serviceAccounts, one));
  const attached = selected.filter(({ pullSecrets }) => pullSecrets.includes(decision.secretName));
  return {
    failure,
    serviceAccounts: { selected: selected.length, attached: failure ? 0 : attached.length },
    leftOut: decision.merged?.leftOut.get(credential.name) ?? NONE_LEFT_OUT,
    servedUnknown: fromEarlierRun(view, decision, credential),
  };
}

function fromEarlierRun(
  { secrets }: NamespaceView,
  { secretName, merged }: SecretDecision,
  { name }: CredentialView,
): readonly number[] {
  const observed = secrets.find(secret => secret.name === secretName);
  if (merged === undefined || merged.unknown.length === 0) return NONE_SERVED;
  return observed?.credentials.includes(name) ? servedUnknown(merged, observed.content, name) : NONE_SERVED;
}

/** It has no login to give there, nor does the Secret say that it gave one. */
function hasNoPart(view: NamespaceView, { secretName, merged }: SecretDecision, name: string): boolean {
  if (merged === undefined || merged.credentials.includes(name)) return false;
  const observed = view.secrets.find(secret => secret.name === secretName);
  return observed?.credentials.includes(name) !== true;
}

/** The Secret is well, but lacks what this RegistryCredential has to give. */
function missingLogin(
  { namespace, secrets }: NamespaceView,
  { secretName, change, merged }: SecretDecision,
  credential: CredentialView,
): Failure | undefined {
  const observed = secrets.find(({ name }) => name === secretName);
  // What an earlier run wrote of it serves as well.
  if (!merged?.credentials.includes(credential.name)) return undefined;
  if (change !== undefined || observed === undefined) return undefined;
  // The very bytes, as almost everywhere: then no login of fifty has to be looked for.
  if (observed.content.digest === merged.digest || holdsWhatWins(observed, merged, credential))
    return undefined;
  const place = { namespace: namespace.name, name: secretName };
  // As it is said where all logins are known: a restart makes no difference.
  if (observed.terminating) return terminatingSecret(place);
  return observed.immutable ? immutableSecret(place) : heldBackLogin(place, unknownIn(observed, merged));
}

function holdsWhatWins(
  { content, credentials }: SecretRecord,
  merged: Merged,
  { material }: CredentialView,
): boolean {
  const entries = material.registries.flatMap(one => (one.state === 'known' ? one.entries : []));
  const winning = entries.filter(
    ({ key, digest }) =>
      merged.logins.get(key)?.digest === digest && !isTakenByUnknown(merged, key, credentials),
  );
  return winning.every(({ key, digest }) => content.entries.get(key) === digest);
}
