// One request from its departure to its answer, and what can go wrong on the way.

import { ApiError } from '../../kube/errors.ts';
import type { CompleteAnswer } from '../../kube/transport.ts';
import type { Outgoing } from '../../net/exchange.ts';
import { delayOf, type Network, type Sent } from './network.ts';
import type { RequestFault } from './step.ts';
import { answerOf } from './wire-format.ts';

/** Milliseconds, as the real connections have them. */
const TIMEOUTS = { connect: 10_000, headers: 30_000 };

const REFUSALS: Partial<Record<RequestFault, (body: unknown) => ApiError>> = {
  '401': () => new ApiError(401, 'Unauthorized', 'Unauthorized'),
  '409': () => new ApiError(409, 'Conflict', 'the object has been modified; please apply your changes again'),
  '422': body =>
    new ApiError(
      422,
      'Invalid',
      `admission webhook "strict.example.org" denied the request: ${quoteOf(body)}`,
    ),
  '429': () => new ApiError(429, 'TooManyRequests', 'too many requests, please try again later', [], 1000),
  '500': () => new ApiError(500, 'InternalError', 'Internal error occurred: etcdserver: request timed out'),
  '503': () =>
    new ApiError(503, 'ServiceUnavailable', 'the server is currently unable to handle the request'),
};

/** A webhook may quote what it was asked, whole or in its own words, in a text that goes to status and log. */
function quoteOf(body: unknown): string {
  if (typeof body !== 'string') return 'not today';
  const { data = {} } = JSON.parse(body) as { data?: Record<string, string> };
  const [base64 = ''] = Object.values(data);
  const config = Buffer.from(base64, 'base64').toString();
  const passwords = [...config.matchAll(/"password":"([^"]*)"/g)].map(([, password]) => password);
  return [`not today with ${passwords.join()}`, config, base64, body].join(' ');
}

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const refused = (): Error =>
  Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED' });

/** `carryOut` is called when the request arrives; it throws ApiError. */
export function call<T>(
  network: Network,
  sent: Sent,
  { signal }: Pick<Outgoing, 'signal'>,
  carryOut: () => { readonly answer: T; readonly drop?: () => void },
  refuse: (answer: CompleteAnswer) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    network.onSent(sent);
    new Call(network, sent, signal, carryOut, refuse, resolve, reject).depart();
  });
}

class Call<T> {
  readonly #network: Network;
  readonly #sent: Sent;
  readonly #signal: AbortSignal | undefined;
  readonly #carryOut: () => { readonly answer: T; readonly drop?: () => void };
  readonly #refuse: (answer: CompleteAnswer) => T;
  readonly #resolve: (answer: T) => void;
  readonly #reject: (reason: unknown) => void;
  #isAborted = false;
  readonly #abort = (): void => {
    this.#isAborted = true;
    this.#reject(this.#signal?.reason);
  };

  constructor(
    network: Network,
    sent: Sent,
    signal: AbortSignal | undefined,
    carryOut: () => { readonly answer: T; readonly drop?: () => void },
    refuse: (answer: CompleteAnswer) => T,
    resolve: (answer: T) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#network = network;
    this.#sent = sent;
    this.#signal = signal;
    this.#carryOut = carryOut;
    this.#refuse = refuse;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  depart() {
    const { faults, time, random } = this.#network;
    const { caller, request, target } = this.#sent;
    this.#signal?.addEventListener('abort', this.#abort, { once: true });
    if (faults.isAway) return this.#fail(refused(), 1);
    if (faults.isPartitioned(caller.index))
      return this.#fail(new Error('no connection within 10 s'), TIMEOUTS.connect);
    const fault = faults.meets(target, request.method !== 'GET');
    if (fault === 'refuseConnection') return this.#fail(refused(), 1);
    const delay = fault === 'slow' ? 1_000 + random() * 3_000 : delayOf(random);
    time.after(delay, () => this.#arrive(fault));
  }

  #arrive(fault: RequestFault | undefined) {
    const { faults, random } = this.#network;
    const { caller, request, target } = this.#sent;
    // An abort destroys the socket; what was on its way may arrive all the same.
    if (this.#isAborted && random() < 0.5) return;
    if (faults.isAway) return this.#fail(reset(), 1);
    if (faults.isPartitioned(caller.index))
      return this.#fail(new Error('no answer within 30 s'), TIMEOUTS.headers);
    const refusal = (fault && REFUSALS[fault]?.(request.body)) ?? this.#forbidden();
    if (refusal !== undefined) return this.#refused(refusal);
    const counts = request.method !== 'GET' && target.resource.name !== 'leases' && !caller.clock.isDead;
    const crash = counts ? faults.crashOf(caller.index) : undefined;
    if (crash?.when === 'before') return this.#network.crash(caller, crash);
    this.#answer(fault);
    if (crash !== undefined) this.#network.crash(caller, crash);
  }

  #answer(fault: RequestFault | undefined): void {
    const { random } = this.#network;
    try {
      const { answer, drop } = this.#carryOut();
      if (fault === 'loseAnswer' || fault === 'silence') drop?.();
      if (fault === 'loseAnswer') this.#fail(reset(), delayOf(random));
      else if (fault === 'silence') this.#fail(new Error('no answer within 30 s'), TIMEOUTS.headers);
      else
        this.#return(
          () => this.#resolve(fault === 'cutAnswer' ? cut(answer) : answer),
          fault === 'slowAnswer',
        );
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#refused(error);
    }
  }

  #refused(error: ApiError): void {
    const { caller, request } = this.#sent;
    this.#network.note(
      `${caller.identity} ${request.method} ${request.path} -> ${error.code} ${error.reason}`,
    );
    this.#return(() => this.#resolve(this.#refuse(answerOf(error))));
  }

  #forbidden(): ApiError | undefined {
    const { target, request } = this.#sent;
    if (request.method === 'GET' || !this.#network.faults.isForbidden(target.namespace)) return undefined;
    const { resource, name } = target;
    return new ApiError(
      403,
      'Forbidden',
      `${resource.qualifiedName} "${name}" is forbidden: exceeded quota: tight`,
    );
  }

  #return(deliver: () => void, isSlow = false): void {
    const { faults, random } = this.#network;
    const { caller } = this.#sent;
    const isCut = faults.isPartitioned(caller.index);
    if (isCut) this.#fail(new Error('no answer within 30 s'), TIMEOUTS.headers);
    else caller.clock.setTimeout(() => this.#end(deliver), isSlow ? 500 + random() * 3_500 : delayOf(random));
  }

  #fail(error: Error, milliseconds: number): void {
    this.#sent.caller.clock.setTimeout(() => this.#end(() => this.#reject(error)), milliseconds);
  }

  #end(deliver: () => void): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    if (!this.#isAborted) deliver();
  }
}

/** In the middle of the JSON. */
function cut<T>(answer: T): T {
  const { text } = answer as { text?: string };
  return text === undefined ? answer : { ...answer, text: text.slice(0, Math.floor(text.length / 2)) };
}
