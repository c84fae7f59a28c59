// docs/status.md promises a meaning and a cure for every reason: it is held against the types that name them all.

import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const TYPES = (read('src/api/conditions.ts') + read('src/api/events.ts')).replace(/\/\*\*.*?\*\//gs, '');
const PAGE = read('docs/status.md');

/** The words of a union type, those of the unions that it names among them. */
function wordsOf(type: string): string[] {
  const body = new RegExp(`^export type ${type} =([^;]*);`, 'm').exec(TYPES)?.[1];
  if (body === undefined) throw new Error(`src/api has no type ${type}`);
  const left = body.replace(/Exclude<(\w+), ([^>]*)>/g, (_, from: string, taken: string) => {
    const out = literals(taken);
    return wordsOf(from)
      .filter(word => !out.includes(word))
      .map(word => `'${word}'`)
      .join('|');
  });
  const named = left.replace(/'\w+'/g, '').match(/\b\w+\b/g) ?? [];
  return [...new Set([...literals(left), ...named.flatMap(wordsOf)])].sort();
}

const literals = (text: string): string[] => [...text.matchAll(/'(\w+)'/g)].map(([, word = '']) => word);

/** The words in a column of the first table of a section. */
function documented(section: string, column: string): string[] {
  const rows = rowsOf(section);
  return [...new Set(rows.flatMap(row => codeIn(row[column] ?? '')))].sort();
}

function rowsOf(section: string): Record<string, string>[] {
  const text = PAGE.split(/^## /m).find(part => part.startsWith(section));
  if (text === undefined) throw new Error(`docs/status.md has no section ${section}`);
  const table = text.split('\n').filter(line => line.startsWith('|'));
  const [head = [], , ...rows] = table.map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  );
  return rows.map(cells => Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ''])));
}

const codeIn = (cell: string): string[] => [...cell.matchAll(/`(\w+)`/g)].map(([, word = '']) => word);

describe('docs/status.md', () => {
  it('has every reason of Ready, and none besides', () => {
    const reasons = [...new Set([...wordsOf('ReadyReason'), ...wordsOf('StalledReason')])].sort();
    expect(documented('Ready', 'reason')).to.deep.equal(reasons);
  });

  it('has every reason of Verified, and none besides', () => {
    expect(documented('Verified', 'reason')).to.deep.equal(wordsOf('VerifiedReason'));
  });

  it('has every reason of a namespace, and none besides', () => {
    expect(documented('Namespaces', 'reason')).to.deep.equal(wordsOf('FailureReason'));
  });

  it('has every type of condition, and of those that have reasons of their own each', () => {
    const of = (type: string) =>
      rowsOf('The other conditions')
        .filter(row => row.type === `\`${type}\``)
        .flatMap(row => codeIn(row.reason ?? '').filter(word => word !== 'Enforce'));
    expect(of('Stalled').sort()).to.deep.equal(wordsOf('StalledReason'));
    expect(of('SourceFailing').sort()).to.deep.equal(wordsOf('SourceFailingReason'));
    expect(of('Reconciling').sort()).to.deep.equal(['Deleting', 'Progressing']);
    const types = ['Ready', 'Verified', ...documented('The other conditions', 'type')].sort();
    expect(types).to.deep.equal(wordsOf('ConditionType'));
  });

  it('has every reason and action of an Event, and none besides', () => {
    const inWords = wordsOf('FailureReason');
    expect([...new Set([...documented('Events', 'reason'), ...inWords])].sort()).to.deep.equal(
      wordsOf('EventReason'),
    );
    expect(documented('Events', 'action')).to.deep.equal(wordsOf('EventAction'));
  });

  it('has a cure in every row', () => {
    for (const section of ['Ready', 'The other conditions', 'Verified', 'Namespaces', 'Events'])
      for (const row of rowsOf(section)) expect(row.cure, JSON.stringify(row)).not.to.equal('');
  });

  it('speaks of reasons that the code gives', () => {
    const code = sourcesOf('src').join('\n');
    const types = ['ReadyReason', 'StalledReason', 'SourceFailingReason', 'VerifiedReason', 'FailureReason'];
    for (const reason of [...types, 'EventReason'].flatMap(wordsOf))
      expect(code.includes(`'${reason}'`), `${reason} is given somewhere`).to.equal(true);
  });
});

/** All but the types themselves, and the tests. */
function sourcesOf(folder: string): string[] {
  return readdirSync(new URL(`../../${folder}`, import.meta.url), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'testing' ? [] : sourcesOf(path);
    const isCode = path.endsWith('.ts') && !path.endsWith('.test.ts');
    return isCode && !/api\/(conditions|events)\.ts$/.test(path) ? [read(path)] : [];
  });
}
