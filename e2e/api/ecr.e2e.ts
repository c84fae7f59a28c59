// Logins of ECR from the bundle, which loads AWS' libraries from beside it, with an AWS of the tests. Its endpoints are
// in the environment of the operator: nobody who writes a RegistryCredential can name one.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { credentialPath } from '../../src/controller/paths.ts';
import { ACCOUNT, ALL, roleArn, USER, WEB_AUDIENCE } from '../../src/testing/aws/accounts.ts';
import { AwsServer, REGION } from '../../src/testing/aws/aws-server.ts';
import type { OperatorProcess } from '../cluster/operator-process.ts';
import { Scanner } from '../secrecy/scanner.ts';
import { read } from './admin.ts';
import { eventually } from './eventually.ts';
import { restartOperator } from './operator.ts';
import { basic, Scenario, statusOf } from './scenario.ts';
import { isReady, isServed, isWell, setSource } from './served.ts';

const SERVER = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

describe('a login of ECR', () => {
  let aws: AwsServer;
  let folder: string;
  let operator: OperatorProcess;
  let story: Scenario;

  before(async () => {
    aws = await AwsServer.start();
    folder = await mkdtemp(join(tmpdir(), 'regcred-ecr-'));
    const file = join(folder, 'token');
    await writeFile(file, aws.accounts.issuer.token({ aud: WEB_AUDIENCE }));
    const irsa = { AWS_ROLE_ARN: roleArn('pod'), AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_REGION: REGION };
    const env = { ...aws.environment, ...irsa, NODE_V8_COVERAGE: join(folder, 'with') };
    operator = await restartOperator(undefined, { env });
  });
  after(async () => {
    await restartOperator();
    await aws.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    aws.asked.length = 0;
    aws.given.length = 0;
    story = new Scenario('ecr');
  });
  afterEach(() => story.end());

  const logins = (server = SERVER) => ({ [server]: ['AWS', aws.given.at(-1) ?? ''] as const });

  it('is fetched once with keys from a Secret, and reaches every namespace with its end in status', async () => {
    const memory = await residentMegabytes(operator);
    const namespaces = await Promise.all(['a', 'b', 'c'].map(name => story.namespace(name)));
    const name = await story.source('keys', 'Opaque', USER);
    const credential = await story.credential('x', {
      registries: [{ ecr: { region: REGION, secretRef: { name } } }],
    });
    await isWell(credential);
    for (const namespace of namespaces) await isServed(namespace, logins());
    expect(aws.asked).to.deep.equal(['ecr:GetAuthorizationToken']);
    const [registry] = (await statusOf(credential)).registries;
    expect(registry).to.deep.include({ server: SERVER, source: 'ecr' });
    console.log(
      `      memory of the operator: ${memory} MB before AWS' libraries, ${await residentMegabytes(operator)} after`,
    );
  });

  it("is fetched with the role of the operator's ServiceAccount, in a role, and of ECR Public", async () => {
    const namespace = await story.namespace('a');
    const ecr = { region: REGION, roleArn: roleArn('pull'), externalId: 'ours' };
    const server = `*.dkr.ecr.${REGION}.amazonaws.com`;
    await isWell(await story.credential('x', { registries: [{ server, ecr }] }));
    await isServed(namespace, logins(server));
    expect(aws.asked).to.deep.equal([
      'sts:AssumeRoleWithWebIdentity',
      'sts:AssumeRole',
      'ecr:GetAuthorizationToken',
    ]);
    const other = await story.namespace('b');
    await isWell(await story.credential('y', { registries: [{ ecr: { public: true } }] }));
    await eventually(`${other} has both`, async () => {
      await isServed(other, { ...{ [server]: ['AWS', aws.given[0] ?? ''] }, ...logins('public.ecr.aws') });
    });
  });

  it('that AWS denies says what to grant, and comes once keys are changed that may get it', async () => {
    const namespace = await story.namespace('a');
    aws.accounts.allow([]);
    const name = await story.source('keys', 'Opaque', USER);
    const credential = await story.credential('x', {
      registries: [{ ecr: { region: REGION, secretRef: { name } } }],
    });
    const said = await isReady(credential, 'False SourceFailed');
    expect(said).to.contain('it is denied: allow ecr:GetAuthorizationToken on Resource "*"');
    aws.accounts.allow(ALL);
    await setSource(name, { ...USER, note: 'granted' });
    await isWell(credential);
    await isServed(namespace, logins());
  });

  it('is in no log and in no status, nor are the keys', async () => {
    const namespace = await story.namespace('a');
    const name = await story.source('keys', 'Opaque', USER);
    const registries = [{ ecr: { region: REGION, secretRef: { name } } }];
    const credential = await story.credential('x', { registries });
    await isWell(credential);
    await isServed(namespace, logins());
    const token = await readFile(join(folder, 'token'), 'utf8');
    const scanner = new Scanner({
      'the login': aws.given.at(-1) ?? '',
      'the secret key': USER.secretAccessKey,
      'the token of the ServiceAccount': token,
    });
    scanner.expectNothingIn({
      'the log': await operator.logs(),
      'the RegistryCredential': JSON.stringify(await read(credentialPath(credential))),
    });
  });

  it("needs AWS' libraries, which an operator with other sources never loads", async () => {
    const env = { ...aws.environment, NODE_V8_COVERAGE: join(folder, 'without') };
    await restartOperator(undefined, { env });
    const namespace = await story.namespace('a');
    await story.credential('x', {
      registries: [basic(await story.basicSource('s', 'robot', 'not-a-real-one'))],
    });
    await isServed(namespace, { 'https://index.docker.io/v1/': ['robot', 'not-a-real-one'] });
    await restartOperator();
    expect(await loadedFrom(join(folder, 'with'))).to.include.members(['operator.js', 'clouds/aws.js']);
    expect(await loadedFrom(join(folder, 'without'))).to.deep.equal(['operator.js']);
  });
});

/** The files of the bundle that a process had loaded by its end, as Node itself lists them. */
async function loadedFrom(folder: string): Promise<string[]> {
  const [report = ''] = await readdir(folder);
  const { result } = JSON.parse(await readFile(join(folder, report), 'utf8'));
  const urls: string[] = result.map(({ url }: { url: string }) => url);
  return urls.flatMap(url => url.split('/dist/')[1] ?? []).filter(file => !file.includes('node_modules'));
}

async function residentMegabytes({ pid }: OperatorProcess): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(status) ?? [];
  return kilobytes === undefined ? '?' : (Number(kilobytes) / 1024).toFixed(1);
}
