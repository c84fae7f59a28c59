// The bundle that the image holds and the tests run: one file that starts with nothing beside it
// (clouds: cloud-bundles.ts). Bundling halves start time and memory compared with loose modules.

import { readFile } from 'node:fs/promises';
import { build, formatMessages, type Plugin } from 'esbuild';
import { type Clouds, cloudsOnUse, filesOfClouds, neverUsed } from './cloud-bundles.ts';
import { slim } from './slim-bundle.ts';

/** CommonJS packages in an ES module still call require for Node's own modules. */
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

export interface BundleOptions {
  readonly entry: string;
  readonly outfile: string;
  /** Started by its name, so it says by itself that it is for Node. */
  readonly isProgram?: boolean;
  /** Default: beside. */
  readonly clouds?: Clouds;
  /** It holds the library of a cloud, which says nothing on the console: that would go past the log and its redaction. */
  readonly isOfCloud?: boolean;
  /** For a bundle that is only measured. */
  readonly plugins?: readonly Plugin[];
}

export interface Bundled {
  readonly bytes: number;
  /** The files that have come into it, relative to the working directory. */
  readonly inputs: readonly string[];
  /** Of esbuild, each with its place. */
  readonly warnings: readonly string[];
}

/** Rejects when anything in it does not resolve; the message says what and where. */
export async function bundle(options: BundleOptions): Promise<Bundled> {
  const { entry, outfile, isProgram = false, clouds = 'beside', isOfCloud = false, plugins = [] } = options;
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const { metafile, warnings } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    plugins: [cloudsOnUse(clouds), ...(isOfCloud ? [neverUsed] : []), ...plugins, slim],
    platform: 'node',
    target: 'node24',
    // Where a package has both, of ES modules only what is used comes in.
    mainFields: ['module', 'main'],
    format: 'esm',
    // Without blanks the process is 10 MB smaller; shorter names would save nothing more and spoil stack traces.
    minifyWhitespace: true,
    lineLimit: 110,
    // For people with a stack trace in hand: node itself would pay 26 MB for reading it.
    sourcemap: 'linked',
    banner: { js: isProgram ? `#!/usr/bin/env node\n${BANNER}` : BANNER },
    define: { REGCRED_VERSION: JSON.stringify(version) },
    ...(isOfCloud && { drop: ['console'] }),
    metafile: true,
    logLevel: 'silent',
  });
  const output = Object.entries(metafile.outputs).find(([file]) => file.endsWith('.js'))?.[1];
  const inputs = Object.keys(output?.inputs ?? {});
  const [misplaced] = isOfCloud ? [] : filesOfClouds(inputs);
  if (misplaced !== undefined)
    throw new Error(`${outfile} would hold ${misplaced}: name what is used of it in a file of src/clouds`);
  return {
    bytes: output?.bytes ?? 0,
    inputs,
    warnings: await formatMessages(warnings, { kind: 'warning' }),
  };
}
