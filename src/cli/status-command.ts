// kubectl regcred status: how RegistryCredentials stand, and one of them namespace by namespace.

import { NAMESPACES_PATH, SECRETS_PATH, SERVICE_ACCOUNTS_PATH } from '../controller/paths.ts';
import { slimNamespace, slimSecret, slimServiceAccount } from '../controller/slim.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { type NamespaceState, namespaceStates } from '../core/namespace-state.ts';
import type { Seen } from '../core/pull-facts.ts';
import type { KubeObject } from '../kube/kube-client.ts';
import type { ClusterReader } from './cluster-reader.ts';
import { credentialsIn, namedCredential } from './credential-reader.ts';
import { CommandError, EXIT, type ExitCode } from './failure.ts';
import { type Output, printedForScripts } from './output.ts';
import { credentialsText, isBad, namespacesText, readyOf, remarksText } from './status-text.ts';

export interface StatusRequest {
  readonly name: string | undefined;
  /** The only one to be looked at; undefined: all. */
  readonly namespace: string | undefined;
  readonly operatorNamespace: string;
}

export async function statusCommand(
  request: StatusRequest,
  reader: ClusterReader,
  output: Output,
): Promise<ExitCode> {
  const records = await credentialsIn(reader);
  return request.name === undefined
    ? showAll(records, output)
    : showOne(namedCredential(records, request.name), request, reader, output);
}

async function showAll(records: readonly CredentialRecord[], output: Output): Promise<ExitCode> {
  if (!(await printedForScripts(output, { items: records.map(forScripts) }))) {
    if (records.length === 0) output.print('there is no RegistryCredential');
    else output.print(credentialsText(records, output));
  }
  return records.some(isBad) ? EXIT.problem : EXIT.ok;
}

const forScripts = (record: CredentialRecord) => ({ name: record.name, ...record.status });

async function showOne(
  record: CredentialRecord,
  request: StatusRequest,
  reader: ClusterReader,
  output: Output,
): Promise<ExitCode> {
  const namespaces = await statesOf(record, request, reader);
  if (!(await printedForScripts(output, { ...forScripts(record), namespaceStates: namespaces }))) {
    const remarks = remarksText(record);
    const parts = [
      credentialsText([record], output),
      remarks.join('\n'),
      namespacesText(namespaces, output).join('\n'),
    ];
    output.print(parts.filter(part => part !== '').join('\n\n'));
  }
  const isSuspended = readyOf(record)?.reason === 'Suspended';
  const isWell = namespaces.every(({ state }) => state === 'Synced') || isSuspended;
  return isBad(record) || !isWell ? EXIT.problem : EXIT.ok;
}

async function statesOf(
  record: CredentialRecord,
  { namespace, operatorNamespace }: StatusRequest,
  reader: ClusterReader,
): Promise<NamespaceState[]> {
  const inOne = namespace === undefined ? undefined : `${NAMESPACES_PATH}/${encodeURIComponent(namespace)}`;
  const fieldSelector = `metadata.name=${record.spec.secretName}`;
  const [namespaces, secrets, serviceAccounts] = await Promise.all([
    inOne === undefined ? reader.list(NAMESPACES_PATH) : asList(await reader.get(inOne)),
    reader.list(inOne === undefined ? SECRETS_PATH : `${inOne}/secrets`, { fieldSelector }),
    reader.list(inOne === undefined ? SERVICE_ACCOUNTS_PATH : `${inOne}/serviceaccounts`),
  ]);
  if (namespaces.state !== 'read')
    throw new CommandError(
      namespace === undefined
        ? 'may not list namespaces: name one that you may read with -n'
        : `could not read namespace ${namespace}: ${namespaces.state === 'absent' ? 'there is none' : namespaces.why}`,
    );
  return namespaceStates(record, {
    namespaces: namespaces.value.map(slimNamespace),
    secrets: secrets.state === 'read' ? secrets.value.map(slimSecret) : undefined,
    serviceAccounts:
      serviceAccounts.state === 'read' ? serviceAccounts.value.map(slimServiceAccount) : undefined,
    operatorNamespace,
  });
}

const asList = (one: Seen<KubeObject>): Seen<readonly KubeObject[]> =>
  one.state === 'read' ? { state: 'read', value: [one.value] } : one;
