// Days of virtual time in which one replica, or two, live on tokens: whoever gives them out is away at times, namespaces
// come, and what mishaps.ts has befalls the operator. Each half minute one looks whether the namespaces have a login that
// lives.

import { CREDENTIALS_ANNOTATION, DOCKER_CONFIG_KEY } from '../../../api/names.ts';
import type { Clock } from '../../../clock.ts';
import { aCredential, aNamespace, aSecret, OPERATOR_NAMESPACE } from '../../builders.ts';
import { FakeApiServer } from '../../fake-api-server.ts';
import { Dice, seeded } from '../../random.ts';
import type { Kinds } from '../../resources.ts';
import { loginsOf } from '../../told-plan.ts';
import { Faults } from '../faults.ts';
import { HeldBack } from '../held-back.ts';
import { History } from '../history.ts';
import type { Caller, Network } from '../network.ts';
import { BEGINNING } from '../replica-clock.ts';
import { Replicas } from '../replicas.ts';
import { Topics } from '../views.ts';
import { VirtualTime } from '../virtual-time.ts';
import { Edits } from './edits.ts';
import { Mishaps } from './mishaps.ts';
import { NEIGHBOURS, rejectedNeighbour } from './neighbours.ts';
import { couldBeHad, randomOutages } from './outages.ts';
import { hourOf, type Settings } from './settings.ts';
import { Suspension } from './suspension.ts';
import { TokenServer } from './token-server.ts';
import type { WeekResult } from './week-result.ts';

const LOOK_EACH = 30_000;
/** Milliseconds after which a new namespace is served. */
const SERVED_WITHIN = 10_000;
/** Until a login that is new to its RegistryCredential has a verdict, and is out. */
const BEGUN_WITHIN = 120_000;
const SECRETS = ['regcred', 'team-login'] as const;
const NAMESPACES = ['apps', 'web', 'data'] as const;

