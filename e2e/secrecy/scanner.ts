// Looks for credentials in texts: whole or any part of them that does not turn up by chance, in all the
// forms there are. Says which and where, and never shows what it found.

import { formsOf } from './encodings.ts';

/** By a name that may be shown. */
export type Secrets = Readonly<Record<string, string>>;

export class Scanner {
  /** By length: what is looked for, and how it is called. */
  readonly #parts = new Map<number, Map<string, string>>();

  constructor(secrets: Secrets) {
    for (const [name, secret] of Object.entries(secrets)) this.add(name, secret);
  }

  add(name: string, secret: string): void {
    // A part of a short one would be found in every text.
    if (secret.length < 8) throw new RangeError(`${name} is too short to be looked for`);
    for (const { encoding, text, telling } of formsOf(secret)) {
      const length = Math.min(telling, text.length);
      const parts = this.#parts.get(length) ?? new Map<string, string>();
      this.#parts.set(length, parts);
      for (let at = 0; at + length <= text.length; at++) {
        const part = text.slice(at, at + length);
        if (!parts.has(part)) parts.set(part, `${name} ${encoding}`);
      }
    }
  }

  /** Each as "the password in base64"; empty when there is none. */
  findings(text: string): string[] {
    const found = new Set<string>();
    for (const [length, parts] of this.#parts)
      for (let at = 0; at + length <= text.length; at++) {
        const what = parts.get(text.slice(at, at + length));
        if (what !== undefined) found.add(what);
      }
    return [...found];
  }

  /** Throws for the first text with a finding. @param texts by where they are from */
  expectNothingIn(texts: Readonly<Record<string, string>>): void {
    for (const [where, text] of Object.entries(texts)) {
      const [first, ...others] = this.findings(text);
      if (first === undefined) continue;
      const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
      throw new Error(`${where} shows a part of ${first}${more}`);
    }
  }
}
