// The spec of a RegistryCredential as far as this version can read it. What it cannot read it does not guess at:
// then everything stays as it is, as under `suspend`, and status says which field it is.

import { DEFAULT_SECRET_NAME } from '../api/names.ts';
import { misshapen } from '../api/shape.ts';
import { specSchema } from '../api/spec-schema.ts';
import type { RegistryCredentialSpec } from '../api/types.ts';

export interface ReadSpec {
  readonly spec: RegistryCredentialSpec;
  /** The path of the field that this version cannot read. */
  readonly unreadable: string | undefined;
}

type Field = keyof typeof specSchema.properties;

export function readSpec(stored: unknown): ReadSpec {
  const unreadable = misshapen(specSchema, stored, 'spec');
  if (unreadable === undefined) return { spec: stored as RegistryCredentialSpec, unreadable };
  const fields = typeof stored === 'object' && stored !== null ? stored : {};
  const readable = Object.entries(fields).filter(
    ([name, value]) =>
      Object.hasOwn(specSchema.properties, name) &&
      misshapen(specSchema.properties[name as Field], value, name) === undefined,
  );
  return { spec: { ...NOTHING_NEW, ...Object.fromEntries(readable), suspend: true }, unreadable };
}

/** Selects every namespace, for there things are to stay; a registry of no source may have given any login. */
const NOTHING_NEW: RegistryCredentialSpec = {
  registries: [{}],
  secretName: DEFAULT_SECRET_NAME,
  namespaceSelector: {},
  deletionPolicy: 'Delete',
};
