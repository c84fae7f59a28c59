// `npm run bench:report [-- bench/results/FILE]`: docs/performance.md and docs/plots from the figures that a series has
// left; without a file, from those that the document names.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { figuresFileOf, withFigures } from './document.ts';
import { readLines } from './lines.ts';
import { plotsOf } from './plots.ts';

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);

const document = at('docs/performance.md');
const text = await readFile(document, 'utf8');
const file = process.argv[2] ?? figuresFileOf(text);
const lines = await readLines(at(file));
await writeFile(document, withFigures(text, lines, file));
await rm(at('docs/plots'), { recursive: true, force: true });
await mkdir(at('docs/plots'), { recursive: true });
for (const [name, plot] of plotsOf(lines)) await writeFile(at(`docs/plots/${name}`), plot);
