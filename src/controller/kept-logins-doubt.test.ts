// What was kept may be older than what stands in the namespaces, or newer: no login that works is lost either way.

import { expect } from 'chai';
import { ApiError } from '../kube/errors.ts';
import {
  aBasicSecret,
  aCredential,
  aDockerConfigSecret,
  aNamespace,
  aSecret,
  OPERATOR_NAMESPACE,
} from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { keptSecretName } from './kept-secret.ts';

const NAME = keptSecretName('team');

describe('logins that could not be kept', () => {
  let rig: OperatorRig;
  const warnings = () => rig.log.filter(line => line.startsWith('warn could not keep'));
  const refuse = (): void => {
    rig.server.before = ({ path, method }) => {
      if (method === 'PATCH' && path.endsWith(NAME)) throw new ApiError(403, 'Forbidden', 'exceeded quota');
    };
  };

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aCredential('team').withBasic('r.io', 'login'));
  });
  afterEach(() => rig.stop());

  it('are rolled out all the same, it is said once, and they are kept as soon as it can be', async () => {
    refuse();
    await rig.start();
    expect([rig.logins('apps'), rig.told('team')]).to.deep.equal(['r.io=old', 'True Synced 1/1']);
    await rig.settle(120_000);
    expect(warnings()).to.have.length(1);
    expect(rig.kept()).to.deep.equal([]);
    rig.server.before = undefined;
    await rig.settle(40_000);
    expect(rig.kept()).to.have.length(1);
  });

  it('are not taken for outdated after a restart: what is newer stays, and only a new namespace gets what was kept', async () => {
    await rig.start();
    refuse();
    rig.newPassword('newer');
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=newer');
    rig.server.delete('secrets', OPERATOR_NAMESPACE, 'login');
    await rig.restart();
    rig.server.given(aNamespace('late').optedIn());
    await rig.settle();
    expect([rig.logins('apps'), rig.logins('late')]).to.deep.equal(['r.io=newer', 'r.io=old']);
    rig.server.given(aBasicSecret('login', 'robot', 'newest'));
    await rig.settle();
    expect([rig.logins('apps'), rig.logins('late')]).to.deep.equal(['r.io=newest', 'r.io=newest']);
  });

  it('do not keep a server in use that only the newer ones had from being served', async () => {
    rig.server.given(aDockerConfigSecret('config').withLogin('q.io', 'robot', 'good'));
    rig.server.create('registrycredentials', aCredential('docker').withDockerConfig('config'));
    await rig.start();
    rig.server.before = ({ path }) => {
      if (path.endsWith(keptSecretName('docker'))) throw new ApiError(403, 'Forbidden', 'exceeded quota');
    };
    rig.server.update('secrets', `${OPERATOR_NAMESPACE}/config`, secret => {
      const both = aDockerConfigSecret('config')
        .withLogin('q.io', 'robot', 'good')
        .withLogin('p.io', 'robot', 'x');
      secret.data = { ...both.data };
    });
    await rig.settle();
    rig.server.delete('secrets', OPERATOR_NAMESPACE, 'config');
    await rig.restart();
    expect(rig.logins('apps')).to.equal('p.io=x q.io=good r.io=old');
  });

  it('leave a Secret alone that somebody else made in their place', async () => {
    rig.server.given(aSecret(NAME).with('theirs', 'x'));
    await rig.start();
    await rig.settle(60_000);
    expect(rig.server.get('secrets', OPERATOR_NAMESPACE, NAME)?.data).to.deep.equal({ theirs: 'eA==' });
    expect(warnings()).to.have.length(1);
    expect(rig.told('team')).to.equal('True Synced 1/1');
  });
});

describe('a source that fails after a restart in the middle of a roll-out', () => {
  let rig: OperatorRig;

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aCredential('team').withBasic('r.io', 'login'));
  });
  afterEach(() => rig.stop());

  it('lets the roll-out go on: what an older login is, is known', async () => {
    await rig.start();
    rig.server.before = ({ path }) => {
      if (path.endsWith('/apps/secrets/regcred')) throw new ApiError(500, 'no', 'no');
    };
    rig.newPassword('new');
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=old');
    await rig.stop();
    rig.server.before = undefined;
    rig.server.delete('secrets', OPERATOR_NAMESPACE, 'login');
    await rig.start();
    expect(rig.logins('apps')).to.equal('r.io=new');
    expect(rig.told('team')).to.equal('True Synced 1/1');
  });

  it('lets others have their new logins in the same Secret', async () => {
    rig.server.given(aBasicSecret('other', 'bot', 'first'));
    rig.server.create('registrycredentials', aCredential('z-other').withBasic('s.io', 'other'));
    await rig.start();
    await rig.stop();
    rig.server.delete('secrets', OPERATOR_NAMESPACE, 'login');
    rig.server.update('secrets', `${OPERATOR_NAMESPACE}/other`, secret => {
      secret.data = { ...secret.data, password: Buffer.from('second').toString('base64') };
    });
    await rig.start();
    expect(rig.logins('apps')).to.equal('r.io=old s.io=second');
  });

  it('keeps the part of a suspended one as it was, whatever its source says by now', async () => {
    rig.server.given(aBasicSecret('other', 'bot', 'first'));
    rig.server.create('registrycredentials', aCredential('z-other').withBasic('s.io', 'other'));
    await rig.start();
    rig.server.update('registrycredentials', 'team', object => {
      object.spec = { ...object.spec, suspend: true };
    });
    await rig.settle();
    rig.newPassword('unwanted');
    expect(
      (await rig.writesDuring(() => rig.restart())).filter(write => !write.endsWith('/status')),
    ).to.deep.equal([]);
    rig.server.update('secrets', `${OPERATOR_NAMESPACE}/other`, secret => {
      secret.data = { ...secret.data, password: Buffer.from('second').toString('base64') };
    });
    await rig.settle();
    expect(rig.logins('apps')).to.equal('r.io=old s.io=second');
  });
});
