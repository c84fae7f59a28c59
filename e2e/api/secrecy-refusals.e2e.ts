// Policies that quote what they refuse, in every way that CEL has, and other refusals with a credential near.

import { expect } from 'chai';
import { CREDENTIALS_ANNOTATION, DOCKER_CONFIG_KEY, KEPT_KEY, KEPT_TYPE } from '../../src/api/names.ts';
import { NAMESPACES_PATH, secretsPathIn } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { longPassword, markedPassword } from '../secrecy/marks.ts';
import { expectSecrecy } from '../secrecy/said.ts';
import { Scanner } from '../secrecy/scanner.ts';
import { create, read, tryCreate, tryReplace } from './admin.ts';
import { eventually } from './eventually.ts';
import { keptOf } from './kept.ts';
import { operator } from './operator.ts';
import { docker, dockerConfig, type Login, Scenario, statusOf } from './scenario.ts';
import { isServed, setSource } from './served.ts';

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const CONTENT = `string(object.data['${DOCKER_CONFIG_KEY}'])`;

/** How a policy can quote; each an expression that gives a text. CEL has no base64 to undo it. */
const QUOTES: Record<string, string> = {
  whole: `"no to " + ${CONTENT}`,
  twice: `"no to " + ${CONTENT} + " and " + ${CONTENT}`,
  'without-its-beginning': `"no to " + ${CONTENT}.substring(31)`,
  'in-part': `"no to " + ${CONTENT}.substring(0, 130) + "..."`,
  'its-middle': `"no to " + ${CONTENT}.substring(22, 130) + "…"`,
  'at-length': `"no ${'no '.repeat(300)}" + ${CONTENT} + ${CONTENT}`,
};

const login = (password: string): Login => ({ server: 'r.example.com', username: 'marked-user', password });

