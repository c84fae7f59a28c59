// A pinned program, fetched once into the cache folder: made by Go where there is one, else downloaded.
// It is complete before it has its name, so what is cut short is fetched again.

import { mkdir, mkdtemp, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { findGo } from './go-toolchain.ts';
import { downloadOf, type PinnedProgram, platformOf } from './pinned-program.ts';
import { download } from './program-download.ts';
import { cacheHome, isProgram } from './program-files.ts';
import { Watchdog } from './watchdog.ts';

export interface Means {
  readonly progress: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  readonly go?: typeof findGo;
  /** See Course of program-download.ts. */
  readonly patience?: number;
}

/** @returns its path. @throws with each way that was tried, why it failed, and what to do. */
export async function fetchProgram(pin: PinnedProgram, means: Means): Promise<string> {
  const target = cachedPath(pin, means.env);
  if (await isProgram(target)) return target;
  const refusals: string[] = [];
  for (const recipeFor of [goRecipe, siteRecipe]) {
    try {
      await make(target, await recipeFor(pin, means));
      return target;
    } catch (error) {
      refusals.push((error as Error).message);
    }
  }
  const { name, version, site, variable } = pin;
  throw new Error(
    `could not get ${name} ${version}: ${refusals.join('; ')}.
Install ${name} (${site}), or Go 1.26 or newer, or name a place with the same files by ${variable}.`,
  );
}

/** The platform is in it because a home folder may be shared by machines of several kinds. */
export const cachedPath = ({ name, version }: PinnedProgram, env: NodeJS.ProcessEnv = process.env) =>
  join(cacheHome(env), `${name}-${version}-${process.platform}-${process.arch}`, name);

/** Leaves the program in `bin` of the watchdog's folder. */
type Recipe = (watchdog: Watchdog) => Promise<void>;

async function goRecipe(pin: PinnedProgram, { progress, go = findGo }: Means): Promise<Recipe> {
  const found = await go();
  if (!found.ok) throw new Error(found.why);
  return async watchdog => {
    progress(`building ${pin.name} ${pin.version} with Go, once`);
    await pin.build(watchdog, progress);
  };
}

async function siteRecipe(pin: PinnedProgram, means: Means): Promise<Recipe> {
  const platform = platformOf();
  if (platform === undefined) {
    throw new Error(`there is none to download for ${process.platform} ${process.arch}`);
  }
  const from = downloadOf(pin, platform, means.env ?? process.env);
  return async watchdog => {
    means.progress(`downloading ${pin.name} ${pin.version} from ${from.url}, once`);
    await download(from, join(watchdog.folder, 'bin', pin.name), means);
  };
}

/** In a folder that goes whatever happens; the rename replaces what somebody else made meanwhile. */
export async function make(target: string, recipe: Recipe): Promise<void> {
  const folder = dirname(target);
  await mkdir(dirname(folder), { recursive: true });
  const watchdog = await Watchdog.start(await mkdtemp(`${folder}.`));
  try {
    await mkdir(join(watchdog.folder, 'bin'));
    await recipe(watchdog);
    await mkdir(folder, { recursive: true });
    await rename(join(watchdog.folder, 'bin', basename(target)), target);
  } finally {
    await watchdog.stop();
  }
}
