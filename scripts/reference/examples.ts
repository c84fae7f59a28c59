// What the samples write in a field: the reference shows it, and a test asks that every field of the spec stands in one.

import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments, stringify } from 'yaml';
import { KIND } from '../../src/api/names.ts';

const SAMPLES = new URL('../../manifests/samples/', import.meta.url);

export interface Sample {
  readonly file: string;
  readonly object: unknown;
}

/** One for each RegistryCredential in manifests/samples, by name of the file. */
export function samples(): Sample[] {
  return readdirSync(SAMPLES)
    .sort()
    .flatMap(file =>
      parseAllDocuments(readFileSync(new URL(file, SAMPLES), 'utf8'))
        .map(document => document.toJS())
        .filter(object => object.kind === KIND)
        .map(object => ({ file, object })),
    );
}

/** @param path such as spec.registries[].server; of a list, each item */
export function valuesAt(object: unknown, path: string): unknown[] {
  const steps = path.replaceAll('[]', '.[]').split('.');
  return steps.reduce<unknown[]>((values, step) => values.flatMap(value => below(value, step)), [object]);
}

function below(value: unknown, step: string): unknown[] {
  if (step === '[]') return Array.isArray(value) ? value : [];
  const inside = (value as Record<string, unknown> | null)?.[step];
  return inside === undefined ? [] : [inside];
}

/** The first sample that writes the field, as YAML in one line. */
export function exampleOf(
  path: string,
  from: readonly Sample[],
): { file: string; value: string } | undefined {
  for (const { file, object } of from) {
    const [value] = valuesAt(object, path);
    if (value !== undefined) return { file, value: inOneLine(value) };
  }
  return undefined;
}

// kubectl reads YAML 1.1, to which Off is false.
const inOneLine = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0, compat: 'yaml-1.1' }).trim();
