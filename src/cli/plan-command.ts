// kubectl regcred plan: what applying a file, or deleting a RegistryCredential, would change. By the plan
// function of the operator; nothing is written.

import { FINALIZER } from '../api/names.ts';
import { credentialViewOf } from '../controller/credential-view.ts';
import { isObeyed } from '../controller/obeyed.ts';
import { credentialPath } from '../controller/paths.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { createMerge } from '../core/merge.ts';
import { countsOf, differenceIn } from '../core/plan-difference.ts';
import { stallOf } from '../core/stall.ts';
import type { CredentialView } from '../core/view.ts';
import { ApiError } from '../kube/errors.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { createReader } from './cluster-reader.ts';
import { credentialsIn, namedCredential } from './credential-reader.ts';
import { EXIT, type ExitCode } from './failure.ts';
import { type Draft, readManifest } from './manifest.ts';
import { type Output, printedForScripts } from './output.ts';
import { planText } from './plan-text.ts';
import { readWorld, viewIn } from './plan-world.ts';
import { createSourceReader, materialIn, type SourceReader } from './source-reader.ts';
import { readyOf } from './status-text.ts';

export interface PlanRequest {
  readonly file: string | undefined;
  readonly deleted: string | undefined;
  readonly namespace: string | undefined;
  readonly operatorNamespace: string;
  readonly secretNames: readonly string[];
}

export async function planCommand(
  request: PlanRequest,
  client: KubeClient,
  output: Output,
): Promise<ExitCode> {
  const reader = createReader(client);
  const records = await credentialsIn(reader);
  const notes: string[] = [];
  const changed = await changedRecords(request, records, client, notes);
  const secretNames = [...new Set([...request.secretNames, ...records.filter(isServed).map(secretNameOf)])];
  for (const record of changed) {
    const stall = stallOf(record, secretNames);
    if (stall !== undefined)
      notes.push(`${record.name}: ${stall.message}; if it does, say so with --secret-names`);
  }
  const { operatorNamespace, namespace } = request;
  const world = await readWorld({ namespace, operatorNamespace, secretNames }, reader);
  const sources = createSourceReader(reader, operatorNamespace);
  const [before, after] = await viewsOf(records, changed, secretNames, sources);
  const merge = createMerge();
  const differences = world.namespaces.flatMap(
    one => differenceIn(viewIn(world, one, before), viewIn(world, one, after), merge) ?? [],
  );
  for (const secret of sources.unread)
    notes.push(`${secret} could not be read: its servers stand for its logins`);
  const result = { namespaces: differences, counts: countsOf(differences), notes };
  if (!(await printedForScripts(output, result))) output.print(planText(result, output));
  return result.counts.namespaces > 0 ? EXIT.changes : EXIT.ok;
}

const secretNameOf = ({ spec }: CredentialRecord): string => spec.secretName;

/** The operator obeys it, so it was started with that name. */
const isServed = (record: CredentialRecord): boolean =>
  record.status !== undefined && readyOf(record)?.reason !== 'SecretNameNotServed';

async function changedRecords(
  { file, deleted }: PlanRequest,
  records: readonly CredentialRecord[],
  client: KubeClient,
  notes: string[],
): Promise<readonly CredentialRecord[]> {
  if (file === undefined) {
    const record = namedCredential(records, deleted ?? '');
    return [{ ...record, deleted: true }];
  }
  const { drafts, others } = await readManifest(file);
  if (others > 0) notes.push(`${others} objects of other kinds in ${file} are left out`);
  for (const draft of drafts) await tryDraft(draft, client, notes);
  return drafts.map(draft => recordOf(draft, records));
}

/** The API server says what is wrong with it, if it may be asked. A dry run writes nothing. */
async function tryDraft({ name, object }: Draft, client: KubeClient, notes: string[]): Promise<void> {
  const { status: _, ...body } = object;
  try {
    await client.request({
      method: 'PATCH',
      path: credentialPath(name),
      contentType: 'application/apply-patch+yaml',
      query: { dryRun: 'All', fieldManager: 'kubectl-regcred-plan', force: 'true' },
      body,
    });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 403) throw error;
    notes.push(`${name} was not checked by the API server: ${error.message}`);
  }
}

/** As the operator will have it: with its finalizer, or it would be given nothing. */
function recordOf({ name, spec }: Draft, records: readonly CredentialRecord[]): CredentialRecord {
  const existing = records.find(record => record.name === name);
  const fresh = { name, uid: '', resourceVersion: '', generation: 0, deleted: false, status: undefined };
  return { ...fresh, ...existing, spec, unreadable: undefined, finalizers: [FINALIZER] };
}

/** Before and after the change, each in the order of precedence. */
async function viewsOf(
  records: readonly CredentialRecord[],
  changed: readonly CredentialRecord[],
  secretNames: readonly string[],
  sources: SourceReader,
): Promise<[CredentialView[], CredentialView[]]> {
  const states = new Map(
    await Promise.all(records.map(async record => [record.name, await sources.statesOf(record)] as const)),
  );
  const before = records.map(record => ({ record, states: states.get(record.name) ?? [] }));
  const staying = before.filter(({ record }) => !changed.some(({ name }) => name === record.name));
  const replaced = await Promise.all(
    changed.map(async record => ({
      record,
      states: await sources.statesOf(record, record.deleted ? undefined : (states.get(record.name) ?? [])),
    })),
  );
  const views = (all: typeof before): CredentialView[] =>
    all
      .filter(({ record }) => isObeyed(record, secretNames))
      .map(one => credentialViewOf(one.record, materialIn(one.states)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [views(before), views([...staying, ...replaced])];
}
