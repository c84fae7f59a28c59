// kubectl regcred explain: what it says to an admin, and to a tenant who has rights in one namespace only.

import { expect } from 'chai';
import { NAMESPACES_PATH } from '../../src/controller/paths.ts';
import { create, patch } from './admin.ts';
import { eventually } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { operator } from './operator.ts';
import { golden, regcred, tenantOf } from './regcred.ts';
import { docker, Scenario, statusOf } from './scenario.ts';
import { isReady, isServed, makeAccount } from './served.ts';

const LOGIN = { server: 'r.example.com', username: 'robot', password: 'geheimes-Wort' };
const LOGINS = { 'r.example.com': ['robot', 'geheimes-Wort'] } as const;
const IMAGE = 'r.example.com/apps/app:v1';

describe('kubectl regcred explain', () => {
  let story: Scenario;
  let names: Record<string, string>;
  before(operator);
  beforeEach(() => {
    story = new Scenario('explain');
    names = { [story.id]: 'ID' };
  });
  afterEach(() => story.end());

  /** Resolves when its status names the server: of a docker config nobody else can say it. */
  const credential = async (spec = {}): Promise<string> => {
    const registries = [docker(await story.dockerSource('s', LOGIN))];
    const name = await story.credential('team', { registries, ...spec });
    await eventually(`the server of ${name} is known`, async () =>
      expect((await statusOf(name)).registries[0]?.server).to.equal(LOGIN.server),
    );
    return name;
  };
  const explain = (namespace: string, ...args: string[]) => regcred(['explain', '-n', namespace, ...args]);

  it('names the login that is tried first, and why the others are not', async () => {
    const namespace = await story.namespace('a');
    await credential();
    await isServed(namespace, LOGINS);
    const said = await explain(namespace, IMAGE);
    expect(golden(said.out, names)).to.deep.equal([
      'LoginFound: the login for r.example.com from Secret ID-a/regcred is tried first',
      '',
      'Image  r.example.com/apps/app:v1',
      'ServiceAccount  ID-a/default',
      'Secret  ID-a/regcred: 1 login, RegistryCredential ID-team',
      '',
      'Tried, in this order:',
      '  1  r.example.com  regcred (RegistryCredential ID-team)  host',
    ]);
    expect([said.code, said.err]).to.deep.equal([0, '']);
  });

  it('says to a tenant the same, and what it could not see', async () => {
    const namespace = await story.namespace('a');
    await credential();
    await isServed(namespace, LOGINS);
    const kubeconfig = await tenantOf(namespace);
    const said = await regcred(['explain', IMAGE], { kubeconfig });
    expect(golden(said.out, names)).to.deep.equal([
      'LoginFound: the login for r.example.com from Secret ID-a/regcred is tried first',
      '',
      'Image  r.example.com/apps/app:v1',
      'ServiceAccount  ID-a/default',
      'Secret  ID-a/regcred: 1 login, RegistryCredential ID-team',
      '',
      'Tried, in this order:',
      '  1  r.example.com  regcred (RegistryCredential ID-team)  host',
      '',
      'What could not be read:',
      '  RegistryCredentials (forbidden)',
    ]);
    expect(said.code).to.equal(0);
  });

  it('tells a tenant who may not read Secrets that it cannot tell', async () => {
    const namespace = await story.namespace('a');
    await credential();
    await isServed(namespace, LOGINS);
    const kubeconfig = await tenantOf(namespace, 'view');
    const { out, code } = await regcred(['explain', IMAGE], { kubeconfig });
    expect(golden(out, names)[0]).to.equal(
      'CannotTell: not all that the kubelet would use could be read: Secret ID-a/regcred (forbidden)',
    );
    expect(code).to.equal(3);
  });

  it('has the command for a namespace that has not opted in, and it works', async () => {
    const namespace = `${story.id}-out`;
    await story.make(NAMESPACES_PATH, { metadata: { name: namespace } });
    await credential();
    const said = await explain(namespace, IMAGE);
    const [verdict, mend = ''] = golden(said.out, names);
    expect(verdict).to.equal(
      'NamespaceNotOptedIn: RegistryCredential ID-team has a login for r.example.com, but namespace ID-out has not opted in',
    );
    expect(mend).to.equal('  to mend it: kubectl label namespace ID-out e2e.regcred.dev/scenario=ID');
    expect(said.code).to.equal(3);
    await run(mend.replaceAll('ID', story.id));
    await isServed(namespace, LOGINS);
  });

  it('has the command for a Secret that somebody else made, and it works', async () => {
    const namespace = await story.namespace('a');
    const type = 'kubernetes.io/dockerconfigjson';
    const stringData = { '.dockerconfigjson': '{"auths":{}}' };
    await create(`${NAMESPACES_PATH}/${namespace}/secrets`, {
      metadata: { name: 'regcred' },
      type,
      stringData,
    });
    await isReady(await credential(), 'False Conflict');
    const [verdict = '', mend = ''] = golden((await explain(namespace, IMAGE)).out, {});
    expect(verdict).to.match(/^Conflict: Secret \S+ was made by somebody else/);
    await run(mend);
    await isServed(namespace, LOGINS);
  });

  it('has the command for a ServiceAccount that is kept out, and for one that is not taken', async () => {
    const namespace = await story.namespace('a');
    await makeAccount(namespace, 'build', { 'regcred.dev/sync': 'false' });
    await makeAccount(namespace, 'other');
    await credential({ serviceAccounts: { names: ['default', 'build'] } });
    await isServed(namespace, LOGINS);
    for (const [account, cause] of [
      ['build', 'ServiceAccountKeptOut'],
      ['other', 'ServiceAccountNotSelected'],
    ] as const) {
      const [verdict = '', mend = ''] = golden(
        (await explain(namespace, IMAGE, '--serviceaccount', account)).out,
        {},
      );
      expect(verdict).to.match(new RegExp(`^${cause}: `));
      await run(mend);
      await eventually(`${account} has the login`, async () => {
        expect((await explain(namespace, IMAGE, '--serviceaccount', account)).code).to.equal(0);
      });
    }
  });

  it('has the command for a pod that came too early, also to a tenant, and it works', async () => {
    const namespace = await story.namespace('a');
    const run_ = ['-n', namespace, 'run', 'early', `--image=${IMAGE}`];
    await kubectl(run_);
    await credential();
    await isServed(namespace, LOGINS);
    const kubeconfig = await tenantOf(namespace);
    const said = await regcred(['explain', '--pod', 'early'], { kubeconfig });
    const [verdict, mend = ''] = golden(said.out, names);
    expect(verdict).to.equal(
      'PodOlderThanReference: pod ID-a/early was created before ServiceAccount default had Secret ID-a/regcred, ' +
        'and a pod is given its pull secrets only when it is created',
    );
    expect(said.code).to.equal(3);
    expect(mend).to.equal(
      '  to mend it: kubectl -n ID-a get pod early -o yaml | kubectl replace --force -f -',
    );
    // The same, without the pipe.
    const pod = JSON.parse(await kubectl(['-n', namespace, 'get', 'pod', 'early', '-o', 'json']));
    await kubectl(['replace', '--force', '--grace-period=0', '-f', '-'], pod);
    const after = await explain(namespace, '--pod', 'early');
    expect(golden(after.out, names)[0]).to.match(/^LoginFound: /);
  });

  it('finds the entry that breaks the keyring, and shows no password', async () => {
    const namespace = await story.namespace('a');
    await credential();
    await isServed(namespace, LOGINS);
    const auths = { 'q.example.com': { auth: 'geheimes-Wort' } };
    await create(`${NAMESPACES_PATH}/${namespace}/secrets`, {
      metadata: { name: 'own' },
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': JSON.stringify({ auths }) },
    });
    await patch(`${NAMESPACES_PATH}/${namespace}/serviceaccounts/default`, {
      imagePullSecrets: [{ name: 'regcred' }, { name: 'own' }],
    });
    for (const format of [[], ['-o', 'wide'], ['-o', 'json'], ['-o', 'yaml'], ['--show-user']]) {
      const { out, err, code } = await explain(namespace, IMAGE, ...format);
      expect(out)
        .to.contain('KeyringBroken')
        .and.contain('entry q.example.com, has an auth that is not base64');
      expect(out + err)
        .to.not.contain('geheim')
        .and.not.contain(Buffer.from('robot:geheimes-Wort').toString('base64'));
      expect(code).to.equal(3);
    }
  });

  it('shows user names when it is asked to, and gives scripts the same', async () => {
    const namespace = await story.namespace('a');
    await credential();
    await isServed(namespace, LOGINS);
    expect((await explain(namespace, IMAGE)).out).to.not.contain('robot');
    expect((await explain(namespace, IMAGE, '--show-user')).out).to.contain('r.example.com  robot  regcred');
    const [item] = JSON.parse((await explain(namespace, IMAGE, '-o', 'json', '--show-user')).out).items;
    expect(item).to.deep.include({ image: IMAGE, namespace, serviceAccount: 'default', unread: [] });
    expect(item.verdict.name).to.equal('LoginFound');
    expect(item.tried).to.deep.equal([
      {
        server: 'r.example.com',
        secret: 'regcred',
        origin: `RegistryCredential ${story.id}-team`,
        why: 'host',
        user: 'robot',
      },
    ]);
  });
});

/** "  to mend it: kubectl …", as a person would paste it. */
async function run(mend: string): Promise<void> {
  const words = mend.replace(/^ {2}to mend it: kubectl /, '').match(/'[^']*'|\S+/g) ?? [];
  await kubectl(words.map(word => word.replace(/^'(.*)'$/, '$1')));
}
