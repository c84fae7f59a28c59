// Reconciles one RegistryCredential: gets its logins, sends its namespaces to be
// reconciled when that makes a difference, and sees its undo through to the end.

import { FINALIZER } from '../api/names.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { isHindered, stallOf } from '../core/stall.ts';
import type { KubeClient, KubeObject } from '../kube/kube-client.ts';
import type { Log } from '../log.ts';
import { affectedNamespaces, isListedAnywhere, leftNamespaces, markedNamespaces } from './affected.ts';
import type { CredentialBook, CredentialEntry } from './credential-book.ts';
import type { CredentialEvents } from './credential-events.ts';
import { rememberedStates } from './kept-secret.ts';
import type { RegistryState } from './last-known-good.ts';
import type { Ledger } from './ledger.ts';
import { credentialPath } from './paths.ts';
import { awaitingFirstFor, type RegistryContext, registryStates, untilTurn } from './registry-states.ts';
import type { Rollouts } from './rollouts.ts';
import { slimCredential } from './slim.ts';
import { credentialNamed, type World } from './world.ts';

export interface CredentialLoopContext extends RegistryContext {
  readonly client: KubeClient;
  readonly world: World;
  readonly book: CredentialBook;
  readonly ledger: Ledger;
  readonly rollouts: Rollouts;
  readonly log: Log;
  readonly events: Pick<CredentialEvents, 'undone'>;
  readonly touch: (credential: string) => void;
  readonly enqueueNamespaces: (namespaces: readonly string[]) => void;
  /** The logins of a RegistryCredential are about to be used: they must not be printed. */
  readonly learn: (credential: string, states: readonly RegistryState[]) => void;
  /** It is to be looked at again then, in milliseconds. */
  readonly lookAgain: (credential: string, after: number) => void;
}

export async function reconcileCredential(name: string, context: CredentialLoopContext): Promise<void> {
  const record = credentialNamed(context.world, name);
  if (record === undefined) return forget(name, context);
  if (record.deleted) return finalize(record, context);
  const isStalled = isHindered(stallOf(record, context.world.secretNames));
  if (isStalled && record.spec.suspend !== true) return release(record, context);
  // Before the first write: whatever is written later is sure to be undone.
  if (record.finalizers.includes(FINALIZER)) return refresh(record, context);
  const marked = await addFinalizer(record, context);
  await refresh(marked, context);
  // Until now it was given nothing new, in no namespace, whatever had changed there.
  rollOut(marked, context);
}

/** It is gone altogether. Whatever may still carry its mark is looked at once more. */
function forget(name: string, context: CredentialLoopContext): void {
  const { book, ledger, rollouts, world, enqueueNamespaces } = context;
  askNoMore(name, context);
  book.delete(name);
  ledger.forget(name);
  rollouts.forget(name);
  enqueueNamespaces(markedNamespaces(world, name));
}

/** It cannot be obeyed, so nothing of it is wanted any more. */
function release({ name }: CredentialRecord, context: CredentialLoopContext): void {
  const { book, world, ledger, enqueueNamespaces, touch } = context;
  askNoMore(name, context);
  book.delete(name);
  enqueueNamespaces(union(markedNamespaces(world, name), ledger.namespacesOf(name)));
  touch(name);
}

/** Neither its sources nor its registries. */
function askNoMore(name: string, { fetches, verification }: CredentialLoopContext): void {
  fetches.retain(name, []);
  verification.forget(name);
}

async function refresh(record: CredentialRecord, context: CredentialLoopContext): Promise<void> {
  const { book, world, touch, enqueueNamespaces } = context;
  const before = book.get(record);
  // A suspended one keeps what it has; after a restart it has to be found out first.
  if (record.spec.suspend === true && before !== undefined) {
    book.set(record, before);
    // Where a Secret of ours says so, that is. A reference elsewhere may have been its, and is not by its spec of now.
    if (before.generation !== record.generation) enqueueNamespaces(leftNamespaces(world, record));
    askNoMore(record.name, context);
    touch(record.name);
    return;
  }
  const after = await fetchInto(book, record, context);
  const isNew = before?.generation !== after.generation || before.material.digest !== after.material.digest;
  if (!after.isAwaitingFirst && (isNew || before.isAwaitingFirst)) rollOut(record, context);
  touch(record.name);
}

