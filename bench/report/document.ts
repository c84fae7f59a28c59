// The part of docs/performance.md that is made of figures, so that none can be mistyped. What is around it is prose.

import { spreadOf } from '../median.ts';
import { figure, type Group, groupsOf, type Line, settingOf } from './lines.ts';
import { plotsOf } from './plots.ts';
import { tableOf } from './table.ts';

const END = '<!-- end of what is made -->';
const BEGIN = /<!-- made by npm run bench:report from (\S+) -->/;
const begin = (file: string): string => `<!-- made by npm run bench:report from ${file} -->`;

/** The file with the figures that it shows, from the root of the repository. Throws when it shows none. */
export function figuresFileOf(document: string): string {
  const file = BEGIN.exec(document)?.[1];
  if (file === undefined)
    throw new Error(
      `could not find the figures: a line "${begin('FILE')}" is wanted, and a line "${END}" after it`,
    );
  return file;
}

/** @param file where the lines come from */
export function withFigures(
  document: string,
  lines: readonly Line[],
  file = figuresFileOf(document),
): string {
  const [before = '', rest = ''] = document.split(begin(figuresFileOf(document)));
  const after = rest.slice(rest.indexOf(END));
  return `${before}${begin(file)}\n\n${figuresOf(lines)}\n\n[Raw figures](../${file}).\n\n${after}`;
}

function figuresOf(lines: readonly Line[]): string {
  const plots = [...plotsOf(lines).keys()].map(file => `![${file.replace('.svg', '')}](plots/${file})`);
  return [
    circumstances(lines),
    aligned(tableOf(lines)),
    growth(lines),
    newcomers(lines),
    foreignSecrets(lines),
    ...plots,
  ]
    .filter(part => part !== '')
    .join('\n\n');
}

function circumstances(lines: readonly Line[]): string {
  const [first] = lines;
  if (first === undefined) return 'Nothing was measured yet.';
  const { cpus, memory, node, kubernetes } = first.about;
  const load = spreadOf(lines.map(line => line.load));
  const commits = [...new Set(lines.map(line => line.about.commit))].join(', ');
  const days = [...new Set(lines.map(({ at }) => at.slice(0, 10)))].join(', ');
  return [
    `${cpus}, ${memory} of memory; Node ${node}; Kubernetes ${kubernetes} and etcd (without fsync) on the same machine,`,
    `whose load was ${load.least.toFixed(1)} to ${load.most.toFixed(1)} (median ${load.median.toFixed(1)}).`,
    `${first.parallel} writes at a time, 1 ServiceAccount in each namespace unless it says more. ${days}, commit ${commits}.`,
  ].join('\n');
}

/** What a namespace costs at the largest size, beside what it costs at 1,000. */
function growth(lines: readonly Line[]): string {
  const perNamespace = groupsOf(
    lines.filter(({ measure, credentials = 1 }) => measure === 'cold' && credentials === 1),
  ).map(group => ({
    namespaces: group[0].namespaces,
    ms: spreadOf(group.map(line => (figure(line, 'operator.ms') ?? Number.NaN) / line.namespaces)).median,
  }));
  const small = perNamespace.find(({ namespaces }) => namespaces === 1000);
  const large = perNamespace.toSorted((a, b) => b.namespaces - a.namespaces)[0];
  if (small === undefined || large === undefined || large.namespaces <= 1000) return '';
  const size = large.namespaces.toLocaleString('en-US');
  return [
    `A cold start takes ${small.ms.toFixed(2)} ms a namespace with 1,000 of them and ${large.ms.toFixed(2)} ms`,
    `with ${size}: ${(large.ms / small.ms).toFixed(2)} × (aim: ≤ 1.15).`,
  ].join('\n');
}

/** What a new namespace waits at the largest size, beside what it waits with 1,000 there. */
function newcomers(lines: readonly Line[]): string {
  const groups = groupsOf(
    lines.filter(
      ({ measure, duringRollout, admission }) => measure === 'new' && !duringRollout && !admission,
    ),
  );
  const waits = groups.map(group => ({
    namespaces: group[0].namespaces,
    ms: spreadOf(group.map(line => figure(line, 'operator.p50') ?? Number.NaN)).median,
  }));
  const small = waits.find(({ namespaces }) => namespaces === 1000);
  const large = waits.toSorted((a, b) => b.namespaces - a.namespaces)[0];
  if (small === undefined || large === undefined || large.namespaces <= 1000) return '';
  const size = large.namespaces.toLocaleString('en-US');
  return `A new namespace waits ${(large.ms / small.ms).toFixed(2)} × as long at the median with ${size} there as with 1,000.`;
}

/** Memory with the Secrets of others, beside the same namespaces without them. */
function foreignSecrets(lines: readonly Line[]): string {
  const groups = groupsOf(lines.filter(({ measure }) => measure === 'memory'));
  const median = (group: Group, path: string): number =>
    spreadOf(group.map(line => figure(line, path) ?? Number.NaN)).median;
  return groups
    .filter(([{ foreign }]) => foreign > 0)
    .flatMap(group => {
      const alone = groups.find(other => settingOf(other[0]) === settingOf({ ...group[0], foreign: 0 }));
      if (alone === undefined) return [];
      const more = (path: string): string => (median(group, path) - median(alone, path)).toFixed(1);
      return [
        `${group[0].foreign.toLocaleString('en-US')} Secrets of others, of 4 kB each, make a difference of ${more('afterwards.peak')} MB in the most at any`,
        `time, and of ${more('afterwards.resident')} MB 15 s after the work (aim: ≤ 2).`,
      ];
    })
    .join('\n');
}

/** Columns under each other, for those who read the text. */
function aligned(table: string): string {
  const rows = table.split('\n').map(row => row.slice(2, -2).split(' | '));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  const padded = (cell: string, column: number): string =>
    cell === '---' ? '-'.repeat(widths[column] ?? 3) : cell.padEnd(widths[column] ?? 0);
  return rows.map(row => `| ${row.map(padded).join(' | ')} |`).join('\n');
}
