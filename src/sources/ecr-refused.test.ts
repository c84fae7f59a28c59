// What AWS refuses the source ecr, with AWS' real libraries: whose fault it is, and what to grant or to correct. What was sent
// or given is in no message.

import { expect } from 'chai';
import type { RegistrySpec } from '../api/types.ts';
import { ALL, roleArn, USER } from '../testing/aws/accounts.ts';
import { AwsRig } from '../testing/aws/aws-rig.ts';
import { REGION } from '../testing/aws/aws-server.ts';
import { expectFailure, type FailureRow } from '../testing/aws/failing.ts';
import { sourceSecret } from '../testing/source-secrets.ts';

const secretRef = { name: 'keys' };
const region = REGION;
const OF_POD = { ecr: { region } };
const OF_PUBLIC = { ecr: { public: true, secretRef } };
const IN_ROLE = { ecr: { region, secretRef, roleArn: roleArn('pull'), externalId: 'ours' } };

const keys = (values: Record<string, string>) => () => ({
  secrets: [sourceSecret('keys', 'Opaque', values)],
});
const irsa =
  (claims: Parameters<AwsRig['webIdentity']>[0] = {}) =>
  async (aws: AwsRig) => ({
    environment: await aws.webIdentity(claims),
  });
const podIdentity =
  (claims: Parameters<AwsRig['podIdentity']>[0] = {}) =>
  async (aws: AwsRig) => ({
    environment: await aws.podIdentity(claims),
  });

