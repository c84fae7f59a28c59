// `npm run build`: dist/operator.js.

import { rm } from 'node:fs/promises';
import { bundle } from './bundle.ts';

await rm('dist', { recursive: true, force: true });
try {
  const { bytes, warnings } = await bundle({ entry: 'src/main.ts', outfile: 'dist/operator.js' });
  for (const warning of warnings) console.warn(warning);
  console.log(`dist/operator.js: ${(bytes / 1024).toFixed(0)} KiB`);
} catch (error) {
  // The message has the places; the stack is that of esbuild's own code.
  console.error(`could not build dist/operator.js: ${(error as Error).message}`);
  process.exitCode = 1;
}
