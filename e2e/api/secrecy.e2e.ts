// A credential is never printed: one that cannot be mistaken for anything else is sent through
// everything that succeeds and fails, and then looked for wherever the operator says something.

import { expect } from 'chai';
import { DOCKER_CONFIG_KEY } from '../../src/api/names.ts';
import {
  CREDENTIALS_PATH,
  NAMESPACES_PATH,
  SECRETS_PATH,
  SERVICE_ACCOUNTS_PATH,
  secretsPathIn,
} from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { create, patch, read } from './admin.ts';
import { eventually } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { operator, restartOperator } from './operator.ts';
import { basic, conditionOf, docker, loginsIn, Scenario, statusOf } from './scenario.ts';
import { isReady, isServed } from './served.ts';
import { isTold } from './told.ts';

const MARK = 'Marked"Pa55\\w0rd<&>+/=?%ü-0123456789';
const LOGIN = { server: 'r.example.com', username: 'marked-user', password: MARK };
const LOGINS = { 'r.example.com': ['marked-user', MARK] } as const;
const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const TYPE = 'kubernetes.io/dockerconfigjson';

/** As it stands in a docker config, for Go escapes more than JSON asks for. */
const ESCAPED = JSON.stringify(MARK)
  .slice(1, -1)
  .replace(/[<>&]/g, one => `\\u00${one.charCodeAt(0).toString(16)}`);

/** What any base64 of a text with `part` in it shows, wherever it falls on the grid of three bytes. */
const inBase64 = (part: string): string[] =>
  [0, 1, 2].map(shift => {
    const text = Buffer.from(' '.repeat(shift) + part).toString('base64');
    return text.slice(4, text.length - 8);
  });

/** Half of a credential is too much as well: what is searched for are parts of it, in all encodings. */
function forms(): string[] {
  const whole = [MARK, ESCAPED, JSON.stringify(MARK).slice(1, -1), encodeURIComponent(MARK)];
  const auth = Buffer.from(`${LOGIN.username}:${MARK}`).toString('base64');
  const long = [...whole, auth].flatMap(text => [text, ...inBase64(text)]);
  return [...long, auth.slice(0, 20), 'Pa55', 'w0rd', '0123456789', encodeURIComponent('w0rd<&>')];
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

  /** Everything that the operator writes, says or shows, but the content of Secrets. */
  const everythingSaid = async (): Promise<Record<string, string>> => {
    const { logs, healthAddress, metricsAddress } = await operator();
    const text = async (address: string) => (await fetch(`http://${address}`)).text();
    const secrets = (await read(SECRETS_PATH)).items;
    for (const secret of secrets) {
      delete secret.data;
      // kubectl's own note of what it applied, not ours.
      expect(secret.metadata.annotations ?? {}).to.not.have.property(
        'kubectl.kubernetes.io/last-applied-configuration',
      );
    }
    return {
      log: await logs(),
      metrics: await text(`${metricsAddress}/metrics`),
      readyz: await text(`${healthAddress}/readyz`),
      secrets: JSON.stringify(secrets),
      status: JSON.stringify(await read(CREDENTIALS_PATH)),
      serviceAccounts: JSON.stringify(await read(SERVICE_ACCOUNTS_PATH)),
      namespaces: JSON.stringify(await read(NAMESPACES_PATH)),
      events: JSON.stringify(await read('/apis/events.k8s.io/v1/events')),
      described: await kubectl(['describe', 'registrycredentials']),
    };
  };
  const isNowhere = async (): Promise<void> => {
    for (const [where, text] of Object.entries(await everythingSaid()))
      for (const form of forms())
        expect(text.includes(form), `${where} shows a part of the credential`).to.equal(false);
  };

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
    ];
    const sources = await Promise.all(
      contents.map(async (content, index) => {
        const name = `${story.id}-bad${index}`;
        const data = { [DOCKER_CONFIG_KEY]: Buffer.from(content).toString('base64') };
        // The API server itself refuses what is not JSON, and only that, in a Secret of this type.
        const isJson = content.startsWith('{"auths":{') || content.startsWith('{"auths":"');
        await story.make(secretsPathIn(OPERATOR_NAMESPACE), {
          metadata: { name },
          data,
          ...(isJson && { type: TYPE }),
        });
        return name;
      }),
    );
    const name = `${story.id}-typo`;
    await story.make(secretsPathIn(OPERATOR_NAMESPACE), {
      metadata: { name },
      stringData: { username: 'u', passwort: MARK },
    });
    const typo = await story.credential('typo', { registries: [basic(name, 'r.example.com')] });
    await isReady(typo, 'False SourceFailed');
    for (const [index, source] of sources.entries()) {
      const bad = await story.credential(`x${index}`, { registries: [docker(source)] });
      await isReady(bad, 'False SourceFailed');
      await isTold(bad, 'Warning SourceFailed');
    }
    await isTold(typo, 'Warning SourceFailed');
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
