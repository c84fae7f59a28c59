// The floor: a bare loop that makes the writes that cannot be avoided, with the operator's identity and under its
// policies, with as many in flight. A process of its own, as the operator is, with the same flags of Node.
//
//   KUBECONFIG PARALLEL CREDENTIALS cold            lists what is there, then serves all of it
//   KUBECONFIG PARALLEL CREDENTIALS two-writes      the same, but lists of ServiceAccounts stay the operator's
//   KUBECONFIG PARALLEL CREDENTIALS told            serves each namespace or ServiceAccount that a line on stdin tells of
//   KUBECONFIG PARALLEL CREDENTIALS rotate VERSION  lists, says "ready", and at a line on stdin writes that login into
//                                                   all Secrets

import { createInterface } from 'node:readline';
import { SECRETS_PATH, SERVICE_ACCOUNTS_PATH } from '../../src/controller/paths.ts';
import type { KubeObject } from '../../src/kube/kube-client.ts';
import { FLEET_PREFIX } from '../names.ts';
import { connect } from './connection.ts';
import { type Account, attach, loginsOf, serve, type Work, writeSecret } from './writes.ts';

const [kubeconfig = '', parallel = '', credentials = '1', mode = '', version = '0'] = process.argv.slice(2);
const logins = loginsOf(Number(version), Number(credentials));
const { send, close } = await connect(kubeconfig, Number(parallel));
const waiting: Work[] = [];
let running = 0;
let taken = 0;

const isCold = mode === 'cold' || mode === 'two-writes';

if (isCold) work(serve(await accounts(), logins, mode === 'cold'));
else if (mode === 'told') {
  await accounts();
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin }))
    work([workOf(JSON.parse(line) as Account | Pick<Account, 'namespace'>)]);
} else {
  const secrets = await list(SECRETS_PATH, 'metadata.name=regcred');
  console.log('ready');
  for await (const _ of createInterface({ input: process.stdin }))
    work(secrets.map(({ namespace = '', uid }) => writeSecret(namespace, uid, logins)));
}

function work(tasks: readonly Work[]): void {
  for (const task of tasks) waiting.push(task);
  while (running < Number(parallel) && taken < waiting.length) {
    running += 1;
    void next();
  }
}

function workOf(told: Account | Pick<Account, 'namespace'>): Work {
  return 'name' in told ? attach(told) : writeSecret(told.namespace, undefined, logins);
}

async function next(): Promise<void> {
  for (let task = waiting[taken++]; task !== undefined; task = waiting[taken++]) await task(send);
  taken = waiting.length;
  running -= 1;
  if (running === 0 && isCold) close();
}

async function accounts(): Promise<Account[]> {
  return (await list(SERVICE_ACCOUNTS_PATH, '')).map(({ namespace = '', name, resourceVersion }) => ({
    namespace,
    name,
    resourceVersion,
  }));
}

async function list(path: string, fieldSelector: string): Promise<KubeObject['metadata'][]> {
  // From the API server's memory, as a watch begins.
  const query = { resourceVersion: '0', fieldSelector };
  const { items } = JSON.parse(await send({ method: 'GET', path, query })) as { items: KubeObject[] };
  return items
    .map(({ metadata }) => metadata)
    .filter(({ namespace }) => namespace?.startsWith(FLEET_PREFIX) === true);
}