describe('a credential that is near a refusal', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('quoted');
  });
  afterEach(() => story.end());

  /** In the namespaces of that label. Resolves when it is obeyed. */
  const policy = async (name: string, messageExpression: string, on: 'CREATE' | 'UPDATE'): Promise<void> => {
    const full = `${story.id}-${name}`;
    await story.make(`${ADMISSION}/validatingadmissionpolicies`, {
      metadata: { name: full },
      spec: {
        matchConstraints: {
          namespaceSelector: { matchLabels: { quoted: full } },
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: [on], resources: ['secrets'] }],
        },
        validations: [{ expression: 'false', messageExpression }],
      },
    });
    await story.make(`${ADMISSION}/validatingadmissionpolicybindings`, {
      metadata: { name: full },
      spec: { policyName: full, validationActions: ['Deny'] },
    });
  };
  /** On what is kept of one RegistryCredential. Resolves when it is obeyed. */
  const keptPolicy = async (
    name: string,
    credential: string,
    quote: string,
    on: 'CREATE' | 'UPDATE',
  ): Promise<void> => {
    const full = `${story.id}-kept-${name}`;
    const annotation = `metadata.?annotations[?'${CREDENTIALS_ANNOTATION}']`;
    const messageExpression = quote.replaceAll(`['${DOCKER_CONFIG_KEY}']`, `['${KEPT_KEY}']`);
    await story.make(`${ADMISSION}/validatingadmissionpolicies`, {
      metadata: { name: full },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: [on], resources: ['secrets'] }],
        },
        matchConditions: [
          { name: 'its', expression: `object.${annotation}.orValue('') == '${credential}'` },
          { name: 'kept', expression: `object.type == '${KEPT_TYPE}'` },
        ],
        validations: [{ expression: 'false', messageExpression }],
      },
    });
    await story.make(`${ADMISSION}/validatingadmissionpolicybindings`, {
      metadata: { name: full },
      spec: { policyName: full, validationActions: ['Deny'] },
    });
    await eventually(`${full} quotes`, async () => {
      const metadata = { name: 'probe', annotations: { [CREDENTIALS_ANNOTATION]: credential } };
      const tried = { metadata, type: KEPT_TYPE, stringData: { [KEPT_KEY]: 'x'.repeat(200) } };
      const kept = await keptOf(credential);
      const path = secretsPathIn(OPERATOR_NAMESPACE);
      const answer =
        kept === undefined ? tryCreate(path, tried) : tryReplace(`${path}/${kept.metadata.name}`, kept);
      expect(await answer.catch((error: Error) => error.message)).to.contain(`${full}' denied request: no `);
    });
  };
  const probe = {
    metadata: { name: 'probe' },
    stringData: { [DOCKER_CONFIG_KEY]: dockerConfig([login('not-a-secret')]) },
  };
  const isQuoted = (namespace: string): Promise<void> =>
    eventually(`${namespace} quotes`, async () => {
      const answer = await tryCreate(secretsPathIn(namespace), probe).catch((error: Error) => error.message);
      expect(answer).to.match(/denied request: no /);
    });
  const failuresOf = (credential: string, count: number): Promise<string> =>
    eventually(`${credential} has ${count} failures`, async () => {
      const { failures, namespaces } = await statusOf(credential);
      expect(namespaces.failed).to.equal(count);
      return failures.map(({ message }) => message).join('\n');
    });

  for (const [kind, password] of [
    ['an ordinary one', markedPassword()],
    ['a long one', longPassword()],
  ] as const)
    it(`is nowhere when policies quote the Secret in every way, be it ${kind}`, async () => {
      const names = Object.keys(QUOTES);
      const namespaces = await Promise.all(
        names.map(name => story.namespace(name, { quoted: `${story.id}-${name}` })),
      );
      await Promise.all(Object.entries(QUOTES).map(([name, quote]) => policy(name, quote, 'CREATE')));
      await Promise.all(namespaces.map(isQuoted));
      const source = await story.dockerSource('s', login(password));
      const credential = await story.credential('x', { registries: [docker(source)] });
      expect(await failuresOf(credential, names.length)).to.contain('denied request');
      await expectSecrecy(new Scanner({ 'the password': password }));
    });

  it('is nowhere when a policy quotes the Secret as it was, after a rotation', async () => {
    const [before, after] = [markedPassword(), markedPassword()];
    const source = await story.dockerSource('s', login(before));
    const quotes = Object.entries(QUOTES).filter(([name]) => name !== 'at-length');
    const namespaces = await Promise.all(
      quotes.map(([name]) => story.namespace(name, { quoted: `${story.id}-${name}` })),
    );
    const credential = await story.credential('x', { registries: [docker(source)] });
    for (const namespace of namespaces)
      await isServed(namespace, { 'r.example.com': ['marked-user', before] });
    for (const [name, quote] of quotes)
      await policy(name, quote.replaceAll('object.', 'oldObject.'), 'UPDATE');
    for (const namespace of namespaces)
      await eventually(`${namespace} quotes what was`, async () => {
        const path = `${secretsPathIn(namespace)}/regcred`;
        const answer = await tryReplace(path, await read(path)).catch((error: Error) => error.message);
        expect(answer).to.match(/denied request: no /);
      });
    await setSource(source, { [DOCKER_CONFIG_KEY]: dockerConfig([login(after)]) });
    await failuresOf(credential, quotes.length);
    await expectSecrecy(new Scanner({ 'the old password': before, 'the new password': after }));
  });

  for (const [what, operation, object] of [
    ['is to be kept', 'CREATE', 'object'],
    ['was kept', 'UPDATE', 'oldObject'],
  ] as const)
    it(`is nowhere when policies quote what ${what} for a restart, which holds up no roll-out`, async () => {
      const [before, after] = [markedPassword(), markedPassword()];
      const namespace = await story.namespace('a');
      const logins = (password: string) =>
        Object.fromEntries(
          Object.keys(QUOTES).map(name => [`${name}.example.com`, ['marked-user', password] as const]),
        );
      // Of several policies the API server tells one: each has a RegistryCredential of its own.
      const quotes = Object.entries(QUOTES).map(([name, quote]) => ({
        name,
        credential: `${story.id}-${name}`,
        source: `${story.id}-s-${name}`,
        content: (password: string) => [{ ...login(password), server: `${name}.example.com` }],
        refuse: () =>
          keptPolicy(name, `${story.id}-${name}`, quote.replaceAll('object.', `${object}.`), operation),
      }));
      if (operation === 'CREATE') await Promise.all(quotes.map(({ refuse }) => refuse()));
      for (const { name, content } of quotes) {
        const source = await story.dockerSource(`s-${name}`, ...content(before));
        await story.credential(name, { registries: [docker(source)] });
      }
      await isServed(namespace, logins(before));
      if (operation === 'UPDATE') {
        for (const { credential } of quotes)
          await eventually('it is kept', async () =>
            expect(await keptOf(credential)).not.to.equal(undefined),
          );
        await Promise.all(quotes.map(({ refuse }) => refuse()));
        for (const { source, content } of quotes)
          await setSource(source, { [DOCKER_CONFIG_KEY]: dockerConfig(content(after)) });
        await isServed(namespace, logins(after));
      }
      for (const { credential } of quotes) {
        const told = new RegExp(`could not keep logins.*${credential}.*denied request: no `);
        await eventually(`${credential} is said`, async () =>
          expect(await (await operator()).logs()).to.match(told),
        );
      }
      await expectSecrecy(new Scanner({ 'the old password': before, 'the new password': after }));
    });

  it('is nowhere when it is quota, or a foreign Secret of whatever kind that is in the way', async () => {
    const password = markedPassword();
    const theirs = { theirs: Buffer.from(password).toString('base64') };
    const [full, foreign, typed, frozen] = await Promise.all(
      ['full', 'foreign', 'typed', 'frozen'].map(name => story.namespace(name)),
    );
    const quotas = `${NAMESPACES_PATH}/${full}/resourcequotas`;
    await create(quotas, { metadata: { name: 'none' }, spec: { hard: { 'count/secrets': '0' } } });
    await eventually('the quota counts', async () =>
      expect((await read(`${quotas}/none`)).status?.hard).to.deep.equal({ 'count/secrets': '0' }),
    );
    const labels = { 'app.kubernetes.io/managed-by': 'regcred' };
    await create(secretsPathIn(`${foreign}`), { metadata: { name: 'regcred' }, data: theirs });
    await create(secretsPathIn(`${typed}`), { metadata: { name: 'regcred', labels }, data: theirs });
    await create(secretsPathIn(`${frozen}`), {
      metadata: { name: 'regcred', labels },
      type: 'kubernetes.io/dockerconfigjson',
      immutable: true,
      stringData: { [DOCKER_CONFIG_KEY]: JSON.stringify({ auths: { [password]: { auth: password } } }) },
    });
    const source = await story.dockerSource('s', login(password));
    const credential = await story.credential('x', { registries: [docker(source)] });
    const said = await failuresOf(credential, 4);
    for (const reason of [/exceeded quota/, /made by somebody else/, /is of type Opaque/])
      expect(said, said).to.match(reason);
    await expectSecrecy(new Scanner({ 'the password': password }));
  });
});
