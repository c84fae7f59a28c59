// One process of the operator in a simulation: all of a production replica, on the simulated
// network and clock. A crash ends it without a word; what comes after it is another one.

import type { VerificationMode } from '../../api/types.ts';
import type { Random } from '../../clock.ts';
import { HttpKubeClient } from '../../kube/client.ts';
import type { Endpoint } from '../../kube/endpoint.ts';
import type { KubeRequest, KubeResponse } from '../../kube/kube-client.ts';
import type { Log, LogFields, LogLevel } from '../../log.ts';
import { toLoggable, toLoggableText } from '../../log-fields.ts';
import { createRedactor } from '../../redactor.ts';
import { createReplica, type Replica } from '../../replica.ts';
import { failed } from '../../sources/source-failure.ts';
import { OPERATOR_NAMESPACE } from '../builders.ts';
import { NO_METRICS } from '../no-metrics.ts';
import { parsePath } from '../resources.ts';
import { Decisions } from './decisions.ts';
import type { Caller, Network } from './network.ts';
import { MARK, SECRET_NAMES } from './pools.ts';
import { Registries, type Told } from './registries.ts';
import { ReplicaClock } from './replica-clock.ts';
import { SimTransport } from './sim-transport.ts';
import { type Topics, Views } from './views.ts';
import { SERVER } from './wire-format.ts';

export interface IncarnationOptions {
  readonly network: Network;
  readonly topics: Topics;
  readonly index: number;
  readonly identity: string;
  readonly election: boolean;
  readonly verification: VerificationMode;
  readonly random: Random;
  /** A line as it is printed. */
  readonly onLog: (level: LogLevel, line: string) => void;
}

const ENDPOINT: Endpoint = {
  server: SERVER,
  namespace: undefined,
  proxyUrl: undefined,
  authenticate: async () => ({ headers: { authorization: `Bearer ${MARK}-token` }, tls: {} }),
  renew: () => undefined,
};

export class Incarnation implements Caller {
  readonly index: number;
  readonly identity: string;
  readonly clock: ReplicaClock;
  readonly views: Views;
  readonly #options: IncarnationOptions;
  readonly #decisions: Decisions;
  readonly #registries: Registries;
  readonly #replica: Replica;

  constructor(options: IncarnationOptions) {
    const { network, index, identity, random, election } = options;
    const { time } = network;
    this.#options = options;
    this.index = index;
    this.identity = identity;
    this.clock = new ReplicaClock(time, Math.floor(random() * 1_000_000));
    this.#registries = new Registries(this.clock);
    this.views = new Views(options.topics, () => time.now);
    this.#decisions = new Decisions(this.views, () => time.now);
    const redactor = createRedactor();
    this.#replica = createReplica(
      {
        namespace: OPERATOR_NAMESPACE,
        secretNames: SECRET_NAMES,
        leaderElect: election,
        maxConcurrentWrites: 4,
        defaultVerification: options.verification,
        tokenServers: new Map(),
      },
      {
        connect: writes => this.#connect(writes),
        identity,
        clock: this.clock,
        random,
        log: this.#log(text => redactor.redact(text)),
        redactor,
        metrics: NO_METRICS,
        ask:
          network.ask ?? (async ({ kind }) => failed('TokenUnavailable', `nobody gives tokens of ${kind}`)),
        checkLogin: login => this.#registries.check(login),
      },
    );
  }

  toldOf(login: string): Told | undefined {
    return this.#registries.told(login);
  }

  get suspects(): readonly string[] {
    return this.#registries.suspects;
  }

  isTrying(login: string): boolean {
    return this.#registries.isTrying(login);
  }

  start(): void {
    this.#replica.start();
  }

  stop(): Promise<void> {
    return this.#replica.stop();
  }

  /** As `kill -9`: what it has sent may still arrive, and nothing comes back. */
  crash(): void {
    const { network } = this.#options;
    this.clock.die();
    for (const stream of [...network.watches]) if (stream.caller === this) stream.abort(undefined);
  }

  #connect(maxConcurrentWrites: number): HttpKubeClient {
    const { network, random } = this.#options;
    const decided = this.#decisions;
    class Noted extends HttpKubeClient {
      override async request<T>(request: KubeRequest): Promise<KubeResponse<T>> {
        const key = subjectOf(request);
        decided.begin(key);
        try {
          return await super.request<T>(request);
        } finally {
          decided.end(key);
        }
      }
    }
    return new Noted({
      endpoint: ENDPOINT,
      version: 'simulated',
      maxConcurrentWrites,
      clock: this.clock,
      random,
      transport: new SimTransport(network, this, request => decided.of(subjectOf(request))),
    });
  }

  /** What the production log prints, without the printing. */
  #log(redact: (text: string) => string): Log {
    const at =
      (level: LogLevel) =>
      (message: string, fields: LogFields = {}): void =>
        this.#options.onLog(
          level,
          `${level} ${toLoggableText(message, redact)} ${JSON.stringify(toLoggable(fields, redact))}`,
        );
    return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
  }
}

/** What one plan is about: a namespace, or a RegistryCredential. */
function subjectOf({ path }: Pick<KubeRequest, 'path'>): string {
  const { namespace, name = '', resource } = parsePath(path);
  return namespace ?? `${resource.name} ${name}`;
}
