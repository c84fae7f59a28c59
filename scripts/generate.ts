// Writes the files that follow from the source: `npm run generate`. With --check it
// writes nothing and exits 1 when one of them is out of date; the gate runs that.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { crd } from '../src/api/crd.ts';
import { GROUP, PLURAL } from '../src/api/names.ts';
import { readmeOf } from './chart/readme.ts';
import { schemaOf } from './chart/schema.ts';
import { TEMPLATES, templateOf } from './chart/templates.ts';
import { readValues } from './chart/values.ts';
import { ALERTS, rulesOf } from './monitoring/alerts.ts';
import { dashboardOf } from './monitoring/dashboard.ts';
import { ROWS } from './monitoring/panels.ts';
import { samples } from './reference/examples.ts';
import { apiReference } from './reference/page.ts';

const COMMAND = 'npm run generate';

// kubectl reads YAML 1.1, to which Off is false.
const OPTIONS = { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const;

const yaml = (from: string, object: object): string =>
  `# Written by \`${COMMAND}\` from ${from}: change it there.\n${stringify(object, OPTIONS)}`;

/** Path from the root of the repository -> content. */
const generated: Readonly<Record<string, () => string>> = {
  [`crds/${GROUP}_${PLURAL}.yaml`]: () => yaml('src/api', crd),
  'charts/regcred/README.md': () => readmeOf(readValues(), COMMAND),
  'charts/regcred/values.schema.json': () => `${JSON.stringify(schemaOf(readValues()), null, 2)}\n`,
  // After the CRD, from which one of them is made.
  ...Object.fromEntries(
    Object.keys(TEMPLATES).map(name => [`charts/regcred/templates/${name}`, () => templateOf(name, COMMAND)]),
  ),
  'charts/regcred/files/alerts.yaml': () => yaml('scripts/monitoring/alerts.ts', rulesOf(ALERTS)),
  'charts/regcred/files/dashboard.json': () => `${JSON.stringify(dashboardOf(ROWS), null, 2)}\n`,
  'docs/api.md': () => apiReference(crd, samples()),
};

const read = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const check = process.argv.includes('--check');
for (const [path, content] of Object.entries(generated)) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const wanted = content();
  if ((await read(file)) === wanted) continue;
  if (check) {
    console.error(`${path} is out of date: run \`${COMMAND}\` and commit the result`);
    process.exitCode = 1;
  } else {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, wanted);
    console.log(`wrote ${path}`);
  }
}
