// Who there is at the AWS of the tests, what each may do, and the sessions that were given out.

import { randomBytes } from 'node:crypto';
import type { ClusterIssuer } from '../authorization/cluster-issuer.ts';

export interface Principal {
  readonly arn: string;
  readonly secret: string;
  readonly sessionToken?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** Actions. */
  readonly allowed: ReadonlySet<string>;
}

export interface Role {
  /** ARNs that may take it on. */
  readonly trusts?: readonly string[];
  readonly externalId?: string;
  /** Whether a token of the operator's ServiceAccount may. */
  readonly trustsServiceAccount?: boolean;
  readonly allowed: readonly string[];
}

/** Milliseconds. */
const SESSION = 3_600_000;
export const ACCOUNT = '123456789012';
export const WEB_AUDIENCE = 'sts.amazonaws.com';
export const POD_AUDIENCE = 'pods.eks.amazonaws.com';

/** Keys of the user who is there from the beginning. */
export const USER = { accessKeyId: 'AKIAFAKEFAKEFAKEFAKE', secretAccessKey: 'not/a+real/secret/access+key' };
export const USER_ARN = `arn:aws:iam::${ACCOUNT}:user/puller`;
export const ALL = [
  'ecr:GetAuthorizationToken',
  'ecr-public:GetAuthorizationToken',
  'sts:GetServiceBearerToken',
  'sts:AssumeRole',
];

export const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

export class Accounts {
  readonly issuer: ClusterIssuer;
  readonly roles = new Map<string, Role>();
  /** Whether IAM knows the issuer of the cluster as an OIDC provider. */
  knowsIssuer = true;
  /** The role of the operator's ServiceAccount by EKS Pod Identity. */
  associated: string | undefined = roleArn('pod');
  /** The tokens of all sessions. */
  readonly sessions: string[] = [];
  readonly #principals = new Map<string, Principal>();

  constructor(issuer: ClusterIssuer) {
    this.issuer = issuer;
    this.allow(ALL);
    this.roles.set(roleArn('pod'), { trustsServiceAccount: true, allowed: ALL });
    this.roles.set(roleArn('pull'), {
      trusts: [USER_ARN, roleArn('pod')],
      externalId: 'ours',
      allowed: ['ecr:GetAuthorizationToken'],
    });
  }

  /** What the user may do, and nothing else. */
  allow(actions: readonly string[]): void {
    const { accessKeyId, secretAccessKey: secret } = USER;
    this.#principals.set(accessKeyId, { arn: USER_ARN, secret, allowed: new Set(actions) });
  }

  get(accessKeyId: string): Principal | undefined {
    return this.#principals.get(accessKeyId);
  }

  /** Keys for an hour, as STS and the agent of EKS Pod Identity give them. */
  session(arn: string, now: number) {
    const keys = {
      AccessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      SecretAccessKey: randomBytes(30).toString('base64'),
      SessionToken: randomBytes(300).toString('base64'),
      Expiration: new Date(now + SESSION).toISOString().replace(/\.\d+Z$/, 'Z'),
    };
    this.sessions.push(keys.SessionToken);
    this.#principals.set(keys.AccessKeyId, {
      arn,
      secret: keys.SecretAccessKey,
      sessionToken: keys.SessionToken,
      expiresAt: now + SESSION,
      allowed: new Set(this.roles.get(arn)?.allowed),
    });
    return keys;
  }

  /** All sessions are over. */
  expire(): void {
    for (const [id, principal] of this.#principals)
      if (principal.expiresAt !== undefined) this.#principals.set(id, { ...principal, expiresAt: 0 });
  }
}
