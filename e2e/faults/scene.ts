// What all faults have in common: an operator behind the wire and the gateway, namespaces of which some are
// calm and some change meanwhile, and how one sees that all of it was caught up with, by no write too many.

import { join } from 'node:path';
import { expect } from 'chai';
import { credentialPath, NAMESPACES_PATH, serviceAccountPath } from '../../src/controller/paths.ts';
import { AUTHORITY_A } from '../../src/testing/test-certificates.ts';
import { patch } from '../api/admin.ts';
import { type AuditedRequest, type Mark, markAuditLog, writesSince } from '../api/audit.ts';
import { cluster } from '../api/cluster.ts';
import { eventually } from '../api/eventually.ts';
import { docker, dockerConfig, Scenario, statusOf } from '../api/scenario.ts';
import { expectServedInFull, isReady, setSource } from '../api/served.ts';
import { type OperatorOptions, type OperatorProcess, startOperator } from '../cluster/operator-process.ts';
import { isIdle, metricsOf } from '../overload/metrics.ts';
import { Gateway, type Spoken } from './gateway.ts';
import { LoginOnDisk } from './login-on-disk.ts';
import { spareWrites } from './spare-writes.ts';
import { Wire } from './wire.ts';

const SERVER = 'r.example.com';
const KIND = 'e2e.regcred.dev/faults';

/** Registrycredentials, sources, namespaces, ServiceAccounts, Secrets. */
const WATCHES = 5;

interface Wanted {
  readonly busy: readonly string[];
  readonly version: number;
}

let scenes = 0;

export class Scene {
  readonly story = new Scenario('faults');
  readonly #folder = join(cluster().folder, `faults-${++scenes}`);
  readonly gateway: Gateway;
  #wire: Wire | undefined;
  #operator: OperatorProcess | undefined;
  #calm: string[] = [];
  #busy: string[] = [];
  /** Made since the last look at the writes. */
  readonly #fresh = new Set<string>();
  #made = 1;
  #source = '';
  #version = 1;
  #login: LoginOnDisk | undefined;
  calmCredential = '';
  busyCredential = '';

  constructor(spoken?: Spoken) {
    this.gateway = new Gateway(cluster(), AUTHORITY_A, AUTHORITY_A.cert, spoken);
  }

