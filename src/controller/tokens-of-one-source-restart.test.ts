// Two RegistryCredentials that share a source, of which one kept an older token than the other over a restart: neither
// loses the newer one.

import { expect } from 'chai';
import { encodeEntry } from '../core/docker-config.ts';
import { failed } from '../sources/source-failure.ts';
import { aCredential, type CredentialFixture, OPERATOR_NAMESPACE } from '../testing/builders.ts';
import { accepted } from '../testing/scripted-registry.ts';
import { TokenRig } from '../testing/token-rig.ts';
import { keptSecretName } from './kept-secret.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const away = failed('TokenUnavailable', 'the token server is away');

describe('tokens of one source over a restart', () => {
  let rig: TokenRig;
  beforeEach(() => {
    rig = new TokenRig();
  });
  afterEach(() => rig.stop());

  const inNamespace = (credential: CredentialFixture, namespace: string): CredentialFixture => {
    credential.spec.namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
    return credential;
  };
  const logins = () => [rig.logins('apps'), rig.logins('web')];
  const suspend = (isSuspended: boolean) =>
    rig.server.update('registrycredentials', 'alpha', object => {
      object.spec = { ...object.spec, suspend: isSuspended };
    });
  const written = async (work: () => Promise<void>, path: string): Promise<string[]> =>
    (await rig.writesDuring(work)).filter(write => write.includes(path));

  describe('of which one is resumed meanwhile', () => {
    let living: string;

    beforeEach(async () => {
      rig.server.given(
        inNamespace(aCredential('alpha').withToken('r.io'), 'apps'),
        inNamespace(aCredential('beta').withToken('x.io'), 'web'),
      );
      await rig.start();
      await rig.settle(5 * MINUTE);
      suspend(true);
      await rig.settle(3 * HOUR);
      living = `token-${rig.giver.asked.length}`;
      expect(logins()).to.deep.equal(['r.io=token-1', `x.io=${living}`]);
      await rig.stop();
      suspend(false);
    });

    it('both have the living one, before there is an answer and after it', async () => {
      rig.answerIn(10 * SECOND);
      const inWeb = await written(async () => {
        await rig.start();
        await rig.settle(5 * SECOND);
      }, '/web/secrets');
      expect(inWeb).to.deep.equal([]);
      expect(logins()).to.deep.equal([`r.io=${living}`, `x.io=${living}`]);
      await rig.settle(20 * SECOND);
      const last = `token-${rig.giver.asked.length}`;
      expect(logins()).to.deep.equal([`r.io=${last}`, `x.io=${last}`]);
    });

    for (const isKept of [true, false])
      it(`what else is in a Secret of the resumed one stays until its source has been asked${isKept ? '' : ', also where nothing of it was kept'}`, async () => {
        rig.server.update('secrets', 'apps/regcred', secret => {
          const { json } = encodeEntry({ server: 'r.io', username: 'robot', password: 'newer' });
          const config = JSON.stringify({ auths: { 'r.io': JSON.parse(json) } });
          secret.data = { '.dockerconfigjson': Buffer.from(config).toString('base64') };
        });
        if (!isKept) rig.server.delete('secrets', OPERATOR_NAMESPACE, keptSecretName('alpha'));
        rig.giver.failure = away;
        await rig.start();
        await rig.settle(5 * MINUTE);
        expect(logins()).to.deep.equal(['r.io=newer', `x.io=${living}`]);
        rig.giver.failure = undefined;
        await rig.settle(6 * MINUTE);
        const last = `token-${rig.giver.asked.length}`;
        expect(logins()).to.deep.equal([`r.io=${last}`, `x.io=${last}`]);
      });
  });

  it('where one of them waits for a verdict, and no newer one is to be had, nothing is written', async () => {
    rig.server.given(
      inNamespace(aCredential('alpha').withToken('r.io').verifying({ mode: 'Enforce' }), 'apps'),
      inNamespace(aCredential('beta').withToken('x.io').verifying({ mode: 'Report' }), 'web'),
    );
    rig.checkLogin = async () => accepted;
    await rig.start();
    rig.checkLogin = () => new Promise(() => undefined);
    while (rig.giver.asked.length < 2) await rig.settle(SECOND);
    await rig.settle(3 * SECOND);
    expect(logins()).to.deep.equal(['r.io=token-1', 'x.io=token-2']);
    rig.giver.failure = away;
    expect(await written(() => rig.restart(), '/secrets')).to.deep.equal([]);
    expect(logins()).to.deep.equal(['r.io=token-1', 'x.io=token-2']);
  });
});
