// kubectl regcred: the only file of the command line that knows the process and its environment.

import { homedir } from 'node:os';
import { HttpKubeClient } from '../kube/client.ts';
import { endpointOfUser } from '../kube/user-kube-config.ts';
import { checkLogin } from '../registry/check-login.ts';
import { version } from '../version.ts';
import { run } from './program.ts';

/** Milliseconds: a person waits. */
const TIMEOUTS = { connect: 5_000, headers: 30_000, body: 30_000 };

// Whoever reads our output may have had enough of it, as `head` does.
process.stdout.on('error', () => process.exit(0));
process.stderr.on('error', () => {});

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  version,
  check: login => checkLogin(login, { environment: process.env }),
  connect: ({ kubeconfig, context }) => {
    const endpoint = endpointOfUser({ file: kubeconfig, context, environment: process.env, home: homedir() });
    const client = new HttpKubeClient({ endpoint, version, environment: process.env, timeouts: TIMEOUTS });
    return { client, namespace: endpoint.namespace, close: () => client.close() };
  },
});
