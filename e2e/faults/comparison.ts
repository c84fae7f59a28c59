// The whole cluster against what it is to be: every namespace, every ServiceAccount, every Secret. What is
// to be comes from the labels that are there, by the rules that a user is told, and not from the operator.

import { PULL_SECRETS_ANNOTATION, SYNC_LABEL } from '../../src/api/names.ts';
import { NAMESPACES_PATH, SECRETS_PATH, SERVICE_ACCOUNTS_PATH } from '../../src/controller/paths.ts';
import type { AnyObject } from '../api/admin.ts';
import { decode, type Logins } from '../api/scenario.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { credentialName, type OwnCluster, passwordOf, serverOf } from '../overload/own-cluster.ts';
import { labelOf } from './churn.ts';

/** One line for each difference; empty when all is as it should be. */
export async function differences(own: OwnCluster, versions: readonly number[]): Promise<string[]> {
  const list = async (path: string, query: Record<string, string> = {}): Promise<AnyObject[]> =>
    (await own.admin.request<{ items: AnyObject[] }>({ method: 'GET', path, query })).body.items;
  const [namespaces, accounts, secrets] = await Promise.all([
    list(NAMESPACES_PATH),
    list(SERVICE_ACCOUNTS_PATH),
    list(SECRETS_PATH, { fieldSelector: 'metadata.name=regcred' }),
  ]);
  const wanted = new Map(namespaces.map(one => [one.metadata.name, loginsFor(one, versions)]));
  const found = new Map(secrets.map(one => [one.metadata.namespace ?? '', decode(one)]));
  return [
    ...[...wanted].flatMap(([name, logins]) => differenceOf(`secret of ${name}`, logins, found.get(name))),
    ...[...found.keys()].filter(name => !wanted.has(name)).map(name => `secret of ${name}: no namespace`),
    ...accounts.flatMap(account => accountDifference(account, wanted)),
  ];
}

function loginsFor({ metadata, status }: AnyObject, versions: readonly number[]): Logins | undefined {
  const { name, labels = {} } = metadata;
  const isOut = labels[SYNC_LABEL] === 'false' || name === OPERATOR_NAMESPACE;
  const selected = [...versions.entries()].filter(([credential]) => labels[labelOf(credential)] === 'true');
  if (isOut || status.phase === 'Terminating' || selected.length === 0) return undefined;
  return Object.fromEntries(
    selected.map(([credential, version]) => [
      serverOf(credential),
      [credentialName(credential), passwordOf(credential, version)],
    ]),
  );
}

function accountDifference(account: AnyObject, wanted: ReadonlyMap<string, unknown>): string[] {
  const { namespace = '', name, annotations } = account.metadata;
  const expected = wanted.get(namespace) === undefined ? [] : ['regcred'];
  const pullSecrets = (account.imagePullSecrets ?? []).map((one: { name: string }) => one.name);
  return [
    ...differenceOf(`list of ${namespace}/${name}`, expected, pullSecrets),
    ...differenceOf(`note on ${namespace}/${name}`, expected[0], annotations?.[PULL_SECRETS_ANNOTATION]),
  ];
}

const differenceOf = (what: string, expected: unknown, found: unknown): string[] =>
  JSON.stringify(expected) === JSON.stringify(found)
    ? []
    : [`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];
