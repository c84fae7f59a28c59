// JSON merge patch (RFC 7386) and JSON patch (RFC 6902) over plain values.

import { patchFailed } from './answers.ts';
import { copyOf, isSame } from './copy.ts';

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const result: Record<string, unknown> = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

export interface JsonPatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

const unescapeToken = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');

function step(node: unknown, token: string): unknown {
  if (Array.isArray(node)) return node[Number(token)];
  return isMap(node) ? node[token] : undefined;
}

function changeList(list: unknown[], { op, value }: JsonPatchOperation, token: string): void {
  const index = token === '-' ? list.length : Number(token);
  const end = op === 'add' ? list.length : list.length - 1;
  if (!Number.isInteger(index) || index < 0 || index > end) throw patchFailed();
  if (op === 'add') list.splice(index, 0, value);
  else if (op === 'replace') list[index] = value;
  else list.splice(index, 1);
}

function change(parent: unknown, operation: JsonPatchOperation, token: string): void {
  if (Array.isArray(parent)) {
    changeList(parent, operation, token);
    return;
  }
  if (!isMap(parent) || (operation.op !== 'add' && !(token in parent))) throw patchFailed();
  if (operation.op === 'remove') delete parent[token];
  else parent[token] = operation.value;
}

/** add, replace, remove and test; any failure is the one answer that the API server has for all. */
export function jsonPatch(target: unknown, operations: readonly JsonPatchOperation[]): unknown {
  const result: unknown = copyOf(target);
  for (const operation of operations) {
    const tokens = operation.path.split('/').slice(1).map(unescapeToken);
    const last = tokens.pop();
    if (last === undefined) throw patchFailed();
    const parent = tokens.reduce(step, result);
    if (operation.op === 'test') {
      if (!isSame(step(parent, last), operation.value)) throw patchFailed();
    } else if (['add', 'replace', 'remove'].includes(operation.op)) {
      change(parent, copyOf(operation), last);
    } else {
      throw patchFailed();
    }
  }
  return result;
}
