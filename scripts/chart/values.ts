// What charts/regcred/values.yaml says: every value with its default and the comment above it. The table in the chart's
// README and the descriptions in its schema are made of that, so a value without a comment is an error.

import { readFileSync } from 'node:fs';
import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';

export interface Value {
  /** As after `--set`. */
  readonly path: string;
  /** Markdown, one line. */
  readonly description: string;
  /** A group has further values below it, and no default of its own. */
  readonly isGroup: boolean;
  readonly fallback: unknown;
}

const FILE = new URL('../../charts/regcred/values.yaml', import.meta.url);
/** Maps that are one value: what is in them is somebody else's, such as Kubernetes'. */
const WHOLE = new Set(['resources', 'podSecurityContext', 'dashboard.labels']);

export const readValues = (): Value[] => valuesIn(readFileSync(FILE, 'utf8'));

/** Throws when a value has no comment. */
export function valuesIn(text: string): Value[] {
  const document = parseDocument(text);
  if (!isMap(document.contents)) throw new Error('values.yaml is no map');
  // The first comment of the file is about the file; that of the first value comes after an empty line.
  return below(document.contents, '', '');
}

function below(map: YAMLMap, prefix: string, ownComment: string): Value[] {
  return map.items.flatMap((pair, index) => {
    const { key, value } = pair as Pair;
    if (!isScalar(key)) throw new Error(`a key below ${prefix || 'values.yaml'} is no word`);
    const path = `${prefix}${key.value}`;
    const comment = index === 0 && ownComment !== '' ? ownComment : (key.commentBefore ?? '');
    const description = comment
      .trim()
      .split('\n')
      .map(line => line.trim())
      .join(' ');
    const isGroup = isMap(value) && value.items.length > 0 && !WHOLE.has(path);
    if (!isGroup && description === '') throw new Error(`${path} in values.yaml has no comment above it`);
    const fallback = isGroup ? undefined : (value as { toJSON(): unknown }).toJSON();
    const own = { path, description, isGroup, fallback };
    return isGroup ? [own, ...below(value as YAMLMap, `${path}.`, value.commentBefore ?? '')] : [own];
  });
}
