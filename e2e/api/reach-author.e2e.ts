// What somebody reaches who may write RegistryCredentials and has a namespace of their own, but nothing in the operator's.

import { expect } from 'chai';
import { CREDENTIALS_PATH, secretPath, secretsPathIn } from '../../src/controller/paths.ts';
import { OPERATOR_ACCOUNT, OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { create, read, remove } from './admin.ts';
import { eventually } from './eventually.ts';
import { operator } from './operator.ts';
import { LOGIN, LOGINS } from './ownership.ts';
import { Person, untilAllowed } from './person.ts';
import { basic, decode, docker, Scenario } from './scenario.ts';
import { isReady, isUntouched } from './served.ts';

const RESOURCE = 'registrycredentials.regcred.dev';
const TOKEN = 'token-of-the-operator';

describe('Who may write RegistryCredentials', () => {
  const author = new Person('author');
  let story: Scenario;
  let home: string;

  before(async () => {
    await operator();
    await author.may('create,get,list,delete', RESOURCE);
    await untilAllowed(author, ['create', RESOURCE]);
  });
  beforeEach(async () => {
    story = new Scenario('author');
    home = await story.namespace('home');
    await author.hasRoleIn(home, 'admin');
    await untilAllowed(author, ['get', 'secrets', '-n', home]);
  });
  afterEach(async () => {
    await author.kubectl(['delete', RESOURCE, story.id, '--ignore-not-found']);
    await story.end();
  });
  after(() => author.leave());

  const write = (registries: readonly object[], query = ''): Promise<string> =>
    author.kubectl(['create', '--raw', `${CREDENTIALS_PATH}${query}`, '-f', '-'], {
      apiVersion: 'regcred.dev/v1alpha1',
      kind: 'RegistryCredential',
      metadata: { name: story.id },
      spec: { registries, namespaceSelector: story.selector },
    });

  it('gets every login of regcred-system into a namespace in which to read it', async () => {
    const source = await story.dockerSource('s', LOGIN);
    await author.isForbidden(['-n', OPERATOR_NAMESPACE, 'get', 'secret', source]);
    await write([docker(source)]);
    const secret = await eventually('it is there', () =>
      author.json(['-n', home, 'get', 'secret', 'regcred']),
    );
    expect(decode(secret)).to.deep.equal(LOGINS);
  });

  it('names no Secret of another namespace', async () => {
    const there = { dockerConfig: { secretRef: { name: 'regcred', namespace: 'kube-system' } } };
    const said = await write([there], '?fieldValidation=Strict').catch((error: Error) => error.message);
    expect(said).to.contain('unknown field "spec.registries[0].dockerConfig.secretRef.namespace"');
    await write([there]);
    const message = await isReady(story.id, 'False SourceFailed');
    expect(message).to.contain(`${OPERATOR_NAMESPACE}/regcred`);
    await isUntouched(home);
  });

  it('gets no token of a ServiceAccount handed out, not even one that lies in regcred-system', async () => {
    await create(secretsPathIn(OPERATOR_NAMESPACE), {
      metadata: { name: TOKEN, annotations: { 'kubernetes.io/service-account.name': OPERATOR_ACCOUNT } },
      type: 'kubernetes.io/service-account-token',
    });
    try {
      await eventually('Kubernetes has filled it in', async () =>
        expect((await read(secretPath(OPERATOR_NAMESPACE, TOKEN))).data).to.have.property('token'),
      );
      await write([docker(TOKEN), basic(TOKEN, 'r.example')]);
      await isReady(story.id, 'False SourceFailed');
      await isUntouched(home);
    } finally {
      await remove(secretPath(OPERATOR_NAMESPACE, TOKEN));
    }
  });

  it('reads, makes and changes nothing in regcred-system', async () => {
    const there = ['-n', OPERATOR_NAMESPACE];
    for (const args of [
      ['get', 'secrets'],
      ['create', 'secret', 'generic', 'mine'],
      ['create', 'token', OPERATOR_ACCOUNT],
      ['get', 'pods'],
    ])
      await author.isForbidden([...there, ...args]);
  });
});
