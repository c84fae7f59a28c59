// Drift: whatever somebody does to what is ours, the operator puts it right. The times that
// it took are printed: users wait for them.

import { expect } from 'chai';
import {
  CREDENTIALS_ANNOTATION,
  DOCKER_CONFIG_KEY,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  PULL_SECRETS_ANNOTATION,
} from '../../src/api/names.ts';
import { secretPath, serviceAccountPath } from '../../src/controller/paths.ts';
import { patch, read, remove } from './admin.ts';
import { eventually } from './eventually.ts';
import { operator } from './operator.ts';
import { LOGINS, oneLogin, setPullSecrets } from './ownership.ts';
import { decode, ownedOf, pullSecretsOf, Scenario } from './scenario.ts';
import { isServed, secretIn, uidIn } from './served.ts';

describe('what somebody does to what is ours', () => {
  let story: Scenario;
  let namespace: string;
  let credential: string;
  before(operator);
  beforeEach(async () => {
    story = new Scenario('repair');
    namespace = await story.namespace('a');
    credential = await oneLogin(story, 'x');
    await isServed(namespace, LOGINS);
  });
  afterEach(() => story.end());

  const repaired = async (what: string, check: () => Promise<void>): Promise<void> => {
    const began = performance.now();
    await eventually(what, check);
    console.log(`      ${what} after ${Math.round(performance.now() - began)} ms`);
  };
  const references = async (...expected: string[]): Promise<void> => {
    expect(await pullSecretsOf(namespace)).to.deep.equal(expected);
    expect(await ownedOf(namespace)).to.equal('regcred');
  };

  it('is put right in a Secret whose content was edited, and the Secret keeps its uid', async () => {
    const before = await secretIn(namespace);
    const bytes = Buffer.from('{"auths":{"evil.io":{"username":"a","password":"b"}}}').toString('base64');
    await patch(secretPath(namespace, 'regcred'), { data: { [DOCKER_CONFIG_KEY]: bytes } });
    await repaired('the content is back', async () => {
      const after = await secretIn(namespace);
      expect(after.data).to.deep.equal(before.data);
      expect(after.metadata.uid).to.equal(before.metadata.uid);
    });
  });

  it('is put right in a Secret whose content is no docker config any more', async () => {
    const before = await secretIn(namespace);
    const bytes = Buffer.from('{}').toString('base64');
    await patch(secretPath(namespace, 'regcred'), { data: { [DOCKER_CONFIG_KEY]: bytes } });
    await repaired('the content is back', async () => {
      const after = await secretIn(namespace);
      expect(after.data).to.deep.equal(before.data);
      expect(after.metadata.uid).to.equal(before.metadata.uid);
    });
  });

  for (const [how, value] of [
    ['edited', 'somebody-else'],
    ['removed', null],
  ] as const)
    it(`is put right when our annotation of the Secret was ${how}`, async () => {
      const uid = await uidIn(namespace);
      await patch(secretPath(namespace, 'regcred'), {
        metadata: { annotations: { [CREDENTIALS_ANNOTATION]: value, theirs: 'stays' } },
      });
      await repaired('the annotation is back', async () => {
        const { metadata } = await secretIn(namespace);
        expect(metadata.annotations).to.deep.equal({ [CREDENTIALS_ANNOTATION]: credential, theirs: 'stays' });
        expect(metadata.uid).to.equal(uid);
      });
    });

  it('is made anew when the Secret was deleted', async () => {
    const uid = await uidIn(namespace);
    await remove(secretPath(namespace, 'regcred'));
    await repaired('the Secret is back', async () => {
      const secret = await secretIn(namespace);
      expect(secret.metadata.uid).not.to.equal(uid);
      expect(secret.metadata.labels).to.deep.equal({ [MANAGED_BY_LABEL]: MANAGED_BY });
      expect(decode(secret)).to.deep.equal(LOGINS);
    });
  });

  it('is put back when the reference was removed', async () => {
    await patch(serviceAccountPath(namespace, 'default'), { imagePullSecrets: null });
    await repaired('the reference is back', () => references('regcred'));
  });

  it('is put back when reference and annotation were removed together', async () => {
    await patch(serviceAccountPath(namespace, 'default'), {
      metadata: { annotations: { [PULL_SECRETS_ANNOTATION]: null } },
      imagePullSecrets: null,
    });
    await repaired('both are back', () => references('regcred'));
  });

  it('is put back beside the entries of somebody who applied a list of their own', async () => {
    await setPullSecrets(namespace, 'z-theirs', 'a-theirs');
    await repaired('the reference is back', () => references('z-theirs', 'a-theirs', 'regcred'));
  });

  it('is put back on a ServiceAccount that was deleted and made anew', async () => {
    const { uid } = (await read(serviceAccountPath(namespace, 'default'))).metadata;
    await remove(serviceAccountPath(namespace, 'default'));
    await repaired('the new ServiceAccount has it', async () => {
      expect((await read(serviceAccountPath(namespace, 'default'))).metadata.uid).not.to.equal(uid);
      await references('regcred');
    });
  });
});