const ROWS: Readonly<Record<string, FailureRow>> = {
  'a Secret that is not there': {
    ask: () => ({ secrets: [] }),
    reason: 'SecretNotFound',
    message:
      /create it with kubectl -n regcred-system create secret generic keys --from-literal=accessKeyId=…/,
  },
  'a Secret without the secret key': {
    ask: keys({ accessKeyId: USER.accessKeyId }),
    reason: 'SecretMalformed',
    message: /has no key secretAccessKey: correct it/,
  },
  'a line break after the secret key': {
    ask: keys({ ...USER, secretAccessKey: `${USER.secretAccessKey}\n` }),
    reason: 'SecretMalformed',
    message: /has a space or a line break in secretAccessKey/,
  },
  'something else in the place of the key id': {
    ask: keys({ ...USER, accessKeyId: USER.secretAccessKey }),
    reason: 'SecretMalformed',
    message: /has no id of an access key in accessKeyId/,
  },
  'a key that AWS does not know': {
    ask: keys({ ...USER, accessKeyId: 'AKIAUNKNOWNUNKNOWN00' }),
    reason: 'TokenRefused',
    message:
      /AWS does not know the identity, or not in this region: correct the keys in Secret regcred-system\/keys \(UnrecognizedClient\)/,
  },
  'a wrong secret key': {
    ask: keys({ ...USER, secretAccessKey: 'wrong' }),
    reason: 'TokenRefused',
    message: /correct the keys in Secret regcred-system\/keys \(InvalidSignature\)/,
  },
  'keys that may not get a login': {
    before: aws => aws.server.accounts.allow([]),
    reason: 'TokenRefused',
    message:
      /it is denied: allow ecr:GetAuthorizationToken on Resource "\*" to the user of the keys in Secret/,
  },
  'keys that may not get one of ECR Public': {
    spec: OF_PUBLIC,
    before: aws => aws.server.accounts.allow(ALL.filter(action => !action.startsWith('sts:'))),
    reason: 'TokenRefused',
    message: /allow ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken on Resource "\*"/,
  },
  'another region than that of the registry': {
    before: aws => {
      aws.server.region = 'us-east-1';
    },
    reason: 'TokenRefused',
    message: /or not in this region/,
  },
  'a role that does not trust the user': {
    spec: { ecr: { region, secretRef, roleArn: roleArn('pod') } },
    reason: 'TokenRefused',
    message:
      /could not take on the role arn:aws:iam::123456789012:role\/pod: it is denied: allow sts:AssumeRole on it to the user/,
  },
  'a wrong external id': {
    spec: { ecr: { ...IN_ROLE.ecr, externalId: 'theirs' } },
    reason: 'TokenRefused',
    message: /whether its trust policy names that, and ecr.externalId/,
  },
  'a role that may not get a login': {
    spec: IN_ROLE,
    before: aws =>
      aws.server.accounts.roles.set(roleArn('pull'), {
        trusts: [`arn:aws:iam::123456789012:user/puller`],
        allowed: [],
      }),
    reason: 'TokenRefused',
    message: /to the role arn:aws:iam::123456789012:role\/pull/,
  },
  'an operator without identity': {
    spec: OF_POD,
    reason: 'TokenRefused',
    message: /has no identity of AWS: give its ServiceAccount a role/,
  },
  'a web identity token that has expired': {
    spec: OF_POD,
    ask: irsa({ exp: 1 }),
    reason: 'TokenUnavailable',
    message: /the token that AWS_WEB_IDENTITY_TOKEN_FILE names has ended: the kubelet renews it/,
  },
  "a web identity token that has expired by AWS' clock": {
    spec: OF_POD,
    before: aws => {
      aws.server.ahead = 2 * 3_600_000;
    },
    ask: irsa(),
    reason: 'TokenRefused',
    message: /the identity has expired: the kubelet renews the token/,
  },
  'a web identity token for somebody else': {
    spec: OF_POD,
    ask: irsa({ aud: 'sts.example.com' }),
    reason: 'TokenRefused',
    message: /let IAM know the issuer of this cluster as OIDC provider, with the audience/,
  },
  'an issuer that IAM does not know': {
    spec: OF_POD,
    before: aws => {
      aws.server.accounts.knowsIssuer = false;
    },
    ask: irsa(),
    reason: 'TokenRefused',
    message: /let IAM know the issuer of this cluster/,
  },
  'a role that does not trust the ServiceAccount': {
    spec: OF_POD,
    ask: async aws => ({ environment: { ...(await aws.webIdentity()), AWS_ROLE_ARN: roleArn('pull') } }),
    reason: 'TokenRefused',
    message: /has to allow sts:AssumeRoleWithWebIdentity to the operator's ServiceAccount/,
  },
  'a token file that is not there': {
    spec: OF_POD,
    ask: async aws => ({
      environment: { ...(await aws.webIdentity()), AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere' },
    }),
    reason: 'TokenUnavailable',
    message: /the file that AWS_WEB_IDENTITY_TOKEN_FILE names cannot be read/,
  },
  'a token for EKS Pod Identity that has expired': {
    spec: OF_POD,
    before: aws => {
      aws.server.ahead = 2 * 3_600_000;
    },
    ask: podIdentity(),
    reason: 'TokenRefused',
    message: /could not get an identity from EKS Pod Identity: it is denied \(400\): associate a role/,
  },
  'a ServiceAccount without role at EKS Pod Identity': {
    spec: OF_POD,
    before: aws => {
      aws.server.accounts.associated = undefined;
    },
    ask: podIdentity(),
    reason: 'TokenRefused',
    message: /associate a role with the operator's ServiceAccount by aws eks create-pod-identity-association/,
  },
  'an agent of EKS Pod Identity that is not there': {
    spec: OF_POD,
    ask: async aws => ({
      environment: {
        ...(await aws.podIdentity()),
        AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/',
      },
    }),
    reason: 'TokenUnavailable',
    message: /could not get an identity from EKS Pod Identity: the connection failed|nobody listens there/,
  },
  'an agent elsewhere than on the node': {
    spec: OF_POD,
    ask: async aws => ({
      environment: { ...(await aws.podIdentity()), AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://192.0.2.1/' },
    }),
    reason: 'TokenUnavailable',
    message: /could not get an identity from EKS Pod Identity/,
  },
};

/** Of an operator whose CRD is another one: what the schema keeps out. */
const MISFITS: Readonly<Record<string, Partial<RegistrySpec>>> = {
  'a region that leads elsewhere': { ecr: { region: 'evil.example.com/#', secretRef } },
  'no region': { ecr: { secretRef } },
  'a server of somebody else': { server: 'evil.example.com' },
  'a server of another region': { server: '123456789012.dkr.ecr.us-east-1.amazonaws.com' },
  'a private server beside public': { ...OF_PUBLIC, server: '123456789012.dkr.ecr.us-east-1.amazonaws.com' },
  'a role that is none': { ecr: { region, secretRef, roleArn: 'pull' } },
};

describe('the source ecr is refused', function () {
  this.timeout(30_000);
  let aws: AwsRig;
  beforeEach(async () => {
    aws = await AwsRig.start();
  });
  afterEach(() => aws.stop());

  for (const [what, row] of Object.entries(ROWS))
    it(`with ${what}: ${row.reason}`, () => expectFailure(aws, row));

  for (const [what, spec] of Object.entries(MISFITS))
    it(`with ${what}, and asks nobody`, async () => {
      const fetched = await aws.fetch(spec);
      expect(fetched).to.deep.include({ ok: false, reason: 'ServerUnusable' });
      expect(aws.server.asked).to.deep.equal([]);
    });
});
