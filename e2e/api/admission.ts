// Puts a RegistryCredential to a real API server without storing it, for the tests of the CRD.

import { fileURLToPath } from 'node:url';
import { GROUP, KIND, PLURAL, VERSION } from '../../src/api/names.ts';
import { kubectl } from './kubectl.ts';

export const SECRET = { secretRef: { name: 'login' } };
/** The least that is admitted. */
export const LEAST = { registries: [{ basic: SECRET }] };

export const credential = (spec: unknown, name = 'admission') => ({
  apiVersion: `${GROUP}/${VERSION}`,
  kind: KIND,
  metadata: { name },
  spec,
});

/** Installs the CRD as it is in crds/. */
export async function installCrd(): Promise<void> {
  const file = fileURLToPath(new URL(`../../crds/${GROUP}_${PLURAL}.yaml`, import.meta.url));
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', file]);
  await kubectl(['wait', '--for=condition=Established', '--timeout=30s', `crd/${PLURAL}.${GROUP}`]);
}

/** The object as it would be stored, defaults filled in. */
export async function admitted(spec: unknown) {
  return JSON.parse(await kubectl(['create', '--dry-run=server', '-o', 'json', '-f', '-'], credential(spec)));
}

/** What the API server says to what it refuses. */
export async function refused(spec: unknown): Promise<string> {
  const given = JSON.stringify(spec);
  try {
    await admitted(spec);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`the API server admitted ${given}`);
}
