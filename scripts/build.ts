// `npm run build`: the operator with the clouds that it loads on use, kubectl-regcred, and the licences of the
// packages that are in them.

import { chmod, rm, writeFile } from 'node:fs/promises';
import { type BundleOptions, bundle } from './bundle.ts';
import { cloudBundles } from './cloud-bundles.ts';
import { licencesOf } from './licences.ts';

const BUNDLES: readonly BundleOptions[] = [
  { entry: 'src/main.ts', outfile: 'dist/operator.js' },
  { entry: 'src/cli/main.ts', outfile: 'dist/kubectl-regcred.js', isProgram: true, clouds: 'none' },
  ...(await cloudBundles('dist')),
];

await rm('dist', { recursive: true, force: true });
try {
  const inputs = new Set<string>();
  for (const each of BUNDLES) {
    const bundled = await bundle(each);
    for (const warning of bundled.warnings) console.warn(warning);
    for (const input of bundled.inputs) inputs.add(input);
    if (each.isProgram) await chmod(each.outfile, 0o755);
    console.log(`${each.outfile}: ${(bundled.bytes / 1024).toFixed(0)} KiB`);
  }
  await writeFile('dist/THIRD-PARTY-LICENSES.txt', await licencesOf([...inputs]));
} catch (error) {
  // The message has the places; the stack is that of esbuild's own code.
  console.error(`could not build: ${(error as Error).message}`);
  process.exitCode = 1;
  // What is half done would be taken for whole.
  await rm('dist', { recursive: true, force: true });
}
