// Keeps what a kubeconfig gives for logging in, and asks again soon enough to follow a
// rotation. client-node has caches of its own below; a new KubeConfig starts without them.

import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Clock } from '../clock.ts';
import type { Authentication, Endpoint, TlsMaterial } from './endpoint.ts';
import { TransportError } from './errors.ts';

/** Milliseconds; the kubelet itself needs up to a minute to bring a rotated token into a pod. */
const KEPT = 10_000;

export class KubeConfigEndpoint implements Endpoint {
  readonly server: string;
  readonly namespace: string | undefined;
  readonly proxyUrl: string | undefined;
  readonly #load: () => KubeConfig;
  readonly #clock: Clock;
  #config: KubeConfig | undefined;
  #current: { readonly answer: Promise<Authentication>; readonly until: number } | undefined;

  constructor(load: () => KubeConfig, clock: Clock) {
    this.#load = load;
    this.#clock = clock;
    const config = load();
    const cluster = config.getCurrentCluster();
    this.server = (cluster?.server ?? '').replace(/\/+$/, '');
    this.namespace = config.getContextObject(config.getCurrentContext())?.namespace;
    this.proxyUrl = cluster?.proxyUrl;
    this.#config = withUser(config);
  }

  authenticate(): Promise<Authentication> {
    const now = this.#clock.monotonic();
    if (this.#current !== undefined && now < this.#current.until) return this.#current.answer;
    const answer = this.#read();
    this.#current = { answer, until: now + KEPT };
    answer.catch(() => {
      // A failure is not kept; whoever awaits the answer sees it.
      if (this.#current?.answer === answer) this.#current = undefined;
    });
    return answer;
  }

  renew(): void {
    this.#current = undefined;
    this.#config = undefined;
  }

  async #read(): Promise<Authentication> {
    const options: RequestOptions = {};
    const config = this.#configNow();
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      // The plugin may still hold what failed, so the next call starts it anew.
      this.#config = undefined;
      throw new TransportError(`could not authenticate: ${authenticationProblem(config, error)}`);
    }
    return { headers: headersOf(options), tls: tlsOf(options) };
  }

  #configNow(): KubeConfig {
    // An exec plugin's answer lives in the KubeConfig, with its own expiry: keep that one.
    const kept = this.#config;
    const config = kept !== undefined && runsPlugin(kept) ? kept : withUser(this.#load());
    this.#config = config;
    return config;
  }
}

function runsPlugin(config: KubeConfig): boolean {
  const user = config.getCurrentUser();
  return Boolean(user?.exec ?? (user?.authProvider && user.authProvider.name !== 'tokenFile'));
}

/** client-node applies the CA of a cluster only if there is a user: one without credentials will do. */
function withUser(config: KubeConfig): KubeConfig {
  const cluster = config.getCurrentCluster();
  if (config.getCurrentUser() !== null || cluster === null) return config;
  const anonymous = new KubeConfig();
  anonymous.loadFromClusterAndUser(cluster, { name: 'anonymous' });
  return anonymous;
}

function headersOf(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    // Tokens come from files, and files end with a newline.
    if (value !== undefined) headers[name.toLowerCase()] = String(value).trim();
  }
  if (options.auth) headers.authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return headers;
}

function tlsOf(options: RequestOptions): TlsMaterial {
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  return {
    ...(ca ? { ca: String(ca) } : {}),
    ...(cert ? { cert: String(cert) } : {}),
    ...(key ? { key: String(key) } : {}),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    ...(servername ? { servername } : {}),
  };
}

/**
 * Neither the output of a plugin nor a parser's message about it is passed on: both can hold the token. Nor is
 * the name of a file, for who put a key where its file belongs would find it in the log.
 */
function authenticationProblem(config: KubeConfig, error: unknown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  const field = path === undefined ? undefined : fieldOf(config, path);
  if (field !== undefined) return `the file of its ${field} cannot be read (${code})`;
  const command: unknown = config.getCurrentUser()?.exec?.command;
  if (typeof command === 'string') {
    // Whatever follows a blank was meant for args.
    const plugin = command.split(/\s/, 1)[0];
    return code === 'ENOENT'
      ? `the exec plugin ${plugin} is not installed`
      : `the exec plugin ${plugin} failed; run it by hand to see why`;
  }
  return 'the credentials of the kubeconfig cannot be used';
}

/** Which field of the kubeconfig names this file. */
function fieldOf(config: KubeConfig, path: string): string | undefined {
  const user = config.getCurrentUser();
  const files = {
    'certificate-authority': config.getCurrentCluster()?.caFile,
    'client-certificate': user?.certFile,
    'client-key': user?.keyFile,
    token: user?.authProvider?.config?.tokenFile,
  };
  return Object.entries(files).find(([, file]) => file === path)?.[0];
}
