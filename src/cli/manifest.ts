// The RegistryCredentials of a file, defaults filled in as the API server would. A file can hold Secrets too,
// so nothing of it is quoted.

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { GROUP, KIND, VERSION } from '../api/names.ts';
import { specSchema } from '../api/spec-schema.ts';
import type { RegistryCredentialSpec } from '../api/types.ts';
import { readSpec } from '../controller/read-spec.ts';
import { CommandError, EXIT } from './failure.ts';
import { isName } from './options.ts';

export interface Draft {
  readonly name: string;
  /** As it stands there. */
  readonly object: Readonly<Record<string, unknown>>;
  readonly spec: RegistryCredentialSpec;
}

export interface Manifest {
  readonly drafts: readonly Draft[];
  /** Objects of other kinds. */
  readonly others: number;
}

/** `-` is standard input. */
export async function readManifest(path: string): Promise<Manifest> {
  const { parseAllDocuments } = await import('yaml');
  // Somebody may have given what is in the file, Secrets and all.
  const isShown = path.length <= LONGEST_PATH && !/\p{Cc}/u.test(path);
  const file = path === '-' ? 'standard input' : isShown ? path : 'the file';
  const documents = parseAllDocuments(await contentOf(path, file));
  const objects: unknown[] = [];
  for (const document of 'empty' in documents ? [] : documents) {
    const [error] = document.errors;
    if (error) throw refusal(`${file} is not YAML (${error.code}, line ${error.linePos?.[0].line ?? '?'})`);
    objects.push(...itemsOf(plainOf(document, file)));
  }
  const ours = objects.filter(isOurs);
  if (ours.length === 0) throw refusal(`${file} holds no ${KIND} of ${GROUP}/${VERSION}`);
  const drafts = ours.map(object => draftOf(object, file));
  // Applied one after the other, the last of a name stays.
  const last = new Map(drafts.map(draft => [draft.name, draft]));
  return { drafts: [...last.values()], others: objects.length - ours.length };
}

/** An alias can lead nowhere, and some can be written to fill the memory. */
function plainOf(document: { toJS(): unknown }, file: string): unknown {
  try {
    return document.toJS();
  } catch {
    throw refusal(`${file} is not YAML that can be read: its aliases lead nowhere, or to too much`);
  }
}

const LONGEST_PATH = 255;

async function contentOf(path: string, file: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refusal(`could not read ${file}: ${error.code}`);
  });
}

const refusal = (message: string): CommandError => new CommandError(message, EXIT.usage);

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A List is its items. */
function itemsOf(value: unknown): unknown[] {
  if (value === null || value === undefined) return [];
  return isFields(value) && value.kind === 'List' && Array.isArray(value.items) ? value.items : [value];
}

const isOurs = (value: unknown): value is Fields =>
  isFields(value) && value.kind === KIND && value.apiVersion === `${GROUP}/${VERSION}`;

const { secretName, namespaceSelector, deletionPolicy } = specSchema.properties;
const DEFAULTS = {
  secretName: secretName.default,
  namespaceSelector: namespaceSelector.default,
  deletionPolicy: deletionPolicy.default,
};

/** As the API server does before it fills in what is left out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isFields(value)) return value;
  const given = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(given.map(([name, inner]) => [name, withoutNulls(inner)]));
}

/** What the API server would not take in a field is for its dry run to say; here, only what nobody could read. */
function draftOf(object: Fields, file: string): Draft {
  const { metadata, spec } = object;
  const name = isFields(metadata) ? metadata.name : undefined;
  if (typeof name !== 'string') throw refusal(`a ${KIND} in ${file} has no metadata.name`);
  if (!isName(name)) throw refusal(`a ${KIND} in ${file} has a metadata.name that is none`);
  const given = withoutNulls(spec);
  const read = readSpec(isFields(given) ? { ...DEFAULTS, ...given } : given);
  if (read.unreadable !== undefined || read.spec.registries.length === 0)
    throw refusal(`${KIND} ${name} in ${file} cannot be read: see ${read.unreadable ?? 'spec.registries'}`);
  return { name, object, spec: read.spec };
}
