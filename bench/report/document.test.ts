import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { figuresFileOf, withFigures } from './document.ts';
import { type Line, readLines } from './lines.ts';
import { plotsOf } from './plots.ts';
import { tableOf } from './table.ts';

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);

const cold = (namespaces: number, operator: number, floor: number): Line => ({
  measure: 'cold',
  namespaces,
  accounts: 1,
  foreign: 0,
  parallel: 32,
  admission: false,
  ratio: operator / floor,
  operator: { ms: operator, writes: 2 * namespaces },
  floor: { ms: floor },
  load: 1,
  at: '2026-01-01T00:00:00.000Z',
  about: { cpus: '2 × C', memory: '8 GB', node: 'v24', kubernetes: 'v1.37.2', commit: 'abc' },
});
const LINES = [
  cold(1000, 3000, 2000),
  cold(1000, 2000, 2000),
  cold(1000, 9000, 3000),
  cold(10_000, 33_000, 30_000),
];

describe('the report of a benchmark', () => {
  it('shows the median of the ratios, not the ratio of the medians', () => {
    expect(tableOf(LINES)).to.include(
      '| cold start: operator ÷ floor, pair by pair | 1,000 | 1.50 × | 1.00 – 3.00 × | 3 | ≤ 1.3 |',
    );
  });

  it('keeps runs of different sizes apart', () => {
    expect(tableOf(LINES)).to.include('| cold start: writes a namespace | 10,000 | 2.000 |  | 1 | 2 |');
  });

  it('leaves out what no run has measured', () => {
    expect(tableOf(LINES)).not.to.match(/NaN|undefined|first write/);
  });

  it('says what a namespace costs where there are many, beside what it costs with 1,000', () => {
    const document = withFigures(template, LINES);
    expect(document)
      .to.include('3.00 ms a namespace')
      .and.to.include('3.30 ms')
      .and.to.include('1.10 × (aim');
  });

  it('says what the Secrets of others make of memory, beside the same namespaces without them', () => {
    const memory = (foreign: number, peak: number, resident: number): Line => ({
      ...cold(1000, 1, 1),
      measure: 'memory',
      foreign,
      afterwards: { peak, resident },
    });
    const lines = [memory(0, 90, 80), memory(0, 92, 82), memory(20_000, 94, 81.5)];
    expect(withFigures(template, lines)).to.include(
      '20,000 Secrets of others, of 4 kB each, make a difference of 3.0 MB in the most at any\ntime, and of 0.5 MB 15 s',
    );
    expect(withFigures(template, lines.slice(0, 2))).not.to.include('Secrets of others');
  });

  it('keeps runs with many RegistryCredentials apart', () => {
    const many = [...LINES, { ...cold(1000, 6000, 2000), credentials: 50 }];
    expect(tableOf(many)).to.include('| 1,000, 50 RegistryCredentials | 3.00 × |');
    expect(plotsOf(many)).to.deep.equal(plotsOf(LINES));
  });

  it('leaves the prose around the figures alone, and says the same when it is made again', () => {
    const document = withFigures(template, LINES);
    expect(document.startsWith('# Cost\n')).to.equal(true);
    expect(document.endsWith('\nMore.\n')).to.equal(true);
    expect(withFigures(document, LINES)).to.equal(document);
  });

  it('names the file that the figures are from, and takes them from it the next time', () => {
    const document = withFigures(template, LINES, 'bench/results/y.jsonl');
    expect(document).to.include('[Raw figures](../bench/results/y.jsonl)');
    expect(figuresFileOf(document)).to.equal('bench/results/y.jsonl');
  });

  it('is what docs/ has: after a change, npm run bench:report', async () => {
    const document = await readFile(at('docs/performance.md'), 'utf8');
    const lines = await readLines(at(figuresFileOf(document)));
    expect(withFigures(document, lines)).to.equal(document);
    for (const [file, text] of plotsOf(lines))
      expect(await readFile(at(`docs/plots/${file}`), 'utf8'), file).to.equal(text);
    expect((await readdir(at('docs/plots'))).toSorted()).to.eql([...plotsOf(lines).keys()].toSorted());
  });
});

const template = [
  '# Cost',
  '<!-- made by npm run bench:report from bench/results/x.jsonl -->',
  'old figures',
  '<!-- end of what is made -->',
  'More.',
  '',
].join('\n');
