// The last known good logins over a restart: a new namespace is served by a source that fails, nothing changes
// elsewhere, and no login that is newer than what was kept is lost.

import { expect } from 'chai';
import { DOCKER_CONFIG_KEY, INTERNAL_LABEL, KEPT_KEY } from '../api/names.ts';
import {
  aBasicSecret,
  aCredential,
  aDockerConfigSecret,
  aNamespace,
  OPERATOR_NAMESPACE,
} from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { keptSecretName } from './kept-secret.ts';

const NAME = keptSecretName('team');

describe('the logins that are kept over a restart', () => {
  let rig: OperatorRig;

  beforeEach(() => {
    rig = new OperatorRig();
    rig.server.given(aNamespace('apps').optedIn(), aCredential('team').withBasic('r.io', 'login'));
  });
  afterEach(() => rig.stop());

  const kept = (name = 'team') => rig.server.get('secrets', OPERATOR_NAMESPACE, keptSecretName(name));
  const content = (): string => Buffer.from(kept()?.data?.[KEPT_KEY] ?? '', 'base64').toString();
  const status = () => rig.server.get('registrycredentials', 'team')?.status;
  const setSpec = (change: object): void => {
    rig.server.update('registrycredentials', 'team', object => {
      object.spec = { ...object.spec, ...change };
    });
  };
  const failing: Record<string, () => void> = {
    deleted: () => rig.server.delete('secrets', OPERATOR_NAMESPACE, 'login'),
    malformed: () =>
      rig.server.update('secrets', `${OPERATOR_NAMESPACE}/login`, secret => {
        secret.data = { username: '' };
      }),
    'made internal': () =>
      rig.server.label('secrets', `${OPERATOR_NAMESPACE}/login`, { [INTERNAL_LABEL]: '' }),
  };
  for (const [how, fail] of Object.entries(failing)) {
    it(`serve a new namespace while the source is ${how}, and the restart writes nothing`, async () => {
      await rig.start();
      fail();
      await rig.settle();
      const before = status();
      expect(rig.told('team')).to.equal('True Synced 1/1');
      expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
      expect(status()).to.deep.equal(before);
      rig.server.given(aNamespace('late').optedIn());
      await rig.settle();
      expect([rig.logins('late'), rig.pullSecrets('late')]).to.deep.equal(['r.io=old', ['regcred']]);
      expect(rig.told('team')).to.equal('True Synced 2/2');
    });
  }

  it('are found when the source fails while no operator runs', async () => {
    await rig.start();
    await rig.stop();
    failing.deleted?.();
    rig.server.given(aNamespace('late').optedIn());
    await rig.start();
    expect([rig.logins('apps'), rig.logins('late')]).to.deep.equal(['r.io=old', 'r.io=old']);
    expect(status()?.conditions.find(({ type }) => type === 'SourceFailing')).to.include({
      reason: 'LastKnownGoodServed',
    });
  });

  it('leave status as it was also of a registry that never gave one, whose server another one serves', async () => {
    rig.server.given(aDockerConfigSecret('config').withLogin('r.io', 'robot', 'good'));
    const never = { server: 'https://r.io', basic: { secretRef: { name: 'never-there' } } };
    setSpec({ registries: [{ dockerConfig: { secretRef: { name: 'config' } } }, never] });
    await rig.start();
    expect(rig.told('team')).to.equal('False SourceFailed 1/1');
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
  });

  it('leave status as it was also where nothing is known any more, while an older Secret waits for its end', async () => {
    await rig.start();
    rig.server.update('secrets', 'apps/regcred', ({ metadata }) => {
      metadata.finalizers = ['example.org/backup'];
    });
    setSpec({ registries: [{ server: 's.io', basic: { secretRef: { name: 'never-there' } } }] });
    await rig.settle();
    expect(content()).to.not.contain('old');
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
  });

  it('give a docker config its entry back that has gone bad', async () => {
    const config = () => aDockerConfigSecret('config').withLogin('q.io', 'robot', 'good');
    rig.server.given(config().withLogin('p.io', 'robot', 'good'));
    rig.server.create('registrycredentials', aCredential('docker').withDockerConfig('config'));
    await rig.start();
    rig.server.update('secrets', `${OPERATOR_NAMESPACE}/config`, secret => {
      const auths = { 'q.io': { auth: '%' }, 'p.io': { auth: Buffer.from('robot:new').toString('base64') } };
      secret.data = { [DOCKER_CONFIG_KEY]: Buffer.from(JSON.stringify({ auths })).toString('base64') };
    });
    await rig.settle();
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
    rig.server.given(aNamespace('late').optedIn());
    await rig.settle();
    expect(rig.logins('late')).to.equal('p.io=new q.io=good r.io=old');
  });

  it('are written once for a new login, and not for one that is the same', async () => {
    await rig.start();
    const isKept = (write: string): boolean => write.endsWith(NAME);
    const rotation = await rig.writesDuring(async () => {
      rig.newPassword('new');
      await rig.settle();
    });
    expect(rotation.filter(isKept)).to.deep.equal([
      `PATCH /api/v1/namespaces/regcred-system/secrets/${NAME}`,
    ]);
    const idle = await rig.writesDuring(async () => {
      rig.server.label('secrets', `${OPERATOR_NAMESPACE}/login`, { a: 'b' });
      rig.server.given(aNamespace('web').optedIn());
      await rig.settle();
      await rig.restart();
    });
    expect(idle.filter(isKept)).to.deep.equal([]);
  });

  it('lie in one Secret of the own namespace, with label and type of their own', async () => {
    await rig.start();
    expect(rig.kept()).to.have.length(1);
    const { metadata, type } = kept() ?? {};
    expect(metadata?.labels).to.deep.equal({ [INTERNAL_LABEL]: 'true' });
    expect(metadata?.annotations).to.deep.equal({ 'regcred.dev/credentials': 'team' });
    expect(type).to.equal('regcred.dev/kept-logins');
  });

  it('are no source, and whoever names them is told so', async () => {
    await rig.start();
    rig.server.create('registrycredentials', aCredential('thief').withBasic('thief.io', NAME));
    await rig.settle();
    expect(rig.told('thief')).to.equal('False SourceFailed 0/1');
    const ready = rig.server.get('registrycredentials', 'thief')?.status?.conditions[0];
    expect(ready?.message).to.contain(`${NAME} carries the label ${INTERNAL_LABEL}`);
    expect(rig.logins('apps')).to.equal('r.io=old');
  });

  it('come back when somebody deletes or spoils them', async () => {
    await rig.start();
    const before = content();
    rig.server.delete('secrets', OPERATOR_NAMESPACE, NAME);
    await rig.settle();
    expect(content()).to.equal(before);
    rig.server.update('secrets', `${OPERATOR_NAMESPACE}/${NAME}`, secret => {
      secret.data = { [KEPT_KEY]: 'e30=' };
    });
    await rig.settle();
    expect(content()).to.equal(before);
  });

  it('count as none where they cannot be read, and are left to who can', async () => {
    await rig.start();
    await rig.stop();
    failing.deleted?.();
    const data = { [KEPT_KEY]: Buffer.from('{"version":2}').toString('base64') };
    rig.server.update(
      'secrets',
      `${OPERATOR_NAMESPACE}/${NAME}`,
      secret => void Object.assign(secret, { data }),
    );
    rig.server.given(aNamespace('late').optedIn());
    await rig.start();
    expect([rig.logins('apps'), rig.logins('late')]).to.deep.equal(['r.io=old', undefined]);
    expect(kept()?.data).to.deep.equal(data);
    rig.server.given(aBasicSecret('login', 'robot', 'new'));
    await rig.settle();
    expect(content()).to.contain('"version":1').and.contain('"new"');
  });

  it('stay as they are while it is suspended, whatever is written into its spec', async () => {
    await rig.start();
    setSpec({ suspend: true, registries: [{ server: 'other.io', basic: { secretRef: { name: 'login' } } }] });
    const before = content();
    await rig.settle();
    await rig.restart();
    expect(content()).to.equal(before);
  });

  it('hold no login of a registry that is not in the spec any more', async () => {
    setSpec({
      registries: [
        { server: 'r.io', basic: { secretRef: { name: 'login' } } },
        { server: 's.io', basic: { secretRef: { name: 'login' } } },
      ],
    });
    await rig.start();
    expect(content()).to.contain('s.io');
    setSpec({ registries: [{ server: 'r.io', basic: { secretRef: { name: 'login' } } }] });
    await rig.settle();
    expect(content()).to.contain('r.io').and.not.contain('s.io');
  });
});
