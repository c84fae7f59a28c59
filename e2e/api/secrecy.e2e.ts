// A credential is never printed: one that cannot be mistaken for anything else is sent through
// everything that succeeds and fails, and then looked for wherever the operator says something.

import { expect } from 'chai';
import { DOCKER_CONFIG_KEY } from '../../src/api/names.ts';
import { secretsPathIn } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { markedPassword } from '../secrecy/marks.ts';
import { expectSecrecy } from '../secrecy/said.ts';
import { Scanner } from '../secrecy/scanner.ts';
import { create, patch } from './admin.ts';
import { eventually } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { operator, restartOperator } from './operator.ts';
import { basic, conditionOf, docker, loginsIn, Scenario, statusOf } from './scenario.ts';
import { isReady, isServed } from './served.ts';
import { isTold } from './told.ts';

const MARK = markedPassword();
const LOGIN = { server: 'r.example.com', username: 'marked-user', password: MARK };
const LOGINS = { 'r.example.com': ['marked-user', MARK] } as const;
const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const TYPE = 'kubernetes.io/dockerconfigjson';

function isJsonObject(text: string): boolean {
  try {
    return text.startsWith('{') && JSON.parse(text) !== null;
  } catch {
    return false;
  }
}

describe('a credential', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('secrecy');
  });
  afterEach(() => story.end());

  /** A policy that says in its refusal what it was sent, as some webhooks do. */
  const talkativePolicy = async (): Promise<void> => {
    const name = `${story.id}-talkative`;
    const content = `string(object.data['${DOCKER_CONFIG_KEY}'])`;
    await story.make(`${ADMISSION}/validatingadmissionpolicies`, {
      metadata: { name },
      spec: {
        matchConstraints: {
          namespaceSelector: { matchLabels: { talkative: story.id } },
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] },
          ],
        },
        validations: [
          {
            expression: 'false',
            messageExpression: `"no Secret may hold " + ${content} + " as this one does"`,
          },
        ],
      },
    });
    await story.make(`${ADMISSION}/validatingadmissionpolicybindings`, {
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    });
  };

  const isNowhere = (): Promise<void> => expectSecrecy(new Scanner({ 'the password': MARK }));

  it('is nowhere but in the Secrets when all is well, and after its Secret was changed and edited', async () => {
    const namespace = await story.namespace('a');
    const source = await story.dockerSource('s', LOGIN);
    const registries = [docker(source), basic(await story.basicSource('b', 'u', MARK), 'b.example.com')];
    const name = await story.credential('x', { registries });
    await isServed(namespace, { ...LOGINS, 'b.example.com': ['u', MARK] });
    await patch(`${secretsPathIn(namespace)}/regcred`, { data: { [DOCKER_CONFIG_KEY]: 'e30=' } });
    await isServed(namespace, { ...LOGINS, 'b.example.com': ['u', MARK] });
    await isReady(name, 'True Synced');
    await isTold(name, 'Normal Synced');
    await isNowhere();
  });

  it('is nowhere when its source is malformed in every way there is', async () => {
    await story.namespace('a');
    const base64 = Buffer.from(`no colon ${MARK.replaceAll(':', '')}`).toString('base64');
    const contents = [
      `{"auths": {"r.example.com": ${MARK}`,
      `${MARK}`,
      JSON.stringify({ auths: MARK }),
      JSON.stringify({ auths: { 'r.example.com': MARK } }),
      JSON.stringify({ auths: { 'r.example.com': { auth: MARK } } }),
      JSON.stringify({ auths: { 'r.example.com': { auth: base64 } } }),
      JSON.stringify({ auths: { 'r.example.com': { username: 'u', password: { [MARK]: MARK } } } }),
      JSON.stringify({ auths: { 'r.example.com': { identitytoken: MARK } } }),
      JSON.stringify({ auths: { [`https://u:${MARK}@r.example.com`]: { auth: 'bad' } } }),
      JSON.stringify({ auths: { [MARK]: { username: 'u', password: MARK } } }),
      JSON.stringify({ auths: { 'r.example.com': { username: `${MARK}:`, password: MARK, email: MARK } } }),
      JSON.stringify({ auths: { 'r.example.com': { username: 'u', password: '', email: MARK } } }),
      JSON.stringify({ auths: { 'r.example.com': { username: MARK, [MARK]: 'password' } } }),
      JSON.stringify({ auths: { 'r.example.com': { username: 'u', password: MARK, auth: [MARK] } } }),
      JSON.stringify({ auths: { 'r.example.com': [MARK] } }),
      JSON.stringify({ auths: { [`r.example.com/?token=${encodeURIComponent(MARK)}`]: { auth: MARK } } }),
      JSON.stringify({ auths: { [`r.example.com:${MARK}`]: { auth: MARK } } }),
      JSON.stringify({ [MARK]: { 'r.example.com': { auth: MARK } } }),
      `{"auths":{"r.example.com":{"password":"${MARK.replaceAll('"', '')}" "auth"`,
    ];
    const sources = await Promise.all(
      contents.map(async (content, index) => {
        const name = `${story.id}-bad${index}`;
        const data = { [DOCKER_CONFIG_KEY]: Buffer.from(content).toString('base64') };
        // The API server itself refuses what is not JSON, and only that, in a Secret of this type.
        const isJson = isJsonObject(content);
        await story.make(secretsPathIn(OPERATOR_NAMESPACE), {
          metadata: { name },
          data,
          ...(isJson && { type: TYPE }),
        });
        return name;
      }),
    );
    const binary = Buffer.concat([Buffer.from(MARK), Buffer.from([0xff])]).toString('base64');
    const asKey = `Mk${MARK.replace(/[^A-Za-z0-9]/g, '')}`;
    const basics = await Promise.all(
      [
        { stringData: { username: 'u', passwort: MARK } },
        { stringData: { username: 'u', [asKey]: 'password' } },
        { stringData: { username: `${MARK}:`, password: MARK } },
        { stringData: { username: '', password: MARK } },
        { stringData: { username: MARK, password: '' } },
        { stringData: { username: 'u' }, data: { password: binary } },
      ].map(async (content, index) => {
        const name = `${story.id}-basic${index}`;
        await story.make(secretsPathIn(OPERATOR_NAMESPACE), { metadata: { name }, ...content });
        return story.credential(`b${index}`, { registries: [basic(name, 'r.example.com')] });
      }),
    );
    for (const bad of basics) await isReady(bad, 'False SourceFailed');
    for (const [index, source] of sources.entries()) {
      const bad = await story.credential(`x${index}`, { registries: [docker(source)] });
      await isReady(bad, 'False SourceFailed');
      await isTold(bad, 'Warning SourceFailed');
    }
    for (const bad of basics) await isTold(bad, 'Warning SourceFailed');
    await isNowhere();
  });

  it('is nowhere when namespaces refuse it, also by quoting what they were sent', async () => {
    const talkative = await story.namespace('talkative', { talkative: story.id });
    const good = await story.namespace('good');
    const foreign = await story.namespace('foreign');
    const data = { theirs: Buffer.from(MARK).toString('base64') };
    await create(secretsPathIn(foreign), { metadata: { name: 'regcred' }, data });
    await talkativePolicy();
    await eventually('the policy talks', async () => {
      const stringData = { [DOCKER_CONFIG_KEY]: '{"quoted":"me"}' };
      const probe = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'probe' }, stringData };
      const answer = await kubectl(['-n', talkative, 'create', '--dry-run=server', '-f', '-'], probe).catch(
        (error: Error) => error.message,
      );
      expect(answer).to.contain(Buffer.from('{"quoted":"me"}').toString('base64'));
    });
    const name = await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
    await isServed(good, LOGINS);
    await eventually('both are reported', async () => {
      const failures = (await statusOf(name)).failures.map(({ reason }) => reason);
      expect(failures).to.deep.equal(['ForeignSecret', 'Refused']);
      expect(await conditionOf(name, 'Ready')).to.equal('True Synced');
    });
    expect((await statusOf(name)).failures[1]?.message).to.contain('no Secret may hold');
    expect((await isTold(name, 'Warning Refused')).note).to.contain('no Secret may hold');
    expect(await loginsIn(talkative)).to.equal(undefined);
    await isNowhere();
  });

  it('is nowhere after a restart that finds it in place', async () => {
    const namespace = await story.namespace('a');
    const name = await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
    await isServed(namespace, LOGINS);
    await isReady(name, 'True Synced');
    await restartOperator();
    await isServed(namespace, LOGINS);
    await isNowhere();
  });
});
