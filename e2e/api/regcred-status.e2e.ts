// kubectl regcred status: all RegistryCredentials, one of them by namespace, and a roll-out that is followed.

import { expect } from 'chai';
import { NAMESPACES_PATH } from '../../src/controller/paths.ts';
import { create } from './admin.ts';
import { operator, restartOperator, stopOperator } from './operator.ts';
import { golden, regcred, tenantOf } from './regcred.ts';
import { docker, Scenario } from './scenario.ts';
import { isReady, isServed } from './served.ts';

const LOGIN = { server: 'r.example.com', username: 'robot', password: 'geheimes-Wort' };
const LOGINS = { 'r.example.com': ['robot', 'geheimes-Wort'] } as const;

describe('kubectl regcred status', () => {
  let story: Scenario;
  let names: Record<string, string>;
  before(operator);
  beforeEach(() => {
    story = new Scenario('status');
    names = { [story.id]: 'ID' };
  });
  afterEach(() => story.end());

  const credential = async (spec = {}): Promise<string> =>
    story.credential('team', { registries: [docker(await story.dockerSource('s', LOGIN))], ...spec });
  const foreign = (namespace: string) =>
    create(`${NAMESPACES_PATH}/${namespace}/secrets`, { metadata: { name: 'regcred' } });

  it('shows a RegistryCredential and each of its namespaces, those that refuse with the command', async () => {
    await story.namespace('a');
    await foreign(await story.namespace('b'));
    const name = await credential();
    await isReady(name, 'True Synced');
    const { out, code } = await regcred(['status', name]);
    expect(golden(out, names)).to.deep.equal([
      'NAME  READY  REASON  SECRET  NAMESPACES  SERVICEACCOUNTS  EXPIRES',
      'ID-team  True  Synced  regcred  1/2  1/2',
      '',
      'Ready  Synced  every selected namespace that takes it has its login',
      'Conflict  ForeignSecret  1 of 2 selected namespaces: Secret ID-b/regcred was made by somebody else and is left alone; to hand it over: kubectl -n ID-b label secret regcred app.kubernetes.io/managed-by=regcred --overwrite',
      'Login  r.example.com (dockerConfig)',
      '',
      'NAMESPACE  STATE  SERVICEACCOUNTS  WHY',
      'ID-a  Synced  1/1',
      'ID-b  ForeignSecret  0/1  Secret ID-b/regcred was made by somebody else and is left alone; to hand it over: kubectl -n ID-b label secret regcred app.kubernetes.io/managed-by=regcred --overwrite',
    ]);
    expect(code).to.equal(3);
  });

  it('shows all of them in a table, and gives scripts the same', async () => {
    const name = await credential();
    await isReady(name, 'True NoNamespaceSelected');
    const { out, code } = await regcred(['status']);
    expect(golden(out, names)).to.include('ID-team  True  NoNamespaceSelected  regcred  0/0  0/0');
    expect(code).to.be.oneOf([0, 3]);
    const { items } = JSON.parse((await regcred(['status', '-o', 'json'])).out);
    const item = items.find((one: { name: string }) => one.name === name);
    expect(item.namespaces).to.deep.equal({ selected: 0, synced: 0, failed: 0, summary: '0/0' });
  });

  it('is refused to a tenant in one line, with what to have allowed', async () => {
    const namespace = await story.namespace('a');
    const kubeconfig = await tenantOf(namespace);
    const { out, err, code } = await regcred(['status'], { kubeconfig });
    expect(err).to.match(
      /^error: may not list registrycredentials\.regcred\.dev: have it allowed with [^\n]+\n$/,
    );
    expect([out, code]).to.deep.equal(['', 1]);
  });

  it('follows a roll-out to its end', async () => {
    const namespaces = await Promise.all(
      Array.from({ length: 10 }, (_, index) => story.namespace(`n${index}`)),
    );
    await stopOperator();
    const name = await credential();
    const watching = regcred(['status', name, '--watch']);
    await restartOperator();
    const { out, code } = await watching;
    const lines = golden(out, names);
    expect(lines[0]).to.equal('ID-team  Waiting');
    expect(lines.at(-1)).to.equal('ID-team  True Synced  10/10 namespaces  10/10 ServiceAccounts');
    expect(new Set(lines).size, 'no line is said twice').to.equal(lines.length);
    expect(code).to.equal(0);
    await Promise.all(namespaces.map(namespace => isServed(namespace, LOGINS)));
    // Nothing is on its way: it says so and ends.
    expect(golden((await regcred(['status', name, '-w'])).out, names)).to.deep.equal([lines.at(-1)]);
  });
});
