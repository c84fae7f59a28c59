// The main job as an admin lives it: a login is stored once, namespaces opt in, pods get it; one opts out.
// Each claim is checked before it is made: a demo that does not work must fail.

import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { maskedDockerConfig } from './masked.ts';
import { quietly, type Stage, show, tell } from './stage.ts';

export const NAMESPACES = ['demo-apps', 'demo-web', 'demo-other'] as const;
export const CREDENTIAL = 'registrycredential/private-registry';
const [APPS, WEB, OTHER] = NAMESPACES;

const SAMPLE = relative(
  process.cwd(),
  fileURLToPath(new URL('../../manifests/samples/registrycredential.yaml', import.meta.url)),
);
const LABEL = 'regcred.dev/sync';
const PATIENCE = '--timeout=60s';

export async function optIn(stage: Stage): Promise<void> {
  tell(`The login is stored once, in the operator's namespace.`);
  await show(stage, [
    ...['-n', OPERATOR_NAMESPACE, 'create', 'secret', 'docker-registry', 'private-registry'],
    ...['--docker-server=private-registry.io', '--docker-username=registry-user'],
    ...['--docker-password=not-a-real-password', '--docker-email=registry-user@org.com'],
  ]);
  tell('A RegistryCredential hands it out, to the namespaces that opt in by a label.');
  await show(stage, ['apply', '-f', SAMPLE]);
  for (const namespace of NAMESPACES) await show(stage, ['create', 'namespace', namespace]);
  await show(stage, ['label', 'namespace', APPS, WEB, `${LABEL}=true`]);
  await show(stage, ['wait', '--for=condition=Ready', CREDENTIAL, PATIENCE]);
  await counted(stage, '2/2');
  await show(stage, ['get', 'registrycredentials']);
}

export async function lookAround(stage: Stage): Promise<void> {
  tell('Each of the two has the login (password and auth are masked here, not there).');
  const path = String.raw`jsonpath={.data.\.dockerconfigjson}`;
  for (const namespace of [APPS, WEB]) {
    await show(stage, ['-n', namespace, 'get', 'secret', 'regcred', '-o', path], maskedDockerConfig);
  }
  tell('The ServiceAccounts there refer to it; all others are as they were.');
  await showAccounts(stage);
  expectReferences(await references(stage), { [APPS]: ['regcred'], [WEB]: ['regcred'], [OTHER]: [] });
}

export async function runPods(stage: Stage): Promise<void> {
  tell('So a pod pulls private images with nothing in its own manifest: admission has filled it in.');
  for (const namespace of [APPS, OTHER]) {
    await untilAccount(stage, namespace);
    await show(stage, ['-n', namespace, 'run', 'app', '--image=private-registry.io/apps/internal-app']);
  }
  const columns = `custom-columns=NAMESPACE:.metadata.namespace,POD:.metadata.name,PULLSECRETS:.spec.imagePullSecrets[*].name`;
  await show(stage, ['get', 'pods', '-A', '-l', 'run=app', '-o', columns]);
  const path = ['-o', 'jsonpath={.spec.imagePullSecrets[*].name}'];
  const filledIn = await quietly(stage, ['-n', APPS, 'get', 'pod', 'app', ...path]);
  if (filledIn !== 'regcred') throw new Error(`the pod in ${APPS} has the pull secrets "${filledIn}"`);
  if (stage.cluster.way === 'bare') console.log('(There is no node here: the pods stay Pending.)');
}

export async function optOut(stage: Stage): Promise<void> {
  tell('A namespace that opts out is left as it was before: no Secret, no reference.');
  await show(stage, ['label', 'namespace', WEB, `${LABEL}-`]);
  await show(stage, ['-n', WEB, 'wait', '--for=delete', 'secret/regcred', PATIENCE]);
  await show(stage, ['-n', WEB, 'get', 'secret', 'regcred', '--ignore-not-found'], none);
  await counted(stage, '1/1');
  await showAccounts(stage);
  expectReferences(await references(stage), { [APPS]: ['regcred'], [WEB]: [], [OTHER]: [] });
  await show(stage, ['get', 'registrycredentials']);
}

const none = (out: string) => out || '(nothing)';

/** Both counts: a namespace is served before its ServiceAccount exists, too. */
async function counted(stage: Stage, summary: string): Promise<void> {
  for (const field of ['namespaces', 'serviceAccounts']) {
    const reached = `--for=jsonpath={.status.${field}.summary}=${summary}`;
    await quietly(stage, ['wait', reached, CREDENTIAL, PATIENCE]);
  }
  await quietly(stage, ['wait', '--for=condition=Ready', CREDENTIAL, PATIENCE]);
}

/** A pod is refused until its namespace has the default ServiceAccount. */
const untilAccount = (stage: Stage, namespace: string) =>
  quietly(stage, ['-n', namespace, 'wait', '--for=create', 'serviceaccount/default', PATIENCE]);

const DEFAULT_ACCOUNTS = ['get', 'serviceaccounts', '-A', '--field-selector=metadata.name=default'];

const showAccounts = (stage: Stage) =>
  show(stage, [
    ...DEFAULT_ACCOUNTS,
    '-o',
    'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,PULLSECRETS:.imagePullSecrets[*].name',
  ]);

interface Account {
  readonly metadata: { readonly namespace: string };
  readonly imagePullSecrets?: readonly { readonly name: string }[];
}

async function references(stage: Stage): Promise<Map<string, string[]>> {
  const list: { items: Account[] } = JSON.parse(await quietly(stage, [...DEFAULT_ACCOUNTS, '-o', 'json']));
  return new Map(
    list.items.map(account => [
      account.metadata.namespace,
      (account.imagePullSecrets ?? []).map(({ name }) => name),
    ]),
  );
}

function expectReferences(found: Map<string, string[]>, expected: Record<string, string[]>): void {
  for (const [namespace, names] of Object.entries(expected)) {
    if (String(found.get(namespace)) === String(names)) continue;
    throw new Error(
      `the ServiceAccount ${namespace}/default has [${found.get(namespace)}], expected [${names}]`,
    );
  }
}
