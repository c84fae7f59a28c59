// What is told by Events when things happen to the cluster, and that nothing is told twice.

import { expect } from 'chai';
import { ApiError, TransportError } from '../kube/errors.ts';
import {
  aBasicSecret,
  aCredential,
  aDockerConfigSecret,
  aNamespace,
  OPERATOR_NAMESPACE,
} from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { statusPath } from './paths.ts';

const MINUTE = 60_000;
const served = (count: string) => `Synced of team: ${count} selected namespaces have their login`;

describe('the Events of a RegistryCredential', () => {
  let rig: OperatorRig;

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aNamespace('web').optedIn());
    rig.server.given(aCredential('team').withBasic('r.io', 'login'));
  });
  afterEach(() => rig.stop());

  const setSpec = (change: object) =>
    rig.server.update('registrycredentials', 'team', object => {
      object.spec = { ...object.spec, ...change };
    });
  const remove = () => rig.server.delete('registrycredentials', 'team');
  const removeSource = () => rig.server.delete('secrets', OPERATOR_NAMESPACE, 'login');
  const makeSource = () => rig.server.given(aBasicSecret('login', 'robot', 'old'));
  const makeForeign = () =>
    rig.server.given(aDockerConfigSecret('regcred').in('late').withLogin('x.io', 'u', 'p'));
  const refuse = (what: string) => {
    rig.server.before = ({ method, path }) => {
      if (method === 'PATCH' && path.includes(what))
        throw new ApiError(
          403,
          'Forbidden',
          'User "regcred" cannot patch resource "secrets" in API group ""',
        );
    };
  };

  it('tell once that it is served', async () => {
    await rig.start();
    expect(rig.events).to.deep.equal([
      {
        object: { name: 'team', uid: rig.server.get('registrycredentials', 'team')?.metadata.uid },
        type: 'Normal',
        reason: 'Synced',
        action: 'Sync',
        note: '2 of 2 selected namespaces have their login',
      },
    ]);
  });

  it('tell that a new password is everywhere, and nothing of a new namespace', async () => {
    await rig.start();
    expect(await rig.eventsDuring(() => rig.newPassword('new'))).to.deep.equal([served('2 of 2')]);
    expect(await rig.eventsDuring(() => rig.server.given(aNamespace('late').optedIn()))).to.deep.equal([]);
    expect(await rig.eventsDuring(() => rig.newPassword('newer'))).to.deep.equal([served('3 of 3')]);
  });

  it('tell nothing of what is put right again, nor of what changes nothing', async () => {
    await rig.start();
    const told = await rig.eventsDuring(async () => {
      rig.server.delete('secrets', 'apps', 'regcred');
      rig.server.label('namespaces', 'web', { team: 'a' });
      rig.server.label('registrycredentials', 'team', { team: 'a' });
      rig.server.given(aNamespace('other'));
      rig.server.label('secrets', `${OPERATOR_NAMESPACE}/login`, { team: 'a' });
      await rig.settle(10 * MINUTE);
    });
    expect(told).to.deep.equal([]);
  });

  it('tell that a source fails and is well again', async () => {
    await rig.start();
    const [failed, ...more] = await rig.eventsDuring(removeSource);
    expect(failed).to.match(/^LastKnownGoodServed of team: registries\[0\]: .*create it/);
    expect(more).to.deep.equal([]);
    expect(await rig.eventsDuring(makeSource)).to.deep.equal([
      'SourceRecovered of team: every source gives its logins again',
    ]);
  });

  it('tell that a namespace refuses, with the command, and that it does not any more', async () => {
    rig.server.given(aNamespace('late').optedIn());
    makeForeign();
    await rig.start();
    const [conflict, ...more] = rig.events.map(({ reason, note }) => `${reason}: ${note}`);
    expect(conflict)
      .to.match(/^ForeignSecret: namespace late: /)
      .and.include('kubectl -n late label secret regcred app.kubernetes.io/managed-by=regcred --overwrite');
    expect(more).to.deep.equal(['Synced: 2 of 3 selected namespaces have their login']);
    expect(await rig.eventsDuring(() => rig.server.delete('secrets', 'late', 'regcred'))).to.deep.equal([
      'ConflictResolved of team: namespace late: it does not refuse the login any more, or none is meant for it',
    ]);
  });

  it('tell that the spec cannot be obeyed, and that it can', async () => {
    await rig.start();
    const [stalled, ...more] = await rig.eventsDuring(() => setSpec({ secretName: 'unheard-of' }));
    expect(stalled).to.match(/^SecretNameNotServed of team: .*use one of regcred, team-login/);
    expect(more).to.deep.equal([]);
    expect(await rig.eventsDuring(() => setSpec({ secretName: 'regcred' }))).to.deep.equal([
      served('2 of 2'),
    ]);
  });

  it('tell that it is suspended and resumed', async () => {
    await rig.start();
    expect(await rig.eventsDuring(() => setSpec({ suspend: true }))).to.deep.equal([
      'Suspended of team: nothing is changed until spec.suspend is false',
    ]);
    expect(await rig.eventsDuring(() => rig.newPassword('new'))).to.deep.equal([]);
    const [resumed, ...more] = await rig.eventsDuring(() => setSpec({ suspend: false }));
    expect(resumed).to.match(/^Resumed of team: /);
    expect(more).to.deep.equal([served('2 of 2')]);
  });

  it('tell that it is undone, once all of it is', async () => {
    await rig.start();
    refuse('/serviceaccounts/');
    const [held, ...more] = await rig.eventsDuring(remove);
    expect(held).to.match(/^Forbidden of team: namespace apps: .*RBAC must be as in manifests/);
    expect(more.map(event => event.split(':', 2).join(':'))).to.deep.equal([
      'Forbidden of team: namespace web',
    ]);
    rig.server.before = undefined;
    expect(await rig.eventsDuring(() => rig.settle(MINUTE))).to.deep.equal([
      'Undone of team: what was given to the namespaces is taken back',
    ]);
  });

  it('tell that everything stays, when that is what was asked for', async () => {
    setSpec({ deletionPolicy: 'Orphan' });
    await rig.start();
    expect(await rig.eventsDuring(remove)).to.deep.equal([
      'Undone of team: Secrets and references stay as they are, and nobody looks after them any more',
    ]);
  });

  it('tell that the operator is refused, once and not for each namespace, and that all is well', async () => {
    refuse('/secrets/');
    await rig.start();
    await rig.settle(5 * MINUTE);
    expect(rig.events.map(({ type, reason }) => `${type} ${reason}`)).to.deep.equal(['Warning Forbidden']);
    rig.server.before = undefined;
    expect(await rig.eventsDuring(() => rig.settle(MINUTE))).to.deep.equal([served('2 of 2')]);
  });

  it('are of the successor when one of the same name comes', async () => {
    await rig.start();
    const { uid } = rig.events[0]?.object ?? {};
    remove();
    await rig.settle();
    const told = await rig.eventsDuring(() =>
      rig.server.given(aCredential('team').withBasic('r.io', 'login')),
    );
    expect(told).to.deep.equal([served('2 of 2')]);
    expect(rig.events.map(({ object }) => object.uid === uid)).to.deep.equal([true, true, false]);
  });

  it('tell nothing of what somebody else wrote into status', async () => {
    await rig.start();
    const told = await rig.eventsDuring(() =>
      rig.server.client('somebody').request({
        method: 'PATCH',
        path: statusPath('team'),
        contentType: 'application/merge-patch+json',
        body: { status: { conditions: [] } },
      }),
    );
    expect(told).to.deep.equal([]);
    expect(rig.told('team')).to.equal('True Synced 2/2');
  });

  it('tell nothing before status says it, and then once', async () => {
    await rig.start();
    rig.server.before = ({ path }) => {
      if (path.endsWith('/status')) throw new TransportError('down');
    };
    expect(await rig.eventsDuring(() => setSpec({ suspend: true }))).to.deep.equal([]);
    rig.server.before = undefined;
    const told = await rig.eventsDuring(() => rig.settle(MINUTE));
    expect(told.map(event => event.split(' ')[0])).to.deep.equal(['Suspended']);
  });

  it('are those of the replica that leads, and of the next one from where status is', async () => {
    await rig.start();
    await rig.stop();
    await rig.startStandby();
    expect(await rig.eventsDuring(removeSource)).to.deep.equal([]);
    const [failed, ...more] = await rig.eventsDuring(() => rig.controller.lead());
    expect(failed).to.match(/^LastKnownGoodServed of team: /);
    expect(more).to.deep.equal([]);
  });

  const situations: Record<string, () => unknown> = {
    'all is well': () => undefined,
    'a source fails': removeSource,
    'a namespace refuses': () => {
      rig.server.given(aNamespace('late').optedIn());
      makeForeign();
    },
    'the spec cannot be obeyed': () => setSpec({ secretName: 'unheard-of' }),
    'it is suspended': () => setSpec({ suspend: true }),
    'it selects nothing': () => setSpec({ namespaceSelector: { matchLabels: { team: 'none' } } }),
  };
  for (const [situation, make] of Object.entries(situations))
    it(`are none at a restart while ${situation}`, async () => {
      await rig.start();
      await rig.eventsDuring(make);
      await rig.stop();
      expect(await rig.eventsDuring(() => rig.start())).to.deep.equal([]);
    });
});
