// Seven days of virtual time in which a replica lives on tokens of an hour: whoever gives them out is away at times,
// namespaces come and go, the operator is restarted, crashes, and has its clock set. Each half minute one looks whether
// the namespaces have a login that lives.

import { DOCKER_CONFIG_KEY } from '../../../api/names.ts';
import type { Clock } from '../../../clock.ts';
import { aCredential, aNamespace, aSecret, OPERATOR_NAMESPACE } from '../../builders.ts';
import { FakeApiServer } from '../../fake-api-server.ts';
import { Dice, seeded } from '../../random.ts';
import { loginsOf } from '../../told-plan.ts';
import { Faults } from '../faults.ts';
import { History } from '../history.ts';
import type { Network } from '../network.ts';
import { BEGINNING } from '../replica-clock.ts';
import { Replicas } from '../replicas.ts';
import { Topics } from '../views.ts';
import { VirtualTime } from '../virtual-time.ts';
import { couldBeHad, randomOutages } from './outages.ts';
import { TokenServer } from './token-server.ts';

export const WEEK = 7 * 24 * 3_600_000;
const LOOK_EACH = 30_000;
/** Milliseconds by which a clock is set. */
const MOST_SKEW = 600_000;
/** Milliseconds after which a new namespace is served. */
const SERVED_WITHIN = 10_000;
const SECRETS = ['regcred', 'team-login'];
const NAMESPACES = ['apps', 'web', 'data'];

export interface WeekResult {
  /** What should not be, with its moment; the first few. */
  readonly violations: readonly string[];
  readonly given: number;
  readonly refused: number;
  readonly restarts: number;
  readonly clocksSet: number;
  /** Writes of Secrets by the operator, and how many it takes: one for each token in each Secret that is there. */
  readonly secretWrites: number;
  readonly needed: number;
  /** Milliseconds without a living login, of all namespaces together, since none could be had. */
  readonly without: number;
  /** Milliseconds in which the server was away. */
  readonly away: number;
  readonly outages: number;
}

export class Week {
  readonly time = new VirtualTime();
  readonly server = new FakeApiServer({ now: () => BEGINNING + this.time.now, clock: this.#clock() });
  readonly #dice: Dice;
  readonly #outages;
  readonly #tokens: TokenServer;
  readonly #replicas: Replicas;
  readonly #born = new Map<string, number>();
  /** When the login in a Secret ends, by namespace/name. */
  readonly #ends = new Map<string, number>();
  readonly #violations: string[] = [];
  #secretWrites = 0;
  #needed = 0;
  #clocksSet = 0;
  #skew = 0;
  #without = 0;

  constructor(seed: number) {
    this.#dice = new Dice(seed);
    this.#outages = randomOutages(this.#dice, WEEK);
    this.#tokens = new TokenServer(this.time, seeded(seed * 7 + 1), this.#outages);
    this.#replicas = new Replicas({
      seed,
      replicas: 1,
      election: false,
      verification: 'Off',
      network: this.#network(seed),
      topics: new Topics(),
      onLog: (_, level, line) => {
        if (level === 'error') this.#violate(`the operator logged an error: ${line}`);
      },
    });
    this.server.listen(({ resource, event: { type, object } }) => {
      if (resource !== 'secrets') return;
      const { namespace, name } = object.metadata;
      if (type === 'DELETED') this.#ends.delete(`${namespace}/${name}`);
      else this.#ends.set(`${namespace}/${name}`, this.#endOf(object));
    });
    this.server.given(aNamespace(OPERATOR_NAMESPACE), aNamespace('default'));
    this.server.given(aSecret('client').with('client_id', 'regcred').with('client_secret', 'p'));
    for (const name of NAMESPACES) this.#create(name);
    // Two with the same source: still one fetch.
    this.server.given(
      aCredential('alpha').withToken('r.io'),
      aCredential('beta').withToken('r.io').into('team-login'),
    );
  }

