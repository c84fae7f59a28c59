// Makes whatever is logged fit for a line: credentials masked by key and in text,
// errors reduced to what is safe, cycles and huge values cut.

import { MASK } from './redactor.ts';

/** Characters; a longer text is masked first and cut then, so that no half credential is left. */
const LONGEST_TEXT = 4096;
/** Characters; above this a text is not even searched. */
const LONGEST_SEARCHED = 65_536;
const MOST_ITEMS = 100;
const DEEPEST = 6;

/** Values under these keys are never shown, whatever they are. Compared without case, "-", "_" and ".". */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'password',
  'passwd',
  'auth',
  'auths',
  'authorization',
  'proxyauthorization',
  'token',
  'data',
  'stringdata',
  'binarydata',
  'dockerconfigjson',
  'dockercfg',
  'secretvalue',
  'clientsecret',
  'secretaccesskey',
  'privatekey',
  'clientkeydata',
  'apikey',
  'cookie',
  'setcookie',
  'body',
  'headers',
  'rawheaders',
]);
const SECRET_KEY_ENDINGS = /(?:password|token|secretkey)$/;

const isSecretKey = (key: string): boolean => {
  const plain = key.toLowerCase().replace(/[-_.]/g, '');
  return SECRET_KEYS.has(plain) || SECRET_KEY_ENDINGS.test(plain);
};

type Redact = (text: string) => string;

/** A value of JSON with nothing in it that may not be seen. Never throws. */
export function toLoggable(value: unknown, redact: Redact): unknown {
  return loggable(value, redact, []);
}

/** A text with its credentials masked, cut to a length that a log can bear. */
export function toLoggableText(text: string, redact: Redact): string {
  if (text.length > LONGEST_SEARCHED) return `[text of ${text.length} characters]`;
  const masked = redact(text);
  return masked.length > LONGEST_TEXT
    ? `${masked.slice(0, LONGEST_TEXT)}… [${masked.length} characters]`
    : masked;
}

function loggable(value: unknown, redact: Redact, parents: readonly object[]): unknown {
  switch (typeof value) {
    case 'string':
      return toLoggableText(value, redact);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
    case 'undefined':
      return value;
    case 'object':
      return value === null ? null : loggableObject(value, redact, parents);
    case 'function':
      return '[function]';
    default:
      return toLoggableText(String(value), redact);
  }
}

function loggableObject(value: object, redact: Redact, parents: readonly object[]): unknown {
  if (parents.includes(value)) return '[circular]';
  if (parents.length >= DEEPEST) return '[too deep]';
  try {
    if (value instanceof Error) return loggableError(value, redact);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof URL) return toLoggableText(value.href, redact);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    const path = [...parents, value];
    if (value instanceof Map) return loggableEntries([...value], redact, path);
    if (Array.isArray(value) || value instanceof Set) return loggableList([...value], redact, path);
    return loggableEntries(Object.entries(value), redact, path);
  } catch {
    // A getter or proxy that throws: the line matters more than this value.
    return '[unreadable]';
  }
}

function loggableList(items: readonly unknown[], redact: Redact, path: readonly object[]): unknown[] {
  const list = items.slice(0, MOST_ITEMS).map(item => loggable(item, redact, path));
  if (items.length > MOST_ITEMS) list.push(`… ${items.length} in all`);
  return list;
}

function loggableEntries(
  entries: ReadonlyArray<readonly [unknown, unknown]>,
  redact: Redact,
  path: readonly object[],
): object {
  const shown = entries.slice(0, MOST_ITEMS).map(([key, value]): [string, unknown] => {
    const name = String(key);
    const masked = isSecretKey(name) && value !== undefined;
    return [toLoggableText(name, redact), masked ? MASK : loggable(value, redact, path)];
  });
  if (entries.length > MOST_ITEMS) shown.push(['…', `${entries.length} in all`]);
  return Object.fromEntries(shown);
}

/** Name, message, code and the causes' messages; a body or headers can hold a login. */
function loggableError(error: Error, redact: Redact): object {
  const causes: string[] = [];
  for (
    let cause = error.cause, depth = 0;
    cause instanceof Error && depth < DEEPEST;
    cause = cause.cause, depth++
  ) {
    causes.push(messageOf(cause));
  }
  const { code } = error as { code?: unknown };
  return {
    name: toLoggableText(error.name, redact),
    message: toLoggableText(messageOf(error), redact),
    ...(code === undefined
      ? {}
      : { code: typeof code === 'number' ? code : toLoggableText(String(code), redact) }),
    ...(causes.length === 0 ? {} : { cause: toLoggableText(causes.join(': '), redact) }),
  };
}

function messageOf(error: Error): string {
  // client-node puts the whole answer, headers included, into the message of such an error.
  if ('body' in error || 'headers' in error) return `answer ${String((error as { code?: unknown }).code)}`;
  // node:net reports a refused connection to several addresses without a message of its own.
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(inner => (inner instanceof Error ? inner.message : String(inner))).join('; ');
  }
  return error.message;
}
