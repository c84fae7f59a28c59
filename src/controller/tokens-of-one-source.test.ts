// Two RegistryCredentials that come to share a source, each with a token from before: none of them gets the other's.

import { expect } from 'chai';
import { failed } from '../sources/source-failure.ts';
import { aCredential, type CredentialFixture } from '../testing/builders.ts';
import { accepted } from '../testing/scripted-registry.ts';
import { TokenRig } from '../testing/token-rig.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('tokens of two registries whose source becomes the same one', () => {
  let rig: TokenRig;
  /** What was tried, and where. */
  let sent: string[];

  const credential = (name: string, server: string, namespace: string, scope: string): CredentialFixture => {
    const one = aCredential(name).withToken(server).verifying({ mode: 'Report' });
    one.spec.namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
    one.spec.registries = one.spec.registries.map(registry => scoped(registry, scope));
    return one;
  };
  beforeEach(async () => {
    rig = new TokenRig();
    sent = [];
    rig.checkLogin = async ({ server, password }) => {
      sent.push(`${server}=${password}`);
      return accepted;
    };
    rig.server.given(credential('alpha', 'r.io', 'apps', 'one'));
    await rig.start();
    await rig.settle(5 * MINUTE);
  });
  afterEach(() => rig.stop());

  const edit = async (name: string, scope: string): Promise<void> => {
    rig.server.update('registrycredentials', name, object => {
      object.spec = { ...object.spec, registries: object.spec.registries.map(one => scoped(one, scope)) };
    });
    await rig.settle(10 * SECOND);
  };
  const logins = () => [rig.logins('apps'), rig.logins('web')];

  it('stay where they were while that fails, and are tried nowhere else', async () => {
    rig.server.given(credential('beta', 'x.io', 'web', 'two'));
    await rig.settle(5 * MINUTE);
    rig.giver.failure = failed('TokenUnavailable', 'the token server is away');
    for (const name of ['alpha', 'beta']) await edit(name, 'three');
    expect(logins()).to.deep.equal(['r.io=token-1', 'x.io=token-2']);
    expect(['alpha', 'beta'].map(name => rig.told(name))).to.deep.equal([
      'True Synced 1/1',
      'True Synced 1/1',
    ]);
    expect(sent.toSorted()).to.deep.equal(['r.io=token-1', 'x.io=token-2']);
    // Their ends are five minutes apart, and each is told of its own.
    await rig.settle(51 * MINUTE);
    expect(['alpha', 'beta'].map(name => rig.told(name))).to.deep.equal([
      'False Expired 1/1',
      'True Synced 1/1',
    ]);
    await rig.settle(5 * MINUTE);
    expect(rig.told('beta')).to.equal('False Expired 1/1');
    expect(logins()).to.deep.equal(['r.io=token-1', 'x.io=token-2']);
    rig.giver.failure = undefined;
    await rig.settle(6 * MINUTE);
    const last = `token-${rig.giver.asked.length}`;
    expect(logins()).to.deep.equal([`r.io=${last}`, `x.io=${last}`]);
  });

  it('are not given to one that never had any', async () => {
    rig.giver.failure = failed('TokenUnavailable', 'the token server is away');
    await edit('alpha', 'three');
    rig.server.given(credential('beta', 'x.io', 'web', 'three'));
    await rig.settle(10 * SECOND);
    expect(logins()).to.deep.equal(['r.io=token-1', undefined]);
    expect(sent).to.deep.equal(['r.io=token-1']);
  });

  it('are not replaced by one that is over when it comes, while they live', async () => {
    rig.server.given(credential('beta', 'x.io', 'web', 'two'));
    await rig.settle(5 * MINUTE);
    rig.giver.life = -MINUTE;
    for (const name of ['alpha', 'beta']) await edit(name, 'three');
    expect(logins()).to.deep.equal(['r.io=token-1', 'x.io=token-2']);
  });
});

const scoped = <T extends CredentialFixture['spec']['registries'][number]>(registry: T, scope: string): T =>
  registry.oauth === undefined ? registry : { ...registry, oauth: { ...registry.oauth, scope } };
