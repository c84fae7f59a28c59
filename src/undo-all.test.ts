// What happens to RegistryCredentials before the operator is uninstalled, and when nothing may happen to them.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { FINALIZER, LEASE } from './api/names.ts';
import { statusPath } from './controller/paths.ts';
import { ApiError, TransportError } from './kube/errors.ts';
import { microTime } from './kube/micro-time.ts';
import { aCredential, aNamespace, OPERATOR_NAMESPACE } from './testing/builders.ts';
import { FakeApiServer } from './testing/fake-api-server.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { undoAll } from './undo-all.ts';

const LEASE_KEY = `${OPERATOR_NAMESPACE}/${LEASE}`;
const REFUSED = new ApiError(403, 'Forbidden', 'regcred-undo cannot list resource "registrycredentials"');

const NOTHING_DONE = {
  observedGeneration: 1,
  conditions: [],
  registries: [],
  namespaces: { selected: 0, synced: 0, failed: 0, summary: '0/0' },
  serviceAccounts: { selected: 0, attached: 0, summary: '0/0' },
  failures: [],
};

class Rig {
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

  /** Resolves with why something is left, 'undone', or what was thrown. */
  async ends(timeout = 60_000): Promise<string | Error> {
    const { clock, server } = this;
    const all = undoAll({
      client: server.client('undo'),
      namespace: OPERATOR_NAMESPACE,
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
      if (this.undoes)
        for (const name of this.toUndo.slice(0, 1))
          this.server.update('registrycredentials', name, ({ metadata }) => {
            metadata.finalizers = metadata.finalizers?.filter(finalizer => finalizer !== FINALIZER) ?? [];
          });
      this.#live();
    }, 2_000);
  }
}

describe('what runs before the operator is uninstalled', () => {
  it('deletes every RegistryCredential and ends when the last one is undone', async () => {
    const rig = new Rig('a', 'b', 'c');
    expect(await rig.ends()).to.equal('undone');
    expect(rig.left).to.deep.equal([]);
    expect(rig.lines.at(0)).to.equal('being undone: a, b, c');
    expect(rig.lines.at(-1)).to.match(/^everything is undone/);
  });

  it('asks for nothing more where there is none, not even for an operator', async () => {
    const rig = new Rig();
    rig.renewals = 0;
    expect(await rig.ends()).to.equal('undone');
    expect(rig.clock.monotonic()).to.be.at.most(1_000);
  });

  it('is content where there is no CRD', async () => {
    const rig = new Rig();
    rig.server.before = () => {
      throw new ApiError(404, '', '404 page not found');
    };
    expect(await rig.ends()).to.equal('undone');
  });

  it('deletes nothing while no operator renews the Lease, and says how to go on', async () => {
    const rig = new Rig('a', 'b');
    rig.renewals = 0;
    expect(await rig.ends())
      .to.match(/no operator is at work/)
      .and.match(/Nothing was deleted/)
      .and.match(/--no-hooks/)
      .and.match(/untouched: a, b/);
    expect([rig.left, rig.marked]).to.deep.equal([['a', 'b'], []]);
  });

  it('takes a Lease that nobody holds for no sign of life', async () => {
    const rig = new Rig('a');
    rig.renewals = 0;
    rig.server.delete('leases', LEASE_KEY);
    expect(await rig.ends()).to.match(/no operator is at work/);
    expect(rig.marked).to.deep.equal([]);
  });

  it('deletes nothing where one has a Secret name that is not served, for what that gave would stay', async () => {
    const rig = new Rig('a', 'b');
    const status = {
      ...NOTHING_DONE,
      conditions: [
        {
          type: 'Stalled',
          status: 'True',
          reason: 'SecretNameNotServed',
          message: 'no',
          observedGeneration: 1,
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
    };
    rig.tell('b', status);
    expect(await rig.ends())
      .to.match(/Nothing was deleted/)
      .and.match(/secretNames/)
      .and.match(/These are: b\.$/);
    expect(rig.marked).to.deep.equal([]);
  });

  it('names those that leave something on purpose', async () => {
    const rig = new Rig('a');
    rig.server.given(aCredential('o').withDockerConfig('source').orphaning().finalizedBy(FINALIZER));
    expect(await rig.ends()).to.equal('undone');
    expect(rig.lines.at(-1)).to.match(/^everything is undone, but for .*Orphan\): o: there is no/);
  });

  it('waits for no finalizer of others, but for the undo of those that have one, and names it', async () => {
    const rig = new Rig('a');
    const held = () =>
      aCredential('held').withDockerConfig('source').finalizedBy('a.example/hold', FINALIZER);
    rig.server.given(held());
    expect(await rig.ends()).to.equal('undone');
    expect([rig.left, rig.toUndo]).to.deep.equal([['held'], []]);
    expect(rig.lines.at(-1)).to.match(
      /^everything is undone: only finalizers of others \(a\.example\/hold\) keep the RegistryCredentials held,/,
    );
  });

  it('takes those with it that somebody makes meanwhile', async () => {
    const rig = new Rig('a');
    rig.server.after = ({ method }) => {
      if (method === 'DELETE' && !rig.left.includes('late'))
        rig.server.given(aCredential('late').withDockerConfig('source').finalizedBy(FINALIZER));
    };
    expect(await rig.ends()).to.equal('undone');
    expect(rig.left).to.deep.equal([]);
  });

  it('gives up in time, and names what is left and the namespaces that are in the way', async () => {
    const rig = new Rig('a', 'b');
    rig.undoes = false;
    const failures = [{ namespace: 'apps', reason: 'WriteFailed', message: 'a webhook refuses' }];
    rig.tell('a', {
      ...NOTHING_DONE,
      namespaces: { selected: 1, synced: 0, failed: 1, summary: '0/1' },
      failures,
    });
    expect(await rig.ends(30_000))
      .to.match(/could not undo in 30 s: a, b/)
      .and.match(/a in apps: a webhook refuses/);
    expect(rig.clock.monotonic()).to.be.within(30_000, 35_000);
  });

  it('bears an API server that refuses or is away for a moment', async () => {
    const rig = new Rig('a');
    let times = 0;
    rig.server.before = () => {
      times++;
      if (times % 3 !== 0)
        throw times % 2 === 0 ? REFUSED : new TransportError('could not GET: ECONNREFUSED');
    };
    expect(await rig.ends()).to.equal('undone');
  });

  it('fails with the words of an API server that goes on refusing', async () => {
    const rig = new Rig('a');
    rig.server.before = () => {
      throw REFUSED;
    };
    expect(await rig.ends()).to.equal(REFUSED);
    expect(rig.marked).to.deep.equal([]);
  });
});
