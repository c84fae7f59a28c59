// The source ecr with AWS' real libraries, against an AWS on loopback that checks signatures and tokens: what it gives
// for every identity that an operator can have.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { encodeEntry } from '../core/docker-config.ts';
import { ACCOUNT, roleArn, USER } from '../testing/aws/accounts.ts';
import { AwsRig } from '../testing/aws/aws-rig.ts';
import { REGION } from '../testing/aws/aws-server.ts';
import { sourceSecret } from '../testing/source-secrets.ts';
import { ecr } from './ecr.ts';
import type { Fetched } from './source.ts';

const SERVER = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
const secretRef = { name: 'keys' };

describe('the source ecr', function () {
  // The libraries are large when they come as loose modules.
  this.timeout(30_000);
  let aws: AwsRig;
  beforeEach(async () => {
    aws = await AwsRig.start();
  });
  afterEach(() => aws.stop());

  const password = (): string => aws.server.given.at(-1) ?? '';
  function expectLogin(fetched: Fetched, server = SERVER): void {
    const entries = [encodeEntry({ server, username: 'AWS', password: password() })];
    expect(fetched).to.deep.include({ ok: true, entries, bad: [] });
  }

  it('gives a login of the registry of the account, and says when it ends', async () => {
    const before = Date.now();
    const fetched = await aws.fetch();
    expectLogin(fetched);
    const end = fetched.ok ? Number(fetched.expiresAt) : 0;
    expect(end).to.be.within(before + 12 * 3_600_000 - 1000, Date.now() + 12 * 3_600_000 + 1000);
    expect(aws.server.asked).to.deep.equal(['ecr:GetAuthorizationToken']);
  });

  it('gives a login of the server that is named', async () => {
    for (const server of [
      `210987654321.dkr.ecr.${REGION}.amazonaws.com/team`,
      `*.dkr.ecr.${REGION}.amazonaws.com`,
    ])
      expectLogin(await aws.fetch({ server }), server);
  });

  it('takes the registry as AWS names it, whatever the partition', async () => {
    const server = `${ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn`;
    aws.server.region = 'cn-north-1';
    aws.server.proxyEndpoint = `https://${server}`;
    expectLogin(await aws.fetch({ ecr: { region: 'cn-north-1', secretRef } }), server);
  });

  it('gives a login of ECR Public', async () => {
    expectLogin(await aws.fetch({ ecr: { public: true, secretRef } }), 'public.ecr.aws');
    expect(aws.server.asked).to.deep.equal(['ecr-public:GetAuthorizationToken']);
  });

  it('gives a login of a part of ECR Public that is named', async () => {
    const server = 'public.ecr.aws/alias';
    expectLogin(await aws.fetch({ server, ecr: { public: true, secretRef } }), server);
  });

  it('takes on a role, with its external id', async () => {
    expectLogin(
      await aws.fetch({ ecr: { region: REGION, secretRef, roleArn: roleArn('pull'), externalId: 'ours' } }),
    );
    expect(aws.server.asked).to.deep.equal(['sts:AssumeRole', 'ecr:GetAuthorizationToken']);
  });

  it('takes keys that are temporary', async () => {
    const { AccessKeyId, SecretAccessKey, SessionToken } = aws.server.accounts.session(
      roleArn('pull'),
      Date.now(),
    );
    const keys = sourceSecret('keys', 'Opaque', {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    });
    expectLogin(await aws.fetch({}, { secrets: [keys] }));
  });

  it('without Secret it is the keys in the environment', async () => {
    const environment = {
      ...aws.server.environment,
      AWS_ACCESS_KEY_ID: USER.accessKeyId,
      AWS_SECRET_ACCESS_KEY: USER.secretAccessKey,
    };
    expectLogin(await aws.fetch({ ecr: { region: REGION } }, { environment }));
  });

  it('without Secret it is the role of the ServiceAccount (IRSA)', async () => {
    expectLogin(await aws.fetch({ ecr: { region: REGION } }, { environment: await aws.webIdentity() }));
    expect(aws.server.asked).to.deep.equal(['sts:AssumeRoleWithWebIdentity', 'ecr:GetAuthorizationToken']);
  });

  it('the token of the ServiceAccount is read anew each time', async () => {
    const environment = await aws.webIdentity({ exp: 1 });
    expect(await aws.fetch({ ecr: { region: REGION } }, { environment })).to.deep.include({ ok: false });
    await aws.webIdentity();
    expectLogin(await aws.fetch({ ecr: { region: REGION } }, { environment }));
  });

  it('without Secret it is the role of EKS Pod Identity', async () => {
    expectLogin(await aws.fetch({ ecr: { region: REGION } }, { environment: await aws.podIdentity() }));
    expect(aws.server.asked).to.deep.equal(['sts:agent', 'ecr:GetAuthorizationToken']);
  });

  it('the role of the ServiceAccount takes on another one', async () => {
    const environment = await aws.webIdentity();
    expectLogin(
      await aws.fetch(
        { ecr: { region: REGION, roleArn: roleArn('pull'), externalId: 'ours' } },
        { environment },
      ),
    );
    expect(aws.server.asked).to.deep.equal([
      'sts:AssumeRoleWithWebIdentity',
      'sts:AssumeRole',
      'ecr:GetAuthorizationToken',
    ]);
  });

  it('the pod asks STS where it is itself, whatever the region of the registry', async () => {
    aws.server.region = 'us-east-1';
    const roles = { roleArn: roleArn('pull'), externalId: 'ours' };
    const environment = await aws.webIdentity();
    expectLogin(await aws.fetch({ ecr: { region: 'us-east-1', ...roles } }, { environment }));
  });

  it('keys in a Secret ask STS in the region of the registry, for they may be of another partition', async () => {
    aws.server.region = aws.server.stsRegion = 'cn-north-1';
    const roles = { roleArn: roleArn('pull'), externalId: 'ours' };
    const environment = { ...aws.server.environment, AWS_REGION: REGION };
    expectLogin(await aws.fetch({ ecr: { region: 'cn-north-1', secretRef, ...roles } }, { environment }));
  });

  it('tells of every secret before it is used', async () => {
    const environment = await aws.webIdentity();
    const file = environment.AWS_WEB_IDENTITY_TOKEN_FILE ?? '';
    await aws.fetch({ ecr: { region: REGION } }, { environment });
    await aws.fetch();
    const login = Buffer.from(`AWS:${password()}`).toString('base64');
    expect(aws.learned).to.include.members([
      await readFile(file, 'utf8'),
      USER.secretAccessKey,
      login,
      password(),
    ]);
    expect(aws.server.accounts.sessions).to.have.lengthOf(1);
    expect(aws.learned).to.include.members(aws.server.accounts.sessions);
  });

  it('heeds no configuration file, and starts no program that one names', async () => {
    const [config, started] = [join(aws.folder, 'config'), join(aws.folder, 'started')];
    await writeFile(
      config,
      `[default]\ncredential_process = touch ${started}\nendpoint_url = http://127.0.0.1:9\nregion = us-west-2\n`,
    );
    const before = { ...process.env };
    Object.assign(process.env, { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: config });
    try {
      expectLogin(await aws.fetch());
      expect(await aws.fetch({ ecr: { region: REGION } })).to.deep.include({ reason: 'TokenRefused' });
      expect(await readFile(started, 'utf8').catch(({ code }) => code)).to.equal('ENOENT');
    } finally {
      process.env = before;
    }
  });

  it('says what it reads, and which servers it knows before it asks', () => {
    expect(ecr.secretNames({ ecr: { region: REGION, secretRef } })).to.deep.equal(['keys']);
    expect(ecr.secretNames({ ecr: { region: REGION } })).to.deep.equal([]);
    expect(ecr.secretNames({ server: 'r.io' })).to.deep.equal([]);
    expect(ecr.servers({ ecr: { region: REGION } })).to.equal(undefined);
    expect(ecr.servers({ ecr: { public: true } })).to.deep.equal(['public.ecr.aws']);
    expect(ecr.servers({ server: SERVER, ecr: { region: REGION } })).to.deep.equal([SERVER]);
  });
});