  async run(): Promise<WeekResult> {
    this.#replicas.startAll();
    for (let moment = LOOK_EACH; moment <= WEEK; moment += LOOK_EACH) {
      if (moment % 3_600_000 === 0) this.#somethingHappens();
      await this.time.runUntil(moment);
      this.#look();
    }
    const { restarts } = this.#replicas;
    this.#replicas.crashAll();
    const { given, refused } = this.#tokens;
    return {
      violations: this.#violations,
      given,
      refused,
      restarts,
      clocksSet: this.#clocksSet,
      secretWrites: this.#secretWrites,
      needed: this.#needed,
      without: this.#without,
      outages: this.#outages.length,
      away: this.#outages.reduce((sum, { from, until }) => sum + until - from, 0),
    };
  }

  /** Once an hour, at some moment of it. */
  #somethingHappens(): void {
    const what = this.#dice.upTo(19);
    const at = this.#dice.upTo(3_599_999);
    this.time.after(at, () => {
      // The next process finds the clock put right.
      if (what < 2) this.#skew = 0;
      if (what === 0) this.#replicas.restart(0);
      else if (what === 1) this.#replicas.crash(0, 1_000 + this.#dice.upTo(60_000), 'at some moment');
      else if (what === 2) this.#setClock((this.#dice.upTo(2) - 1) * MOST_SKEW);
      else if (what < 6) this.#create(`new-${this.#born.size}`);
    });
  }

  /** Not twice in the same direction: nobody can know when a token ends by a clock that is far off when it comes. */
  #setClock(by: number): void {
    this.#clocksSet++;
    if (Math.abs(this.#skew + by) > MOST_SKEW) return;
    this.#skew += by;
    this.#replicas.setClock(0, by);
  }

  #create(name: string): void {
    this.#needed += SECRETS.length;
    this.#born.set(name, this.time.now);
    this.server.create('namespaces', aNamespace(name).optedIn());
  }

  #look(): void {
    const now = this.time.now;
    for (const [namespace, born] of this.#born) {
      for (const secret of SECRETS) {
        const end = this.#ends.get(`${namespace}/${secret}`) ?? Number.NEGATIVE_INFINITY;
        if (end > now || now - born < SERVED_WITHIN) continue;
        if (couldBeHad(now, this.#outages)) this.#violate(`${namespace}/${secret} has no login that lives`);
        else this.#without += LOOK_EACH;
      }
    }
  }

  #endOf(secret: object): number {
    const config = (secret as { data?: Record<string, string> }).data?.[DOCKER_CONFIG_KEY];
    const password = config && loginsOf(config).split('=')[1];
    return this.#tokens.endOf(password ?? '') ?? Number.NEGATIVE_INFINITY;
  }

  /** So watches end as an API server ends them. */
  #clock(): Clock {
    return {
      now: () => BEGINNING + this.time.now,
      monotonic: () => this.time.now,
      setTimeout: (callback, milliseconds) => this.time.after(milliseconds, callback),
    };
  }

  #violate(what: string): void {
    if (this.#violations.length < 5) this.#violations.push(`${Math.round(this.time.now / 1000)} s: ${what}`);
  }

  #network(seed: number): Network {
    const network: Network = {
      time: this.time,
      random: seeded(seed * 13 + 5),
      faults: new Faults(this.time),
      history: new History(() => this.time.now),
      watches: new Set(),
      onSent: () => undefined,
      carryOut: ({ caller, request, target }) => {
        const before = this.server.resourceVersion;
        const response = this.server.answer(request, caller.identity);
        const isWrite = request.method !== 'GET' && this.server.resourceVersion !== before;
        const isHandedOut = target.namespace !== OPERATOR_NAMESPACE;
        if (isWrite && target.resource.name === 'secrets' && isHandedOut) this.#secretWrites++;
        return response;
      },
      follow: request => this.server.follow(request),
      crash: () => undefined,
      note: () => undefined,
      ask: async (...asked) => {
        const fetched = await this.#tokens.ask(...asked);
        if (fetched.ok) this.#needed += SECRETS.length * this.#born.size;
        return fetched;
      },
    };
    return network;
  }
}
