// Tokens of an authorization server, from the operator's bundle and with identities that the API server itself signs:
// what is sent where, what reaches the namespaces, and what never leaves.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { AuthorizationServer } from '../../src/testing/authorization/authorization-server.ts';
import { json } from '../../src/testing/authorization/unusable-answers.ts';
import { markedToken } from '../secrecy/marks.ts';
import { expectSecrecy } from '../secrecy/said.ts';
import { Scanner } from '../secrecy/scanner.ts';
import { apiIssuer, operatorToken } from '../sources/api-issuer.ts';
import { restartOperator } from './operator.ts';
import { Scenario, statusOf } from './scenario.ts';
import { isReady, isServed, isWell, setSource } from './served.ts';

const AUDIENCE = 'sts.example';
const SERVER = 'registry.example';
const CLIENT_SECRET = markedToken();

describe('a token of an authorization server', () => {
  let story: Scenario;
  let sts: AuthorizationServer;
  let folder: string;
  const tokenFile = (): string => join(folder, 'token');

  before(async () => {
    const clients = new Map([['regcred', CLIENT_SECRET]]);
    sts = await AuthorizationServer.start({ issuer: await apiIssuer(), audience: AUDIENCE, clients });
    folder = await mkdtemp(join(tmpdir(), 'regcred-oauth-'));
    const { tokenEndpoint, jfrogEndpoint, quayEndpoint } = sts;
    const endpoints = [
      tokenEndpoint,
      ...[tokenEndpoint, jfrogEndpoint, quayEndpoint].map(url => `${url}=${AUDIENCE}`),
    ];
    const audiences = `${AUDIENCE}=${tokenFile()}`;
    const args = ['--oauth-token-endpoints', endpoints.join(','), '--oauth-audiences', audiences];
    await restartOperator(undefined, { args });
  });
  after(async () => {
    await restartOperator();
    await sts?.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    story = new Scenario('oauth');
    await writeFile(tokenFile(), await operatorToken(AUDIENCE));
    sts.asked.length = 0;
    sts.instead = undefined;
  });
  afterEach(() => story.end());

  const client = (secret = CLIENT_SECRET): Promise<string> =>
    story.source('client', 'Opaque', { client_id: 'regcred', client_secret: secret });

  const credential = (oauth: object, username = 'robot'): Promise<string> =>
    story.credential('x', { registries: [{ server: SERVER, oauth: { username, ...oauth } as never }] });

  const byClient = (name: string) => ({
    tokenEndpoint: sts.tokenEndpoint,
    clientCredentials: { secretRef: { name } },
  });

  const given = (): string => sts.given.at(-1) ?? '';

  it('of a client with a secret reaches the namespaces, and status says when it ends', async () => {
    const namespace = await story.namespace('a');
    const name = await credential(byClient(await client()));
    await isWell(name);
    await isServed(namespace, { [SERVER]: ['robot', given()] });
    expect(sts.asked).to.have.lengthOf(1);
    const [registry] = (await statusOf(name)).registries;
    const life = Date.parse(registry?.expiresAt ?? '') - Date.now();
    expect(life).to.be.within(3_500_000, 3_600_000);
  });

  const exchange = { audience: AUDIENCE };
  const WAYS: Readonly<Record<string, () => object>> = {
    'as RFC 8693 has it': () => ({ tokenEndpoint: sts.tokenEndpoint, tokenExchange: exchange }),
    'as JFrog wants it': () => ({
      tokenEndpoint: sts.jfrogEndpoint,
      tokenExchange: { ...exchange, encoding: 'JSON', subjectTokenType: 'IDToken' },
      parameters: { provider_name: 'cluster' },
    }),
    'as Quay wants it': () => ({ tokenEndpoint: sts.quayEndpoint, quayRobot: exchange }),
  };
  for (const [way, oauth] of Object.entries(WAYS))
    it(`comes for the identity that the API server signs, with no secret at all, ${way}`, async () => {
      const namespace = await story.namespace('a');
      const name = await credential(oauth(), 'org+robot');
      await isWell(name);
      await isServed(namespace, { [SERVER]: ['org+robot', given()] });
    });

  it('is fetched again at once when the Secret of the client is mended', async () => {
    const namespace = await story.namespace('a');
    const secret = await client('wrong-not-a-real-one');
    const name = await credential(byClient(secret));
    expect(await isReady(name, 'False SourceFailed')).to.contain(
      'it does not know the client, or not by this secret',
    );
    await setSource(secret, { client_secret: CLIENT_SECRET });
    await isWell(name);
    await isServed(namespace, { [SERVER]: ['robot', given()] });
  });

  it('is not fetched with the identity by which the operator logs in at the API server', async () => {
    await story.namespace('a');
    await writeFile(tokenFile(), await operatorToken());
    const name = await credential({
      tokenEndpoint: sts.tokenEndpoint,
      tokenExchange: exchange,
    });
    expect(await isReady(name, 'False SourceFailed')).to.contain(
      'is one that the API server takes, so it is shown to nobody',
    );
    expect(sts.asked).to.deep.equal([]);
  });

  it('is not asked for where nobody allowed it', async () => {
    await story.namespace('a');
    const other = await AuthorizationServer.start();
    const name = await credential({ ...byClient(await client()), tokenEndpoint: other.tokenEndpoint });
    expect(await isReady(name, 'False SourceFailed')).to.contain(
      `start the operator with --oauth-token-endpoints=${other.tokenEndpoint}`,
    );
    expect(other.asked).to.deep.equal([]);
    await other.stop();
  });

  it('is nowhere but in the Secrets, nor is what it was fetched with, whatever the server quotes', async () => {
    const namespace = await story.namespace('a');
    const secret = await client();
    const identity = await operatorToken(AUDIENCE);
    await writeFile(tokenFile(), identity);
    const scanner = new Scanner({
      'the secret': CLIENT_SECRET,
      'the identity': identity.split('.')[2] ?? '',
    });
    const name = await credential(byClient(secret));
    await isWell(name);
    await isServed(namespace, { [SERVER]: ['robot', given()] });
    scanner.add('the token', given());
    const quoting = markedToken();
    scanner.add('a token that is none', quoting);
    const quotes = [
      json(400, { error: CLIENT_SECRET, error_description: `${quoting} ${CLIENT_SECRET} ${identity}` }),
      json(200, { access_token: `${quoting}\n${CLIENT_SECRET}`, expires_in: CLIENT_SECRET }),
      json(307, {}, { location: `https://u:${quoting}@evil.example/${CLIENT_SECRET}` }),
      json(503, { error: identity }, { 'retry-after': CLIENT_SECRET, [CLIENT_SECRET]: quoting }),
    ];
    for (const [index, quote] of quotes.entries()) {
      sts.instead = quote;
      const oauth = {
        username: 'u',
        tokenEndpoint: sts.tokenEndpoint,
        tokenExchange: exchange,
        ...{},
      };
      const registries = [{ server: `r${index}.example`, oauth: oauth as never }];
      await isReady(await story.credential(`bad${index}`, { registries }), 'False SourceFailed');
    }
    await expectSecrecy(scanner);
  });
});
