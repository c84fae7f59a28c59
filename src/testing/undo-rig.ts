// A cluster whose operator undoes one RegistryCredential every two seconds, for what runs before it is uninstalled.

import { FINALIZER, LEASE } from '../api/names.ts';
import { statusPath } from '../controller/paths.ts';
import { microTime } from '../kube/micro-time.ts';
import { undoAll } from '../undo-all.ts';
import { aCredential, aNamespace, OPERATOR_NAMESPACE } from './builders.ts';
import { FakeApiServer } from './fake-api-server.ts';
import { FakeClock } from './fake-clock.ts';

export const LEASE_KEY = `${OPERATOR_NAMESPACE}/${LEASE}`;

export const NOTHING_DONE = {
  observedGeneration: 1,
  conditions: [],
  registries: [],
  namespaces: { selected: 0, synced: 0, failed: 0, summary: '0/0' },
  serviceAccounts: { selected: 0, attached: 0, summary: '0/0' },
  failures: [],
};

export const condition = (type: 'Ready' | 'Stalled', reason: string, message: string) => ({
  type,
  status: type === 'Stalled' ? 'True' : 'False',
  reason,
  message,
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

export class UndoRig {
  readonly clock = new FakeClock();
  readonly server = new FakeApiServer({ clock: this.clock });
  readonly lines: string[] = [];
  /** How often the operator renews its Lease, at most. */
  renewals = Number.POSITIVE_INFINITY;
  /** Whether the operator gets round to undoing. */
  undoes = true;

  constructor(...names: readonly string[]) {
    this.server.given(
      aNamespace(OPERATOR_NAMESPACE),
      ...names.map(name => aCredential(name).withDockerConfig('source').finalizedBy(FINALIZER)),
    );
    const lease = {
      metadata: { namespace: OPERATOR_NAMESPACE, name: LEASE },
      spec: { holderIdentity: 'pod', leaseDurationSeconds: 15 },
    };
    this.server.create('leases', lease);
    this.#live();
  }

  get left(): string[] {
    return this.server.list('registrycredentials').map(({ metadata }) => metadata.name);
  }

  get marked(): string[] {
    const all = this.server.list('registrycredentials');
    return all.filter(({ metadata }) => metadata.deletionTimestamp).map(({ metadata }) => metadata.name);
  }

  get toUndo(): string[] {
    const all = this.server.list('registrycredentials').filter(({ metadata }) => metadata.deletionTimestamp);
    const left = all.filter(({ metadata }) => metadata.finalizers?.includes(FINALIZER));
    return left.map(({ metadata }) => metadata.name);
  }

  /** As the operator writes it. */
  tell(name: string, status: object): void {
    this.server.answer(
      {
        method: 'PATCH',
        path: statusPath(name),
        contentType: 'application/merge-patch+json',
        body: { status },
      },
      'regcred',
    );
  }

  tellUndone(name: string): void {
    const message = 'what it gave is undone; only finalizers of others keep the object: a.example/hold';
    this.tell(name, { ...NOTHING_DONE, conditions: [condition('Ready', 'Deleting', message)] });
  }

  /** Resolves with why something is left, 'undone', or what was thrown. */
  async ends(timeout = 60_000, secretNames?: readonly string[]): Promise<string | Error> {
    const { clock, server } = this;
    const all = undoAll({
      client: server.client('undo'),
      namespace: OPERATOR_NAMESPACE,
      secretNames,
      timeout,
      clock,
      say: line => void this.lines.push(line),
    });
    let end: string | Error | undefined;
    all.then(
      problem => {
        end = problem ?? 'undone';
      },
      (error: Error) => {
        end = error;
      },
    );
    for (let seconds = 0; end === undefined && seconds < 300; seconds++) await clock.advance(1_000);
    if (end === undefined) throw new Error('it goes on for ever');
    return end;
  }

  /** The operator, every two seconds. */
  #live(): void {
    this.clock.setTimeout(() => {
      if (this.renewals-- > 0)
        this.server.update('leases', LEASE_KEY, lease => {
          Object.assign(lease, { spec: { ...lease.spec, renewTime: microTime(this.clock.now()) } });
        });
      if (this.undoes) for (const name of this.toUndo.slice(0, 1)) this.#undo(name);
      this.#live();
    }, 2_000);
  }

  #undo(name: string): void {
    this.server.update('registrycredentials', name, ({ metadata }) => {
      metadata.finalizers = metadata.finalizers?.filter(finalizer => finalizer !== FINALIZER) ?? [];
    });
    if (this.left.includes(name)) this.tellUndone(name);
  }
}
