// Marks of ours that no RegistryCredential accounts for, such as an operator leaves that was
// killed, or a RegistryCredential whose finalizer was forced off: whoever starts next cleans up.

import {
  CREDENTIALS_ANNOTATION,
  DOCKER_CONFIG_KEY,
  DOCKER_CONFIG_TYPE,
  FIELD_MANAGER,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  PULL_SECRETS_ANNOTATION,
} from '../../src/api/names.ts';
import { credentialPath, secretPath, serviceAccountPath } from '../../src/controller/paths.ts';
import { apply, patch, remove } from './admin.ts';
import { eventually } from './eventually.ts';
import { operator, restartOperator } from './operator.ts';
import { isGone, isUnreferenced, LOGIN, LOGINS, oneLogin } from './ownership.ts';
import { dockerConfig, Scenario } from './scenario.ts';
import { isClean, isServed } from './served.ts';

describe('marks that no RegistryCredential accounts for', () => {
  let story: Scenario;
  let namespace: string;
  before(operator);
  beforeEach(async () => {
    story = new Scenario('marks');
    namespace = await story.namespace('a');
  });
  afterEach(() => story.end());

  const applySecret = (...credentials: string[]) =>
    apply(
      secretPath(namespace, 'regcred'),
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name: 'regcred',
          labels: { [MANAGED_BY_LABEL]: MANAGED_BY },
          annotations: { [CREDENTIALS_ANNOTATION]: credentials.join() },
        },
        type: DOCKER_CONFIG_TYPE,
        data: { [DOCKER_CONFIG_KEY]: Buffer.from(dockerConfig([LOGIN])).toString('base64') },
      },
      FIELD_MANAGER,
    );
  const annotate = (...pullSecrets: string[]) =>
    patch(serviceAccountPath(namespace, 'default'), {
      metadata: { annotations: { [PULL_SECRETS_ANNOTATION]: 'regcred' } },
      imagePullSecrets: pullSecrets.map(name => ({ name })),
    });

  it('are cleaned up at the start, and the entries of others stay', async () => {
    await restartOperator(async () => {
      await applySecret('long-gone');
      await annotate('theirs', 'regcred', 'other');
    });
    await isGone(secretPath(namespace, 'regcred'));
    await isUnreferenced(namespace, 'theirs', 'other');
  });

  it('are cleaned up at the start where only the reference is left', async () => {
    await restartOperator(async () => {
      await annotate('regcred');
    });
    await isClean(namespace);
  });

  it('are cleaned up while the operator runs', async () => {
    await applySecret('long-gone');
    await isGone(secretPath(namespace, 'regcred'));
    await annotate('theirs', 'regcred');
    await eventually('only theirs is left', () => isUnreferenced(namespace, 'theirs'));
  });

  it('are cleaned up when somebody forces the finalizer off, also while no operator ran', async () => {
    for (const isDown of [false, true]) {
      const credential = await oneLogin(story, isDown ? 'x' : 'y');
      await isServed(namespace, LOGINS);
      const force = async (): Promise<void> => {
        await remove(credentialPath(credential));
        await patch(credentialPath(credential), { metadata: { finalizers: null } }).catch(() => undefined);
      };
      await (isDown ? restartOperator(force) : force());
      await isGone(credentialPath(credential));
      await isClean(namespace);
    }
  });
});
