// Keeps credentials out of text: those it was told of, in every form in which they
// travel, and whatever looks like one. The last line of defence, not the first.

import { FormIndex } from './form-index.ts';
import { formsOf, SHORTEST_FORM } from './secret-forms.ts';

export const MASK = '***';

export interface Redactor {
  /** From now on the text is masked. Counted: it takes as many `forget` to undo as there were `learn`. */
  learn(secret: string): void;
  forget(secret: string): void;
  redact(text: string): string;
}

export function createRedactor(): Redactor {
  const counts = new Map<string, number>();
  const index = new FormIndex();
  return {
    learn(secret) {
      if (secret.length < SHORTEST_FORM) return;
      const count = counts.get(secret) ?? 0;
      counts.set(secret, count + 1);
      if (count === 0) for (const form of formsOf(secret)) index.add(form);
    },
    forget(secret) {
      const count = counts.get(secret) ?? 0;
      if (count > 1) counts.set(secret, count - 1);
      else if (counts.delete(secret)) for (const form of formsOf(secret)) index.remove(form);
    },
    redact: text => maskPatterns(masked(maskCutOff(text, index), index)),
  };
}

function masked(text: string, index: FormIndex): string {
  let result = '';
  let at = 0;
  for (const [start, end] of index.find(text)) {
    result += text.slice(at, start) + MASK;
    at = end;
  }
  return at === 0 ? text : result + text.slice(at);
}

/** What was cut to a length before it came here ends with a part of a form, and then the ellipsis. */
function maskCutOff(text: string, index: FormIndex): string {
  if (!/\u2026|\.\.\./.test(text)) return text;
  return text.split(/(\u2026|\.\.\.)/).reduce((before, piece, place, pieces) => {
    const isCut = place % 2 === 0 && place + 1 < pieces.length;
    return before + (isCut ? withoutBeginning(piece, index) : piece);
  }, '');
}

/** The text without the longest beginning of a form at its end. */
function withoutBeginning(text: string, index: FormIndex): string {
  let longest = 0;
  for (const form of index.all()) {
    const first = form.slice(0, SHORTEST_FORM);
    const earliest = Math.max(0, text.length - form.length);
    for (let at = text.indexOf(first, earliest); at !== -1; at = text.indexOf(first, at + 1))
      if (form.startsWith(text.slice(at))) longest = Math.max(longest, text.length - at);
  }
  return longest === 0 ? text : text.slice(0, text.length - longest) + MASK;
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

/** What none of the patterns does without: most texts have nothing of it, and one look is cheaper than ten. */
const HINTS = /eyJ|authorization|bearer|basic|[@"=]/i;

function maskPatterns(text: string): string {
  if (!HINTS.test(text)) return text;
  let masked = text.replace(/(\bBasic\s+)([\w+/-]{4,}={0,2})/gi, (all, scheme: string, word: string) =>
    // "the basic source" is prose, and no login either.
    Buffer.from(word, 'base64').includes(':') ? scheme + MASK : all,
  );
  for (const [pattern, replacement] of PATTERNS) masked = masked.replace(pattern, replacement);
  return masked;
}
