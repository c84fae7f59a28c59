// JSON text as Go's encoding/json writes it, so that a Secret of ours has the bytes
// that kubectl would have written.

/** A string, or a flat object in the order of its keys, as Go writes it; fields that are undefined are left out. */
export function goJson(value: string | Readonly<Record<string, string | undefined>>): string {
  // Outside of strings these characters do not occur in JSON. All other escapes are the same in both languages.
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped);
}

/** Go sorts the keys of a map by their bytes, JavaScript by UTF-16 units. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
