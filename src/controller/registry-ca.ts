// The CA of a registry, as `caSecretRef` names it.

import { X509Certificate } from 'node:crypto';
import type { RegistrySpec } from '../api/types.ts';
import type { World } from './world.ts';

export interface RegistryCa {
  /** Undefined: none is named, or it is no good. */
  readonly pem: string | undefined;
  /** What is wrong with it, and what to do. */
  readonly problem: string | undefined;
}

const KEY = 'ca.crt';

export function readCa(
  { caSecretRef }: RegistrySpec,
  { sources, operatorNamespace }: Pick<World, 'sources' | 'operatorNamespace'>,
): RegistryCa {
  if (caSecretRef === undefined) return { pem: undefined, problem: undefined };
  const { name } = caSecretRef;
  const secret = sources.get('', name);
  const title = `Secret ${operatorNamespace}/${name}`;
  if (secret === undefined) {
    const create = `kubectl -n ${operatorNamespace} create secret generic ${name} --from-file=${KEY}=FILE`;
    return wrong(`${title} not found, which is to hold the CA: create it with ${create}`);
  }
  const base64 = secret.data[KEY];
  if (base64 === undefined) return wrong(`${title} has no key ${KEY}: put the CA there, in PEM`);
  const pem = Buffer.from(base64, 'base64').toString();
  return isCertificates(pem)
    ? { pem, problem: undefined }
    : wrong(`${title} has no certificates in PEM under ${KEY}: correct it`);
}

const wrong = (problem: string): RegistryCa => ({ pem: undefined, problem });

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function isCertificates(pem: string): boolean {
  const all = pem.match(CERTIFICATE) ?? [];
  try {
    for (const one of all) new X509Certificate(one);
  } catch {
    // Its error says where OpenSSL gave up, which helps nobody.
    return false;
  }
  return all.length > 0;
}
