// Finds out where the API server is: from a kubeconfig that one names, or as a pod.
// Never from the user's current context unasked. What cannot work is said at once.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
// The index of the package would load every model of the Kubernetes API.
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { type Clock, systemClock } from '../clock.ts';
import type { Environment } from '../net/proxy.ts';
import type { Endpoint } from './endpoint.ts';
import { KubeConfigEndpoint } from './kube-config-endpoint.ts';

/** One line that says what to do. */
export class KubeConfigError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KubeConfigError';
  }
}

/** Characters; a token alone is longer. */
const LONGEST_FILE = 255;

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Throws KubeConfigError. */
export function endpointOfFile(file: string, clock: Clock = systemClock): Endpoint {
  return new KubeConfigEndpoint(() => checkedConfig(readConfig(file), file), clock);
}

/** Throws KubeConfigError. */
export function endpointOfPod(
  environment: Environment,
  clock: Clock = systemClock,
  folder = SERVICE_ACCOUNT,
): Endpoint {
  const host = environment.KUBERNETES_SERVICE_HOST;
  const port = environment.KUBERNETES_SERVICE_PORT;
  if (!host || !port) {
    throw new KubeConfigError(
      'not in a pod (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set): name a kubeconfig with --kubeconfig FILE',
    );
  }
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const namespace = podNamespace(folder);
  return new KubeConfigEndpoint(() => podConfig(server, folder, namespace), clock);
}

function podNamespace(folder: string): string {
  try {
    return readFileSync(join(folder, 'namespace'), 'utf8').trim();
  } catch (cause) {
    throw new KubeConfigError(
      `could not read ${join(folder, 'namespace')}: the pod needs its ServiceAccount token (automountServiceAccountToken)`,
      { cause },
    );
  }
}

function podConfig(server: string, folder: string, namespace: string): KubeConfig {
  const config = new KubeConfig();
  const tokenFile = join(folder, 'token');
  config.loadFromOptions({
    clusters: [{ name: 'pod', server, caFile: join(folder, 'ca.crt'), skipTLSVerify: false }],
    users: [{ name: 'pod', authProvider: { name: 'tokenFile', config: { tokenFile } } }],
    contexts: [{ name: 'pod', cluster: 'pod', user: 'pod', namespace }],
    currentContext: 'pod',
  });
  return config;
}

/** With paths that do not depend on the working directory. Throws KubeConfigError. */
export function readConfig(file: string): KubeConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new KubeConfigError(
      canBeFile(file)
        ? `could not read the kubeconfig ${file}: ${code}`
        : `could not read the kubeconfig: ${code}; --kubeconfig takes the name of a file, not what is in it`,
    );
  }
  const config = new KubeConfig();
  try {
    config.loadFromString(text);
  } catch (error) {
    throw new KubeConfigError(`the kubeconfig ${file} cannot be used: ${parseProblem(error)}`);
  }
  config.makePathsAbsolute(dirname(file));
  return config;
}

/** A variable that was given the content instead, token and all, must not be quoted. */
const canBeFile = (file: string): boolean => file.length <= LONGEST_FILE && !/\p{Cc}/u.test(file);

/** The parser's own message quotes the file, and the file holds credentials. */
function parseProblem(error: unknown): string {
  const { name, reason = 'syntax error', mark, message, code } = error as YamlProblem;
  if (name === 'YAMLException') {
    // The reason quotes an alias or a tag, and a token that begins with * or ! without quotes is taken for one.
    const [unquoted] = reason.split(/ ?["!<]|: /);
    return `it is not YAML (${unquoted}${mark?.line === undefined ? '' : `, line ${mark.line + 1}`})`;
  }
  if (error instanceof TypeError) return 'it is no kubeconfig (expected clusters, users, contexts)';
  // The loader reads no other file; its name stays out, for it may be the token itself.
  if (code !== undefined) return `the token-file of a user cannot be read (${code})`;
  // What the loader says itself: "clusters[0].cluster.server is missing".
  return message ?? 'it is no kubeconfig';
}

interface YamlProblem {
  readonly name?: string;
  readonly reason?: string;
  readonly mark?: { readonly line?: number };
  readonly message?: string;
  readonly code?: string;
}

/** The same, when what its context names is all there. Throws KubeConfigError. */
export function checkedConfig(config: KubeConfig, file: string): KubeConfig {
  const refuse = (problem: string): never => {
    throw new KubeConfigError(`the kubeconfig ${file} cannot be used: ${problem}`);
  };
  const name = config.getCurrentContext();
  if (!name) return refuse('it has no current-context; set one with kubectl config use-context');
  const context = config.getContexts().find(each => each.name === name);
  if (context === undefined) return refuse(`it has no context "${name}", which current-context names`);
  const cluster = config.getClusters().find(each => each.name === context.cluster);
  if (cluster === undefined) return refuse(`it has no cluster "${context.cluster}", which "${name}" names`);
  if (!/^https?:\/\/[^/]/.test(cluster.server) || !URL.canParse(cluster.server)) {
    return refuse(`the server of cluster "${cluster.name}" is not an http(s) URL`);
  }
  if (cluster.server.startsWith('http:') && !cluster.skipTLSVerify) {
    return refuse(`cluster "${cluster.name}" is http: use https, or set insecure-skip-tls-verify: true`);
  }
  if (context.user && !config.getUsers().some(each => each.name === context.user)) {
    return refuse(`it has no user "${context.user}", which "${name}" names`);
  }
  const provider: unknown = config.getCurrentUser()?.authProvider?.name;
  if (provider === 'gcp' || provider === 'azure') {
    // client-node would let its command write to our own stderr.
    return refuse(`the auth-provider ${provider} is gone from kubectl since 1.26: use an exec plugin`);
  }
  return config;
}
