// What stands in a text of the exposition format, and what docs/metrics.md says of it.

export interface Described {
  readonly type: string;
  /** Sorted; undefined when no series shows them. */
  readonly labels: readonly string[] | undefined;
}

/** By name; `le` is what makes a histogram and no label of its own. */
export function exposed(text: string): Map<string, Described> {
  const found = new Map<string, Described>();
  let current = '';
  for (const line of text.split('\n')) {
    const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== undefined && type !== undefined) {
      current = name;
      found.set(name, { type, labels: undefined });
    }
    if (line === '' || line.startsWith('#')) continue;
    const labels = [...line.matchAll(/(?:\{|",)(\w+)="/g)].map(([, label = '']) => label);
    const known = found.get(current);
    if (known !== undefined)
      found.set(current, { ...known, labels: labels.filter(label => label !== 'le').sort() });
  }
  return found;
}

/** Rows such as | `name` | type | `label`, `label` | meaning |, in any table of the page. */
export function documented(page: string): Map<string, Described> {
  const rows = page.matchAll(/^\| `(\w+)` *\| (counter|gauge|histogram) *\|([^|]*)\|/gm);
  return new Map(
    [...rows].map(([, name = '', type = '', labels = '']) => [
      name,
      { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label).sort() },
    ]),
  );
}
