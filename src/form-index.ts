// Finds thousands of forms of secrets in a text in one pass: every line of the log is searched.

import { SHORTEST_FORM } from './secret-forms.ts';

/** Slots, a power of two, for the beginnings of forms: almost everywhere a look at one tells that none begins here. */
const SLOTS = 1 << 16;

export class FormIndex {
  /** Beginning -> form -> how many have it. */
  readonly #byBeginning = new Map<string, Map<string, number>>();
  readonly #inSlot = new Uint16Array(SLOTS);

  add(form: string): void {
    const beginning = form.slice(0, SHORTEST_FORM);
    let forms = this.#byBeginning.get(beginning);
    if (forms === undefined) {
      forms = new Map();
      this.#byBeginning.set(beginning, forms);
      this.#count(form, 1);
    }
    forms.set(form, (forms.get(form) ?? 0) + 1);
  }

  /** Takes as many calls as there were to `add`. */
  remove(form: string): void {
    const beginning = form.slice(0, SHORTEST_FORM);
    const forms = this.#byBeginning.get(beginning);
    const count = forms?.get(form);
    if (forms === undefined || count === undefined) return;
    if (count > 1) forms.set(form, count - 1);
    else forms.delete(form);
    if (forms.size > 0) return;
    this.#byBeginning.delete(beginning);
    this.#count(form, -1);
  }

  #count(form: string, more: 1 | -1): void {
    const slot = slotAt(form, 0);
    this.#inSlot[slot] = (this.#inSlot[slot] ?? 0) + more;
  }

  *all(): Generator<string> {
    for (const forms of this.#byBeginning.values()) yield* forms.keys();
  }

  /** Where forms stand in the text, from start to end, in order; those that overlap as one. */
  find(text: string): [start: number, end: number][] {
    const found: [start: number, end: number][] = [];
    for (let start = 0; start + SHORTEST_FORM <= text.length; start++) {
      if (this.#inSlot[slotAt(text, start)] === 0) continue;
      const end = this.#endOfLongest(text, start);
      if (end === undefined) continue;
      const last = found.at(-1);
      if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end);
      else found.push([start, end]);
    }
    return found;
  }

  #endOfLongest(text: string, start: number): number | undefined {
    const forms = this.#byBeginning.get(text.slice(start, start + SHORTEST_FORM));
    let end: number | undefined;
    for (const form of forms?.keys() ?? [])
      if (form.length > (end ?? start) - start && text.startsWith(form, start)) end = start + form.length;
    return end;
  }
}

/** Of the first SHORTEST_FORM characters from there. */
function slotAt(text: string, start: number): number {
  let hash = 0;
  for (let at = start; at < start + SHORTEST_FORM; at++) hash = Math.imul(hash, 31) + text.charCodeAt(at);
  return (hash ^ (hash >>> 16)) & (SLOTS - 1);
}
