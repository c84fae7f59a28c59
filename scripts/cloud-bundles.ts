// What is in src/clouds becomes a bundle of its own beside the operator's, which loads it when it needs
// it. The libraries of the clouds are larger than the operator, and most installations use one or none.

import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Plugin } from 'esbuild';

const FOLDER = 'src/clouds';

const refusal = (what: string): string =>
  `const refuse = () => { throw new Error("${what} is not in this bundle"); };`;

/** What no part of it may do in a pod: start programs and open browsers. Our sources name their credentials themselves. */
const NEVER_USED: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node':
    'export const defaultProvider = () => () => Promise.reject(new Error("AWS default chain is not in this bundle"));',
  programs: `${refusal('starting a program')}
    export { refuse as exec, refuse as execFile, refuse as spawn }; export default { exec: refuse, execFile: refuse, spawn: refuse };`,
  open: `${refusal('a browser')} export default refuse;`,
  // It prints all that is sent if a variable says so, past the log and its redaction; so does that of Azure, below.
  'google-logging-utils': `const none = () => {}; const nothing = Object.assign(() => {}, { debug: none, info: none, warn: none, error: none });
    export const log = () => nothing;`,
  // Who asks is given what to ask by.
  'node-fetch': `${refusal('node-fetch')} export default refuse;`,
};

export interface CloudBundle {
  readonly entry: string;
  readonly outfile: string;
  readonly isOfCloud: true;
}

/** One for each file of src/clouds, to be written into `folder`/clouds. */
export async function cloudBundles(folder: string): Promise<readonly CloudBundle[]> {
  const files = await readdir(FOLDER);
  return files
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort()
    .map(file => ({
      entry: join(FOLDER, file),
      outfile: join(folder, 'clouds', `${basename(file, '.ts')}.js`),
      isOfCloud: true,
    }));
}

const OF_A_CLOUD = /node_modules\/(?:@aws-sdk|@aws|@smithy|@azure|google-auth-library)\//;

/** The files among these that have no place in a bundle that is loaded always. */
export const filesOfClouds = (inputs: readonly string[]): readonly string[] =>
  inputs.filter(input => OF_A_CLOUD.test(input));

/** `beside`: loaded from ./clouds when it is needed. `none`: for a program that asks no cloud, and has nothing beside it. */
export type Clouds = 'beside' | 'none';

export const cloudsOnUse = (clouds: Clouds): Plugin => ({
  name: 'clouds-on-use',
  setup(build) {
    build.onResolve({ filter: /\/clouds\/[a-z-]+\.ts$/ }, ({ path, kind, importer }) => {
      if (kind === 'entry-point') return undefined;
      // Else all of it would be in the operator, and be loaded with it.
      if (kind !== 'dynamic-import')
        return { errors: [{ text: `${importer} has to load ${path} with await import(…)` }] };
      return clouds === 'none'
        ? { path: basename(path), namespace: 'no-cloud' }
        : { path: `./clouds/${basename(path, '.ts')}.js`, external: true };
    });
    build.onLoad({ filter: /.*/, namespace: 'no-cloud' }, () => ({
      contents: 'throw new Error("this program asks no cloud");',
    }));
  },
});

/** For the bundles of clouds: the operator itself starts programs, where a kubeconfig says so. */
export const neverUsed: Plugin = {
  name: 'never-used',
  setup(build) {
    const inPlace = (path: string) => ({ path, namespace: 'never-used' });
    build.onResolve({ filter: /^(node:)?child_process$/ }, () => inPlace('programs'));
    build.onResolve({ filter: /^(@aws-sdk\/|open$|node-fetch$)/ }, ({ path }) =>
      Object.hasOwn(NEVER_USED, path) ? inPlace(path) : undefined,
    );
    build.onResolve({ filter: /^google-logging-utils$/ }, ({ path }) => inPlace(path));
    build.onLoad({ filter: /ts-http-runtime.dist.[a-z]+.logger.log\.js$/ }, () => ({
      contents: 'export const log = () => {};',
    }));
    build.onLoad({ filter: /.*/, namespace: 'never-used' }, ({ path }) => ({
      contents: NEVER_USED[path] ?? '',
    }));
  },
};