async function fetchInto(
  book: CredentialBook,
  record: CredentialRecord,
  context: CredentialLoopContext,
): Promise<CredentialEntry> {
  const before = book.get(record);
  const remembered = before === undefined ? rememberedStates(record, context.world) : [];
  const known = remembered.filter(one => one !== undefined);
  if (known.length > 0) context.learn(record.name, known);
  const states = await registryStates(record, before, remembered, context);
  context.learn(record.name, states.registries);
  const wait = awaitingFirstFor(states.registries, context);
  const again = [wait, untilTurn(states.registries, context)].filter(after => after !== undefined);
  if (again.length > 0) context.lookAgain(record.name, Math.max(0, Math.min(...again)));
  const isNew = before === undefined || before.isAwaitingFirst || before.generation !== record.generation;
  return book.set(record, { ...states, isAwaitingFirst: wait !== undefined && isNew });
}

function rollOut(
  record: CredentialRecord,
  { world, ledger, rollouts, enqueueNamespaces }: CredentialLoopContext,
): void {
  // One that was selected and refused carries no mark: only the ledger knows that it is to be counted no more.
  const namespaces = union(affectedNamespaces(world, record), ledger.namespacesOf(record.name));
  rollouts.begin(record.name, namespaces);
  enqueueNamespaces(namespaces);
}

const union = (...lists: readonly string[][]): string[] => [...new Set(lists.flat())];

/** The finalizer goes when every namespace was seen to be clean after the deletion. */
async function finalize(record: CredentialRecord, context: CredentialLoopContext): Promise<void> {
  const { name, finalizers } = record;
  const { book, rollouts, world, enqueueNamespaces, touch } = context;
  const isHeld = finalizers.includes(FINALIZER);
  // Somebody may have taken it off before all was undone.
  const isLeft = isHeld || isListedAnywhere(world, name);
  if (isLeft && !book.isUndoing(record)) await beginUndo(record, context);
  if (rollouts.isPending(name)) return touch(name);
  if (!isHeld) {
    // Others hold it: status says who, and of its logins what was said last, as it would after a restart.
    book.forgetLogins(name);
    enqueueNamespaces(markedNamespaces(world, name));
    return touch(name);
  }
  await writeFinalizers(
    record,
    finalizers.filter(finalizer => finalizer !== FINALIZER),
    context,
  );
  context.log.info('undone', { credential: name });
  context.events.undone(record);
}

async function beginUndo(record: CredentialRecord, context: CredentialLoopContext): Promise<void> {
  const { book, rollouts } = context;
  // Deleted while no operator ran: to leave one's part and no other's, one has to know both.
  if (book.get(record) === undefined) await fetchInto(book, record, context);
  askNoMore(record.name, context);
  book.beginUndo(record);
  rollouts.forget(record.name);
  rollOut(record, context);
}

async function addFinalizer(
  record: CredentialRecord,
  context: CredentialLoopContext,
): Promise<CredentialRecord> {
  const marked = await writeFinalizers(record, [...record.finalizers, FINALIZER], context);
  context.world.credentials.observe(marked);
  context.book.invalidate();
  return marked;
}

async function writeFinalizers(
  { name, uid, resourceVersion }: CredentialRecord,
  finalizers: readonly string[],
  { client }: CredentialLoopContext,
): Promise<CredentialRecord> {
  const { body } = await client.request<KubeObject>({
    method: 'PATCH',
    path: credentialPath(name),
    contentType: 'application/merge-patch+json',
    body: { metadata: { uid, resourceVersion, finalizers } },
  });
  return slimCredential(body);
}
