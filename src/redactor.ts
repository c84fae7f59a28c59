// Keeps credentials out of text: those it was told of, in every form in which they
// travel, and whatever looks like one. The last line of defence, not the first.

import { goJson } from './core/go-json.ts';

export const MASK = '***';

export interface Redactor {
  /** From now on the text is masked. Counted: it takes as many `forget` to undo as there were `learn`. */
  learn(secret: string): void;
  forget(secret: string): void;
  redact(text: string): string;
}

/** Shorter ones are not masked: they would turn up inside ordinary words. */
const SHORTEST_SECRET = 4;
/** Inside other base64 a form is only looked for when it is too long to turn up by chance. */
const SHORTEST_FRAGMENT = 8;

export function createRedactor(): Redactor {
  const counts = new Map<string, number>();
  /** Longest first, so that a form that holds another one goes as a whole; undefined when out of date. */
  let forms: readonly string[] | undefined;
  const learned = (): readonly string[] => {
    forms ??= [...new Set([...counts.keys()].flatMap(formsOf))].sort((a, b) => b.length - a.length);
    return forms;
  };
  return {
    learn(secret) {
      if (secret.length < SHORTEST_SECRET) return;
      const count = counts.get(secret) ?? 0;
      counts.set(secret, count + 1);
      if (count === 0) forms = undefined;
    },
    forget(secret) {
      const count = counts.get(secret) ?? 0;
      if (count > 1) counts.set(secret, count - 1);
      else if (counts.delete(secret)) forms = undefined;
    },
    redact(text) {
      let masked = text;
      for (const form of learned()) {
        if (masked.includes(form)) masked = masked.replaceAll(form, MASK);
      }
      return maskPatterns(masked);
    },
  };
}

function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const base64 = Buffer.from(secret).toString('base64');
  // As kubectl and the API server write it.
  const asInGo = goJson(secret).slice(1, -1);
  const forms = [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    asInGo,
    url,
    url.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase()),
    new URLSearchParams([['', secret]]).toString().slice(1),
    base64,
    Buffer.from(secret).toString('base64url'),
    encodeURIComponent(base64),
    // A docker config in base64 holds the password escaped.
    ...[...new Set([secret, json, asInGo])].flatMap(base64Fragments),
  ];
  return forms.filter(form => form.length >= SHORTEST_SECRET);
}

/**
 * What base64 of a longer text (user:password, a whole docker config) shows of the
 * secret, for each of the three ways in which it can fall onto the 6-bit grid.
 */
function base64Fragments(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2]
    .map(shift => {
      const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
      return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    })
    .filter(fragment => fragment.length >= SHORTEST_FRAGMENT)
    .flatMap(fragment => [fragment, fragment.replaceAll('+', '-').replaceAll('/', '_')]);
}

const SECRET_KEYS =
  'password|passwd|auth|(?:access|refresh|id|identity|registry)_?token|token|client_?secret|secret_?access_?key';

/** Each with what is put in its place; a group that is kept is $1. */
const PATTERNS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)*/g, MASK],
  [/(\bauthorization["']?\s*[:=]\s*["']?)(?:[\w-]+[ \t]+)?[^\s"',]+/gi, `$1${MASK}`],
  [/(\bBearer\s+)(?!realm=|tokens?\b|authentication\b|\*)[\w.~+/=-]{4,}/gi, `$1${MASK}`],
  // https://user:password@host
  [/(\/\/)[^/\s:@"']*:[^/\s@"']+@/g, `$1${MASK}@`],
  // "password":"…", also inside a JSON string (\"password\":\"…\")
  [new RegExp(`("(?:${SECRET_KEYS})"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*`, 'gi'), `$1${MASK}`],
  [
    new RegExp(`(\\\\"(?:${SECRET_KEYS})\\\\"\\s*:\\s*\\\\")(?:[^"\\\\]|\\\\(?!")|(?<=\\\\)\\\\")*`, 'gi'),
    `$1${MASK}`,
  ],
  [new RegExp(`\\b((?:${SECRET_KEYS})=)[^&\\s"']+`, 'gi'), `$1${MASK}`],
];

function maskPatterns(text: string): string {
  let masked = text.replace(/(\bBasic\s+)([\w+/-]{4,}={0,2})/gi, (all, scheme: string, word: string) =>
    // "the basic source" is prose, and no login either.
    Buffer.from(word, 'base64').includes(':') ? scheme + MASK : all,
  );
  for (const [pattern, replacement] of PATTERNS) masked = masked.replace(pattern, replacement);
  return masked;
}
