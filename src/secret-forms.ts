// The forms in which a secret travels: escaped in JSON, in a URL, in base64 of something longer, as bytes.

import { goJson } from './core/go-json.ts';

/** Characters. Shorter ones would turn up inside ordinary words. */
export const SHORTEST_FORM = 4;

/** How often one JSON stands in another: a docker config in a request in the log of a webhook. */
const DEEPEST_JSON = 3;

/** Inside other base64 a form is only looked for when it is too long to turn up by chance. */
const SHORTEST_FRAGMENT = 8;

/** Each as long as SHORTEST_FORM at least; some more than once. */
export function formsOf(secret: string): string[] {
  const levels: string[][] = [[secret]];
  for (let depth = 1; depth <= DEEPEST_JSON; depth++) levels.push((levels.at(-1) ?? []).flatMap(inJson));
  const [plain = [], escaped = []] = levels;
  // A docker config holds the password escaped, and is itself put into base64, a URL, …
  const forms = [...levels.flat(), ...[...new Set([...plain, ...escaped])].flatMap(encodedForms)];
  return forms.filter(form => form.length >= SHORTEST_FORM);
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
