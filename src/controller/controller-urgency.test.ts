// Who waits for whom: what somebody is waiting for goes before what is rolled out, all the way
// from the event to the write.

import { expect } from 'chai';
import { ApiError } from '../kube/errors.ts';
import { aCredential, aNamespace } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';

const MANY = 100;

describe('the operator in the middle of a roll-out', () => {
  let rig: OperatorRig;
  /** "priority namespace" of every write of a Secret, in order. */
  let writes: string[];

  beforeEach(async () => {
    rig = new OperatorRig();
    rig.server.given(aCredential('team').withBasic('r.io', 'login'));
    for (let n = 0; n < MANY; n += 1) rig.server.given(aNamespace(`n${n}`).optedIn());
    await rig.start();
    writes = [];
    rig.server.before = ({ path, method, priority }) => {
      const [, namespace] = /namespaces\/([^/]+)\/secrets\/regcred$/.exec(path) ?? [];
      if (namespace !== undefined && method === 'PATCH') writes.push(`${priority} ${namespace}`);
    };
  });
  afterEach(() => rig.stop());

  /** Calls `act` once so many writes were made. */
  const afterWrites = (count: number, act: () => void): void => {
    const note = rig.server.before;
    let isDone = false;
    rig.server.before = async (request, user) => {
      await note?.(request, user);
      if (isDone || writes.length < count) return;
      isDone = true;
      act();
    };
  };

  it('serves a new namespace and a repaired one before the rest of it', async () => {
    afterWrites(10, () => {
      rig.server.given(aNamespace('fresh').optedIn());
      rig.server.delete('secrets', `n${MANY - 1}`, 'regcred');
    });
    rig.newPassword('new');
    await rig.settle();
    expect(writes.slice(10, 20)).to.include.members(['urgent fresh', `urgent n${MANY - 1}`]);
    expect(writes.filter(write => write.startsWith('bulk '))).to.have.length(MANY - 1);
    expect([rig.logins('fresh'), rig.logins(`n${MANY - 1}`)]).to.deep.equal(['r.io=new', 'r.io=new']);
  });

  it('serves a new namespace before the rest of what a start finds to do', async () => {
    await rig.stop();
    rig.newPassword('new');
    afterWrites(10, () => rig.server.given(aNamespace('fresh').optedIn()));
    await rig.start();
    await rig.settle();
    expect(writes.slice(10, 20)).to.include('urgent fresh');
    expect(writes.filter(write => write.startsWith('bulk '))).to.have.length(MANY);
    expect([rig.logins('fresh'), rig.logins(`n${MANY - 1}`)]).to.deep.equal(['r.io=new', 'r.io=new']);
  });

  it('serves a new namespace first that comes while it takes over', async () => {
    await rig.stop();
    rig.newPassword('new');
    rig.server.given(aCredential('another').withBasic('x.io', 'login'));
    const note = rig.server.before;
    rig.server.before = async (request, user) => {
      await note?.(request, user);
      const isFinalizer = request.method === 'PATCH' && request.path.endsWith('/registrycredentials/another');
      if (isFinalizer && rig.server.get('namespaces', 'fresh') === undefined)
        rig.server.given(aNamespace('fresh').optedIn());
    };
    await rig.start();
    await rig.settle();
    expect(writes.slice(0, 10)).to.include('urgent fresh');
    expect(rig.logins('fresh')).to.equal('r.io=new x.io=new');
  });

  it('keeps the urgency of one that is refused for a moment, and not for long', async () => {
    const note = rig.server.before;
    rig.server.before = async (request, user) => {
      await note?.(request, user);
      if (/\/(fresh|n0)\/secrets\/regcred$/.test(request.path))
        throw new ApiError(422, 'Invalid', 'refused by a policy');
    };
    rig.server.given(aNamespace('fresh').optedIn());
    rig.newPassword('new');
    await rig.settle(5_000);
    const prioritiesOf = (namespace: string): string[] =>
      writes.filter(write => write.endsWith(` ${namespace}`)).map(write => write.split(' ')[0] ?? '');
    expect(prioritiesOf('fresh').slice(0, 8)).to.deep.equal([
      ...['urgent', 'urgent', 'urgent', 'urgent', 'urgent', 'urgent'],
      ...['bulk', 'bulk'],
    ]);
    expect(new Set(prioritiesOf('n0'))).to.deep.equal(new Set(['bulk']));
  });
});
