// The list of all failure paths of src/: what is logged when something fails, and what is thrown. A unit test
// sees to it that none is missing; the tests named here drive them with a marked credential, and look for it.

export type Driven =
  | { readonly by: readonly DrivenBy[] }
  /** Why it cannot be driven from outside; printed as skipped. */
  | { readonly skipped: string };

export type DrivenBy = 'proxy' | 'start' | 'crash' | 'refusals' | 'sources';

const by = (...tests: DrivenBy[]): Driven => ({ by: tests });
const skipped = (why: string): Driven => ({ skipped: why });

/** By the constant message of a log line, above info. */
export const LOGGED: Readonly<Record<string, Driven>> = {
  'could not watch the API server, will retry': by('proxy', 'start'),
  'skipped an object that could not be read': by('proxy'),
  'could not reconcile': by('proxy'),
  'could not write': by('proxy', 'refusals'),
  'nothing written': by('proxy'),
  'could not keep logins for a restart, will retry': by('refusals'),
  'could not keep logins for a restart, somebody else has a Secret of that name: delete it': skipped(
    'names the RegistryCredential and the Secret',
  ),
  'could not write status': by('proxy'),
  'could not fetch a login, will retry': skipped(
    'says what the source says; src/controller/fetches.test.ts drives it, and each source has a test of its messages',
  ),
  'could not understand how a source failed': skipped(
    'names the source and the kind of the error; src/controller/fetches.test.ts has one with a password in it',
  ),
  'could not write an event': by('proxy'),
  'could not try a login': skipped(
    'a registry makes a verdict of it, whatever it does; only a mistake of ours is logged, and the redactor knows the login',
  ),
  'could not renew or take the lease': by('proxy'),
  'stopped without an answer to every request': by('crash'),
  'ended by a mistake of the operator': by('crash'),
  'could not handle a change': skipped(
    'no record store throws; src/kube/reflector-failures.test.ts has one that does',
  ),
  'could not give the lease back': skipped(
    'needs a refusal within the last second; the error is that of a renewal',
  ),
  'etcd was restored to an older state: beginning anew, as after a restart': skipped('a constant'),
  'lost the lease': skipped('names the Lease and the holder, and nothing that came from anybody else'),
  'could not record an event': skipped('nothing that it calls throws'),
  'stopped with events unwritten': skipped('is a number'),
  'left out an event': skipped('names the RegistryCredential and one of two constant causes'),
  'could not answer a request': skipped(
    'neither probes nor metrics fail; src/server.test.ts has some that do',
  ),
};

interface Thrown {
  /** So many errors are made in this file. */
  readonly count: number;
  readonly driven: Driven;
}

/** By file of src/. */
export const THROWN: Readonly<Record<string, Thrown>> = {
  'config.ts': { count: 8, driven: by('start') },
  'main.ts': {
    count: 1,
    driven: skipped(
      'says what undo-all could not do: names of RegistryCredentials and what their status says; e2e/chart drives it',
    ),
  },
  'server.ts': { count: 1, driven: by('start') },
  'controller/ask-source.ts': { count: 1, driven: skipped('a constant, which becomes a message of status') },
  'core/docker-config.ts': {
    count: 1,
    driven: skipped('every caller asks first whether the server has a key'),
  },
  'kube/client.ts': { count: 2, driven: by('proxy') },
  'kube/connection.ts': { count: 1, driven: by('crash') },
  'kube/kube-config.ts': { count: 5, driven: by('start') },
  'kube/errors.ts': { count: 1, driven: skipped('the same error as before, with less time to wait') },
  'kube/kube-config-endpoint.ts': { count: 1, driven: by('start') },
  'kube/user-kube-config.ts': {
    count: 2,
    driven: skipped('of kubectl-regcred: one is constant, the other names the --context that was written'),
  },
  'kube/lease-election.ts': { count: 1, driven: skipped('a constant') },
  'kube/lease-gate.ts': { count: 1, driven: skipped('names method and path of a request') },
  'kube/lease-store.ts': { count: 2, driven: by('proxy') },
  'kube/lease-term.ts': { count: 1, driven: skipped('a constant') },
  'kube/limiter.ts': { count: 1, driven: skipped('config.ts has refused the number before') },
  'kube/reflector-problem.ts': { count: 1, driven: by('proxy') },
  'kube/reflector.ts': { count: 2, driven: by('proxy') },
  'kube/status-error.ts': { count: 2, driven: by('proxy') },
  'kube/transport-failure.ts': { count: 1, driven: by('proxy', 'start') },
  'kube/watch-connection.ts': { count: 1, driven: skipped('a constant') },
  'kube/watch-session.ts': { count: 3, driven: skipped('constants') },
  'kube/watch-progress.ts': { count: 2, driven: skipped('constants, and a message of status-error.ts') },
  'kube/watch-stream.ts': { count: 2, driven: by('proxy') },
  'net/answer-text.ts': { count: 1, driven: skipped('takes 16 MiB; the text is a number') },
  'net/exchange.ts': { count: 1, driven: skipped('takes an answer of 101; a constant') },
  'net/guarded-agent.ts': { count: 1, driven: skipped('a constant, which becomes a verdict') },
  'net/proxy.ts': { count: 1, driven: by('start') },
  'sources/acr-client.ts': { count: 1, driven: skipped('a constant') },
  'sources/cloud-conversation.ts': { count: 1, driven: skipped('a constant') },
  'sources/gar-client.ts': { count: 1, driven: skipped('a constant') },
  'net/timeout-error.ts': { count: 1, driven: skipped('takes 10 s or 30 s; the text is a number') },
};

/** What nobody can hold back, or what was left as it is. */
export const LIMITS: Readonly<Record<string, string>> = {
  'the value of a flag':
    'is quoted up to 64 characters when it cannot be obeyed: anybody sees it in the pod anyway',
  'a pod without its token file': 'the path is a fixed one; src/kube/kube-config.test.ts has such a pod',
  'a password in the place of a server':
    'is shown if it looks like a host (a dot or a port): nothing tells it from one',
  'what node itself prints on request':
    'NODE_DEBUG, --inspect, --report-*: whoever can set them has the token',
};