export class Week {
  readonly time = new VirtualTime();
  readonly server = new FakeApiServer({ now: () => BEGINNING + this.time.now, clock: this.#clock() });
  readonly #settings: Settings;
  readonly #dice: Dice;
  readonly #mishaps: Mishaps;
  readonly #edits = new Edits();
  readonly #suspension: Suspension;
  readonly #held: HeldBack;
  /** Whose request is being carried out. */
  #caller: Caller | undefined;
  readonly #outages;
  readonly #tokens: TokenServer;
  readonly #replicas: Replicas;
  readonly #born = new Map<string, number>();
  /** When the login in a Secret ends, by namespace/name. */
  readonly #ends = new Map<string, number>();
  readonly #secrets = new Map<string, Kinds['secrets']>();
  readonly #violations: string[] = [];
  /** RegistryCredentials of that mode, whatever the others have. */
  readonly #reporting = [...NEIGHBOURS];
  #secretWrites = 0;
  #needed = 0;
  #without = 0;

  constructor(settings: Settings) {
    const { seed, replicas, verification } = settings;
    this.#settings = settings;
    this.#dice = new Dice(seed);
    this.#outages = randomOutages(this.#dice, settings);
    this.#tokens = new TokenServer(this.time, seeded(seed * 7 + 1), this.#outages, settings);
    this.#held = new HeldBack(verification);
    this.#replicas = new Replicas({
      seed,
      replicas,
      election: replicas > 1,
      verification,
      network: this.#network(seed),
      topics: new Topics(),
      onLog: (_, level, line) => {
        if (level === 'error') this.#violate(`the operator logged an error: ${line}`);
      },
    });
    this.#mishaps = new Mishaps({
      dice: this.#dice,
      time: this.time,
      replicas: this.#replicas,
      tokens: this.#tokens,
      settings,
    });
    this.#suspension = new Suspension({
      dice: this.#dice,
      time: this.time,
      server: this.server,
      settings,
      crash: () => this.#mishaps.crash(),
    });
    this.server.listen(({ resource, event: { type, object } }) => {
      if (resource === 'secrets') this.#note(type, object);
    });
    this.server.given(aNamespace(OPERATOR_NAMESPACE), aNamespace('default'));
    this.server.given(aSecret('client').with('client_id', 'regcred').with('client_secret', 'p'));
    for (const name of NAMESPACES) this.#create(name);
    // Two with the same source: still one fetch. What one of them waits for the other one gives at once.
    const beta = aCredential('beta').withToken('r.io').into('team-login');
    if (settings.isBetaOnReport) this.#reporting.push('beta');
    this.server.given(
      aCredential('alpha').withToken('r.io'),
      settings.isBetaOnReport ? beta.verifying({ mode: 'Report' }) : beta,
      ...(verification === 'Enforce' ? NEIGHBOURS.map(rejectedNeighbour) : []),
    );
  }

  async run(): Promise<WeekResult> {
    this.#replicas.startAll();
    for (let moment = LOOK_EACH; moment <= this.#settings.length; moment += LOOK_EACH) {
      if (moment % hourOf(this.#settings) === 0) this.#somethingHappens();
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
      clocksSet: this.#mishaps.clocksSet,
      standstills: this.#mishaps.standstills,
      edits: this.#edits.count,
      suspensions: this.#suspension.count,
      secretWrites: this.#secretWrites,
      needed: this.#needed,
      without: this.#without,
      outages: this.#outages.length,
      away: this.#outages.reduce((sum, { from, until }) => sum + until - from, 0),
    };
  }

  /** A Secret was written. */
  #note(type: string, object: Kinds['secrets']): void {
    const { namespace, name } = object.metadata;
    const key = `${namespace}/${name}`;
    const before = this.#secrets.get(key);
    if (type === 'DELETED') {
      this.#ends.delete(key);
      this.#secrets.delete(key);
      return;
    }
    this.#ends.set(key, this.#endOf(object));
    this.#secrets.set(key, object);
    // The rule is about those under Enforce.
    if (this.#reporting.includes(object.metadata.annotations?.[CREDENTIALS_ANNOTATION] ?? '')) return;
    const broken =
      this.#caller && this.#held.broken(this.#caller, { resource: 'secrets', before, after: object });
    if (broken !== undefined) this.#violate(`${broken.rule}: ${broken.detail}`);
  }

  /** Once an hour, at some moment of it. */
  #somethingHappens(): void {
    const kind = this.#dice.upTo(19);
    const at = this.#dice.upTo(hourOf(this.#settings) - 1);
    this.time.after(at, () => {
      if (this.#mishaps.befall(kind)) return;
      if (kind < 7) this.#create(`new-${this.#born.size}`);
      else if (kind < 10) this.#edit();
      else if (kind < 12) this.#suspension.begin();
    });
  }

  /** It takes one more write, and after a restart perhaps one more token. */
  #edit(): void {
    const key = `${this.#dice.one(NAMESPACES)}/${this.#dice.one(SECRETS)}`;
    this.#needed++;
    this.#edits.edit(this.server, key, this.time.now);
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
        const key = `${namespace}/${secret}`;
        const end = this.#ends.get(key) ?? Number.NEGATIVE_INFINITY;
        const since = this.#mishaps.servedFrom(this.#edits.of(key) ?? born);
        const begunAt = this.#mishaps.servedFrom(Math.max(0, this.#suspension.endedAt(secret)));
        if (end > now || now < since + SERVED_WITHIN || now < begunAt + BEGUN_WITHIN) continue;
        const isExcused =
          this.#suspension.isExcused(secret) ||
          this.#mishaps.isAgeUnclear ||
          !couldBeHad(now, this.#outages, this.#settings) ||
          this.#edits.isExcused(key, now, this.#outages, this.#settings);
        if (!isExcused) this.#violate(`${namespace}/${secret} has no login that lives`);
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
        this.#caller = caller;
        const response = this.server.answer(request, caller.identity);
        const isWrite = request.method !== 'GET' && this.server.resourceVersion !== before;
        this.#caller = undefined;
        const isHandedOut = target.namespace !== OPERATOR_NAMESPACE;
        if (isWrite && target.resource.name === 'secrets' && isHandedOut) this.#secretWrites++;
        return response;
      },
      follow: request => this.server.follow(request),
      crash: () => undefined,
      note: () => undefined,
      ask: async (...asked) => {
        const fetched = await this.#tokens.ask(...asked);
        const isInVain = asked[1].oauth?.scope !== undefined;
        if (fetched.ok && !isInVain) this.#needed += SECRETS.length * this.#born.size;
        return fetched;
      },
    };
    return network;
  }
}
