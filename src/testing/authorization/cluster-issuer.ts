// Tokens of ServiceAccounts as the API server of a cluster would sign them, and whether one is such a token.

import { generateKeyPairSync, type KeyObject, randomUUID, sign, verify } from 'node:crypto';

export interface TokenClaims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  /** Seconds since the epoch. */
  readonly exp?: number | undefined;
  readonly nbf?: number;
}

/** Whoever signs the identities that an authorization server trusts. */
export interface SubjectIssuer {
  /** What is wrong with the token for whoever expects this audience at `now` (milliseconds); undefined: nothing. */
  problem(token: string, audience: string, now: number): string | undefined;
}

export class ClusterIssuer implements SubjectIssuer {
  readonly issuer = 'https://issuer.cluster.example';
  readonly subject = 'system:serviceaccount:regcred-system:regcred';
  readonly #key: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } = generateKeyPairSync(
    'ec',
    {
      namedCurve: 'P-256',
    },
  );

  /** `now` in milliseconds; it lives an hour, as the kubelet's do. */
  token(claims: TokenClaims, now = Date.now()): string {
    const seconds = Math.floor(now / 1000);
    const all = {
      iss: this.issuer,
      sub: this.subject,
      iat: seconds,
      nbf: seconds,
      exp: seconds + 3600,
      jti: randomUUID(),
      ...claims,
    };
    const signed = [{ alg: 'ES256', typ: 'JWT' }, all].map(encoded).join('.');
    const signature = sign('sha256', Buffer.from(signed), {
      key: this.#key.privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    return `${signed}.${signature.toString('base64url')}`;
  }

  problem(token: string, audience: string, now: number): string | undefined {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const key = { key: this.#key.publicKey, dsaEncoding: 'ieee-p1363' } as const;
    const isSigned = verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      key,
      Buffer.from(signature, 'base64url'),
    );
    if (!isSigned) return 'signature';
    const { iss, sub, aud, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (iss !== this.issuer) return 'issuer';
    if (sub !== this.subject) return 'subject';
    if (![aud].flat().includes(audience)) return 'audience';
    return exp * 1000 > now ? undefined : 'expired';
  }
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
