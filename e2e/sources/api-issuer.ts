// The API server of the tests as an issuer of identities: its own signature, its own audiences, as the kubelet gets
// them for a pod.

import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { SubjectIssuer } from '../../src/testing/authorization/cluster-issuer.ts';
import { create } from '../api/admin.ts';
import { kubectl } from '../api/kubectl.ts';
import { OPERATOR_ACCOUNT, OPERATOR_NAMESPACE } from '../cluster/installation.ts';

/** As a projected volume of the operator's pod would hold it; without an audience, it is for the API server. */
export async function operatorToken(...audiences: readonly string[]): Promise<string> {
  const path = `/api/v1/namespaces/${OPERATOR_NAMESPACE}/serviceaccounts/${OPERATOR_ACCOUNT}/token`;
  const { status } = await create(path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { ...(audiences.length > 0 && { audiences }), expirationSeconds: 600 },
  });
  return status.token;
}

/** What an authorization server learns of the cluster from /.well-known and its keys. */
export async function apiIssuer(): Promise<SubjectIssuer> {
  const { issuer } = JSON.parse(await kubectl(['get', '--raw', '/.well-known/openid-configuration']));
  const { keys } = JSON.parse(await kubectl(['get', '--raw', '/openid/v1/jwks'])) as { keys: NamedKey[] };
  return {
    problem: (token, audience, now) => {
      const [header = '', payload = '', signature = ''] = token.split('.');
      const key = keys.find(({ kid }) => kid === parsed(header).kid);
      if (key === undefined) return 'key';
      const signed = Buffer.from(`${header}.${payload}`);
      // The encoding is for keys of elliptic curves; those of RSA have one only.
      const publicKey = { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
      if (!verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))) return 'signature';
      const { iss, sub, aud, exp } = parsed(payload);
      if (iss !== issuer) return 'issuer';
      if (sub !== `system:serviceaccount:${OPERATOR_NAMESPACE}:${OPERATOR_ACCOUNT}`) return 'subject';
      if (!aud.includes(audience)) return 'audience';
      return exp * 1000 > now ? undefined : 'expired';
    },
  };
}

type NamedKey = JsonWebKey & { kid: string };

const parsed = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
