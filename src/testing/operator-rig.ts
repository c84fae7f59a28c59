// The whole loop without a process: the controller, an API server in memory, and a
// clock that the test moves. What it asserts is the state of the cluster.

import { DOCKER_CONFIG_KEY, KEPT_PREFIX } from '../api/names.ts';
import type { VerificationMode } from '../api/types.ts';
import type { AskToken } from '../controller/ask-source.ts';
import { Controller, type ControllerOptions } from '../controller/controller.ts';
import type { EventSink } from '../controller/credential-events.ts';
import type { EventDraft } from '../kube/event-object.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import type { LogFields } from '../log.ts';
import { createRedactor } from '../redactor.ts';
import type { CheckLogin } from '../registry/login-checks.ts';
import type { Verdict } from '../registry/verdict.ts';
import { failed } from '../sources/source-failure.ts';
import { aBasicSecret, aNamespace, OPERATOR_NAMESPACE } from './builders.ts';
import { FakeApiServer } from './fake-api-server.ts';
import { FakeClock } from './fake-clock.ts';
import { NO_METRICS } from './no-metrics.ts';
import { loginsOf } from './told-plan.ts';

const GOOD: Verdict = {
  outcome: 'verified',
  reason: 'LoginAccepted',
  message: 'the registry accepts the login',
};

export class OperatorRig {
  readonly clock = new FakeClock();
  readonly server = new FakeApiServer({ now: () => this.clock.now(), clock: this.clock });
  /** The operator's connection; a test may put something between. */
  client: KubeClient = this.server.client();
  /** "level message fields". */
  readonly log: string[] = [];
  /** What would be written as Events, before any of it is aggregated. */
  readonly events: EventDraft[] = [];
  /** To be exchanged before start(). */
  recorder: EventSink = { event: draft => void this.events.push(draft) };
  /** What the sources of tokens give; a test that has one says it. */
  ask: AskToken = async ({ kind }) => failed('TokenUnavailable', `nobody told the test what ${kind} gives`);
  /** What registries say. */
  checkLogin: CheckLogin = async () => GOOD;
  /** Of those that do not say; tests of verification ask for more. */
  defaultVerification: VerificationMode = 'Off';
  /** To be exchanged before start(). */
  metrics: ControllerOptions['metrics'] = NO_METRICS;
  #controller: Controller | undefined;

  /** A cluster in which the operator is installed, with the basic login "login" of r.io. */
  constructor() {
    this.server.given(aNamespace(OPERATOR_NAMESPACE), aBasicSecret('login', 'robot', 'old'));
  }

  get controller(): Controller {
    if (this.#controller === undefined) throw new Error('the operator is not running; start() it first');
    return this.#controller;
  }

  /** Starts the operator and lets it do what there is to do. */
  async start(): Promise<void> {
    this.#follow().lead();
    await this.settle();
  }

  /** Starts one that does not lead. */
  async startStandby(): Promise<void> {
    this.#follow();
    await this.settle();
  }

  async stop(): Promise<void> {
    await this.#controller?.stop();
    this.#controller = undefined;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** A restart after which the logins of before are known no more. */
  async restartWithoutKept(): Promise<void> {
    await this.stop();
    this.forgetKept();
    await this.start();
  }

  /** While it runs it would keep them again. */
  forgetKept(): void {
    for (const { metadata } of this.kept()) this.server.delete('secrets', OPERATOR_NAMESPACE, metadata.name);
  }

  /** Where the operator keeps the last known good logins. */
  kept() {
    return this.server
      .list('secrets')
      .filter(
        ({ metadata }) => metadata.namespace === OPERATOR_NAMESPACE && metadata.name.startsWith(KEPT_PREFIX),
      );
  }

  /** Long enough for retries of conflicts and for status; far from any heartbeat. */
  settle(milliseconds = 3_000): Promise<void> {
    return this.clock.advance(milliseconds);
  }

  newPassword(password: string): void {
    this.server.update('secrets', `${OPERATOR_NAMESPACE}/login`, secret => {
      secret.data = { ...secret.data, password: Buffer.from(password).toString('base64') };
    });
  }

  /** The writes of `work`, as "METHOD path". */
  async writesDuring(work: () => Promise<void>): Promise<string[]> {
    const before = this.server.writes.length;
    await work();
    return this.server.writes.slice(before).map(({ method, path }) => `${method} ${path}`);
  }

  /** "server=password …" of the Secret, or undefined when there is none. */
  logins(namespace: string, name = 'regcred'): string | undefined {
    const data = this.server.get('secrets', namespace, name)?.data;
    return data && loginsOf(data[DOCKER_CONFIG_KEY] ?? '');
  }

  pullSecrets(namespace: string, account = 'default'): string[] {
    const list = this.server.get('serviceaccounts', namespace, account)?.imagePullSecrets ?? [];
    return list.map(({ name }) => name);
  }

  /** "Ready-status reason namespaces", as `kubectl get` shows it. */
  told(credential: string): string | undefined {
    const status = this.server.get('registrycredentials', credential)?.status;
    const ready = status?.conditions.find(({ type }) => type === 'Ready');
    return ready && `${ready.status} ${ready.reason} ${status?.namespaces.summary}`;
  }

  /** "reason of name: note" of each Event that `work` leads to. */
  async eventsDuring(work: () => unknown): Promise<string[]> {
    const before = this.events.length;
    await work();
    await this.settle();
    return this.events
      .slice(before)
      .map(({ reason, object, note }) => `${reason} of ${object.name}: ${note}`);
  }

  #follow(): Controller {
    this.#controller = new Controller({
      client: this.client,
      recorder: this.recorder,
      operatorNamespace: OPERATOR_NAMESPACE,
      secretNames: ['regcred', 'team-login'],
      workers: 4,
      checkLogin: (login, options) => this.checkLogin(login, options),
      tokenServers: new Map(),
      defaultVerification: this.defaultVerification,
      clock: this.clock,
      random: () => 0.5,
      log: this.#logger(),
      redactor: createRedactor(),
      metrics: this.metrics,
      ask: (...asked) => this.ask(...asked),
    });
    this.#controller.start();
    return this.#controller;
  }

  #logger() {
    const at =
      (level: string) =>
      (message: string, fields: LogFields = {}) =>
        void this.log.push(`${level} ${message} ${JSON.stringify(fields)}`);
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }
}
