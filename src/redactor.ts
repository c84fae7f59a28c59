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
      let masked = maskCutOff(text, learned());
      for (const form of learned()) {
        if (masked.includes(form)) masked = masked.replaceAll(form, MASK);
      }
      return maskPatterns(masked);
    },
  };
}

/** What was cut to a length before it came here ends with a part of a form, and then the ellipsis. */
function maskCutOff(text: string, forms: readonly string[]): string {
  if (!/\u2026|\.\.\./.test(text)) return text;
  return text.split(/(\u2026|\.\.\.)/).reduce((before, piece, index, pieces) => {
    const isCut = index % 2 === 0 && index + 1 < pieces.length;
    return before + (isCut ? withoutBeginning(piece, forms) : piece);
  }, '');
}

/** The text without the longest beginning of a form at its end. */
function withoutBeginning(text: string, forms: readonly string[]): string {
  let longest = 0;
  for (const form of forms) {
    const first = form.slice(0, SHORTEST_SECRET);
    const earliest = Math.max(0, text.length - form.length);
    for (let at = text.indexOf(first, earliest); at !== -1; at = text.indexOf(first, at + 1))
      if (form.startsWith(text.slice(at))) longest = Math.max(longest, text.length - at);
  }
  return longest === 0 ? text : text.slice(0, text.length - longest) + MASK;
}

/** How often one JSON stands in another: a docker config in a request in the log of a webhook. */
const DEEPEST_JSON = 3;

function formsOf(secret: string): string[] {
  const levels: string[][] = [[secret]];
  for (let depth = 1; depth <= DEEPEST_JSON; depth++) levels.push((levels.at(-1) ?? []).flatMap(inJson));
  const [plain = [], escaped = []] = levels;
  // A docker config holds the password escaped, and is itself put into base64, a URL, …
  const forms = [...levels.flat(), ...[...new Set([...plain, ...escaped])].flatMap(encodedForms)];
  return forms.filter(form => form.length >= SHORTEST_SECRET);
}

/** As JavaScript writes it, and as kubectl and the API server do. */
const inJson = (text: string): string[] => [
  ...new Set([JSON.stringify(text).slice(1, -1), goJson(text).slice(1, -1)]),
];

function encodedForms(text: string): string[] {
  const url = encodeURIComponent(text);
  const bytes = Buffer.from(text);
  const base64 = bytes.toString('base64');
  const hex = bytes.toString('hex');
  return [
    url,
    url.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase()),
    new URLSearchParams([['', text]]).toString().slice(1),
    base64,
    bytes.toString('base64url'),
    encodeURIComponent(base64),
    hex,
    hex.toUpperCase(),
    // Node prints a Buffer so, with inspect.
    hex.replace(/..(?=.)/g, '$& '),
    // Go prints bytes so, with %v and with %#v; and JSON a Buffer.
    bytes.join(' '),
    [...bytes].map(byte => `0x${byte.toString(16)}`).join(', '),
    bytes.join(','),
    ...base64Fragments(text),
  ];
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
  // A docker config in base64, {"auths":…, also one that nobody told us of: what stood there before.
  [/eyJhdXRocyI6[\w+/=-]+/g, MASK],
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
