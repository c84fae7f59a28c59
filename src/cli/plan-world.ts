// The namespaces as plan sees them, for a command that reads them once and writes nothing.

import { NAMESPACES_PATH, SECRETS_PATH, SERVICE_ACCOUNTS_PATH } from '../controller/paths.ts';
import { slimNamespace, slimSecret, slimServiceAccount } from '../controller/slim.ts';
import { byNamespace } from '../core/by-namespace.ts';
import type { Seen } from '../core/pull-facts.ts';
import type { NamespaceRecord, SecretRecord, ServiceAccountRecord } from '../core/records.ts';
import type { CredentialView, NamespaceView } from '../core/view.ts';
import type { KubeObject } from '../kube/kube-client.ts';
import type { ClusterReader } from './cluster-reader.ts';
import { CommandError } from './failure.ts';

export interface PlanWorld {
  readonly namespaces: readonly NamespaceRecord[];
  readonly serviceAccounts: ReadonlyMap<string, readonly ServiceAccountRecord[]>;
  readonly secrets: ReadonlyMap<string, readonly SecretRecord[]>;
  readonly operatorNamespace: string;
  readonly secretNames: readonly string[];
}

export interface WorldRequest {
  /** The only one to be looked at; undefined: all. */
  readonly namespace: string | undefined;
  readonly operatorNamespace: string;
  readonly secretNames: readonly string[];
}

/** Throws when the caller may not read enough of it for a plan. */
export async function readWorld(request: WorldRequest, reader: ClusterReader): Promise<PlanWorld> {
  const { namespace, operatorNamespace, secretNames } = request;
  const inOne = namespace === undefined ? undefined : `${NAMESPACES_PATH}/${encodeURIComponent(namespace)}`;
  const where = inOne === undefined ? '' : ` in namespace ${namespace}`;
  const [namespaces, accounts, ...secrets] = await Promise.all([
    inOne === undefined ? reader.list(NAMESPACES_PATH) : reader.get(inOne),
    reader.list(inOne === undefined ? SERVICE_ACCOUNTS_PATH : `${inOne}/serviceaccounts`),
    ...secretNames.map(name =>
      reader.list(inOne === undefined ? SECRETS_PATH : `${inOne}/secrets`, {
        fieldSelector: `metadata.name=${name}`,
      }),
    ),
  ]);
  const records = [needed<KubeObject | readonly KubeObject[]>(namespaces, `read namespaces${where}`)].flat();
  const accountRecords = needed(accounts, `list serviceaccounts${where}`).map(slimServiceAccount);
  const secretRecords = secrets.flatMap((seen, index) =>
    needed(seen, `list secrets named ${secretNames[index]}${where}`).map(slimSecret),
  );
  return {
    namespaces: records.map(slimNamespace).sort((a, b) => (a.name < b.name ? -1 : 1)),
    serviceAccounts: byNamespace(accountRecords),
    secrets: byNamespace(secretRecords),
    operatorNamespace,
    secretNames,
  };
}

function needed<T>(seen: Seen<T>, what: string): T {
  if (seen.state === 'read') return seen.value;
  const why = seen.state === 'absent' ? 'there is none' : seen.why;
  throw new CommandError(
    `could not ${what}, which a plan needs (${why}): name a namespace that you may read with -n`,
  );
}

export function viewIn(
  world: PlanWorld,
  namespace: NamespaceRecord,
  credentials: readonly CredentialView[],
): NamespaceView {
  return {
    namespace,
    serviceAccounts: world.serviceAccounts.get(namespace.name) ?? [],
    secrets: world.secrets.get(namespace.name) ?? [],
    credentials,
    operatorNamespace: world.operatorNamespace,
    secretNames: world.secretNames,
  };
}
