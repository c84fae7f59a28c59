// `npm run build`: dist/operator.js, and the licences of the packages that are in it.

import { rm, writeFile } from 'node:fs/promises';
import { bundle } from './bundle.ts';
import { licencesOf } from './licences.ts';

await rm('dist', { recursive: true, force: true });
try {
  const { bytes, inputs, warnings } = await bundle({ entry: 'src/main.ts', outfile: 'dist/operator.js' });
  for (const warning of warnings) console.warn(warning);
  await writeFile('dist/THIRD-PARTY-LICENSES.txt', await licencesOf(inputs));
  console.log(`dist/operator.js: ${(bytes / 1024).toFixed(0)} KiB`);
} catch (error) {
  // The message has the places; the stack is that of esbuild's own code.
  console.error(`could not build dist/operator.js: ${(error as Error).message}`);
  process.exitCode = 1;
  // What is half done would be taken for whole.
  await rm('dist', { recursive: true, force: true });
}