  get wire(): Wire {
    if (this.#wire === undefined) throw new Error('the scene has not begun');
    return this.#wire;
  }

  get operator(): OperatorProcess {
    if (this.#operator === undefined) throw new Error('the scene has not begun');
    return this.#operator;
  }

  get login(): LoginOnDisk {
    if (this.#login === undefined) throw new Error('the scene has not begun');
    return this.#login;
  }

  get namespaces(): readonly string[] {
    return [...this.#busy, ...this.#calm];
  }

  get busy(): readonly string[] {
    return this.#busy;
  }

  async begin(options: OperatorOptions = {}): Promise<void> {
    this.#wire = new Wire(await this.gateway.open());
    this.#login = new LoginOnDisk(cluster(), this.#folder, await this.#wire.open());
    await this.#login.make(AUTHORITY_A, AUTHORITY_A.cert);
    this.#calm = await this.#namespaces('calm', 2);
    this.#busy = await this.#namespaces('busy', 2);
    this.calmCredential = await this.#credential('calm', await this.#makeSource('calm'));
    this.#source = await this.#makeSource('busy');
    this.busyCredential = await this.#credential('busy', this.#source);
    const { kubeconfig } = this.#login;
    this.#operator = await startOperator(cluster(), { secretNames: ['regcred'], kubeconfig, ...options });
    await this.caughtUp();
  }

  /** No fault any more. */
  calm(): void {
    this.gateway.clear();
    this.wire.speak();
    this.wire.latency = 0;
  }

  async end(): Promise<void> {
    if (this.#wire !== undefined) this.calm();
    await this.story.end();
    await this.#operator?.stop().catch(() => undefined);
    this.#wire?.close();
    this.gateway.close();
  }

  /** A new login for the busy namespaces, and one more of them. */
  async change(annotations: Record<string, string> = {}): Promise<void> {
    await this.renewLogin();
    await this.makeNamespace(annotations);
  }

  /** Something happens in everything that is watched; a watch that has said nothing is begun anew ever later. */
  async touchAll(): Promise<void> {
    const metadata = { annotations: { touched: String(this.#version) } };
    const namespace = this.#busy[0] ?? '';
    await this.renewLogin();
    await patch(`${NAMESPACES_PATH}/${namespace}`, { metadata });
    await patch(serviceAccountPath(namespace, 'default'), { metadata });
    await patch(credentialPath(this.busyCredential), { metadata });
  }

  async renewLogin(): Promise<void> {
    const login = { server: SERVER, username: 'u', password: `p${++this.#version}` };
    await setSource(this.#source, { '.dockerconfigjson': dockerConfig([login]) });
  }

  async makeNamespace(annotations: Record<string, string> = {}): Promise<void> {
    const namespace = await this.story.namespace(`busy-${++this.#made}`, { [KIND]: 'busy' }, annotations);
    this.#busy.push(namespace);
    this.#fresh.add(namespace);
  }

  /** Resolves when every namespace has what it should have, and status says so; to the milliseconds until then. */
  async caughtUp(longest = 60_000): Promise<number> {
    const began = Date.now();
    const isServed = (namespace: string, version: number): Promise<void> =>
      expectServedInFull(namespace, { [SERVER]: ['u', `p${version}`] });
    await eventually(
      'all is caught up',
      async () => {
        for (const namespace of this.#busy) await isServed(namespace, this.#version);
        for (const namespace of this.#calm) await isServed(namespace, 1);
        const { namespaces } = await statusOf(this.busyCredential);
        expect(namespaces?.summary).to.equal(`${this.#busy.length}/${this.#busy.length}`);
      },
      longest,
    );
    for (const credential of [this.busyCredential, this.calmCredential])
      await isReady(credential, 'True Synced');
    // An answer that the next fault cuts would have its write made again.
    await this.#untilIdle();
    return Date.now() - began;
  }

  /** What the operator counts, over all series whose name with labels holds each of the parts. */
  async counted(...parts: readonly string[]): Promise<number> {
    const isMeant = (name: string): boolean => parts.every(part => name.includes(part));
    const found = [...(await metricsOf(this.operator))].filter(([name]) => isMeant(name));
    return found.reduce((sum, [, value]) => sum + value, 0);
  }

  /** What is wanted now; for recall(). */
  remember(): Wanted {
    return { busy: [...this.#busy], version: this.#version };
  }

  /** The cluster is again as it was then. */
  recall({ busy, version }: Wanted): void {
    this.#busy = [...busy];
    this.#version = version;
    this.#fresh.clear();
  }

  /** All collections are followed, by the operator's own account. */
  untilFollowing(longest = 60_000): Promise<void> {
    const isFollowing = async (): Promise<void> => {
      expect(await this.counted('reflector_following')).to.equal(WATCHES);
    };
    return eventually('all is followed', isFollowing, longest);
  }

  /** Resets all connections; all collections are followed anew by then. */
  reconnect(): Promise<void> {
    const seenBefore = this.gateway.seen.length;
    this.wire.reset();
    return eventually('all is followed', async () => {
      const begun = this.gateway.seen.slice(seenBefore).filter(({ what }) => what.startsWith('WATCH '));
      expect(new Set(begun.map(({ what }) => what)).size).to.equal(WATCHES);
      expect(await this.counted('reflector_following')).to.equal(WATCHES);
    });
  }

  mark = (context: Mocha.Context): Promise<Mark> => markAuditLog(context);

  /**
   * Nothing waits; what was written since is what had to be. Answers it. `isTold`: the status of everything
   * may say meanwhile what is wrong, and that it is well again.
   */
  async expectNeeded(
    mark: Mark,
    changes: number,
    { repeated = 0, isTold = false } = {},
  ): Promise<AuditedRequest[]> {
    await this.#untilIdle();
    const writes = (await writesSince(mark)).filter(({ resource }) => resource !== 'events');
    const carriedOut = writes.filter(({ code }) => code < 300);
    const isCalm = ({ what, resource }: AuditedRequest): boolean =>
      what.includes('-calm') && !(isTold && resource === 'registrycredentials/status');
    expect(carriedOut.filter(isCalm).map(({ what }) => what)).to.deep.equal([]);
    const ofObjects = carriedOut.filter(({ resource }) => !resource.includes('/'));
    // One that came while the login changed may have got the old one at first.
    const spare = spareWrites(ofObjects, what => (this.#isNew(what) ? 2 : changes));
    expect(spare.length, spare.join('; ')).to.be.at.most(repeated);
    this.#fresh.clear();
    return writes;
  }

  async expectAlive(): Promise<void> {
    expect(this.operator.exit()).to.equal(undefined);
    const logs = await this.operator.logs();
    expect(logs).not.to.contain('"level":"error"').and.not.contain('MaxListeners');
  }

  async #untilIdle(): Promise<void> {
    await eventually('all is done', async () => expect(await isIdle(this.operator)).to.equal(true));
  }

  #isNew(what: string): boolean {
    return [...this.#fresh].some(namespace => what.includes(` ${namespace}/`));
  }

  #namespaces(kind: string, count: number): Promise<string[]> {
    const names = Array.from({ length: count }, (_, index) => `${kind}-${index}`);
    return Promise.all(names.map(name => this.story.namespace(name, { [KIND]: kind })));
  }

  #makeSource(name: string): Promise<string> {
    return this.story.dockerSource(name, { server: SERVER, username: 'u', password: 'p1' });
  }

  #credential(kind: string, source: string): Promise<string> {
    const matchLabels = { ...this.story.selector.matchLabels, [KIND]: kind };
    return this.story.credential(kind, {
      registries: [docker(source)],
      namespaceSelector: { matchLabels },
    });
  }
}
