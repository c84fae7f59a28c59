// `npm run image -- HOST/regcred:0.1.0`: builds the operator's image with docker or podman, labelled with what it is
// made of. Further arguments go to the builder, such as --build-arg BASE_IMAGE=….

import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { baseDigestOf, buildArguments, type Origin } from './image-labels.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: PROJECT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

function origin(args: readonly string[]): Origin {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8');
  const isClean = git('status', '--porcelain') === '';
  let remote = '';
  try {
    remote = git('remote', 'get-url', 'origin');
  } catch {
    // A checkout that came from nowhere.
  }
  return {
    version,
    revision: git('rev-parse', 'HEAD'),
    isClean,
    committed: git('log', '-1', '--format=%cI'),
    remote,
    baseDigest: baseDigestOf(dockerfile, args),
  };
}

const [tag, ...further] = process.argv.slice(2);
if (tag === undefined || tag.startsWith('-')) {
  console.error('could not build the image: name it, as in npm run image -- HOST/regcred:0.1.0');
  process.exitCode = 1;
} else {
  const engine = ['docker', 'podman'].find(
    name => spawnSync(name, ['version'], { stdio: 'ignore' }).status === 0,
  );
  if (engine === undefined) {
    console.error('could not build the image: neither docker nor podman answers; start one of them');
    process.exitCode = 1;
  } else {
    const args = ['build', '-t', tag, ...buildArguments(origin(further)), ...further, PROJECT];
    process.exitCode = spawnSync(engine, args, { stdio: 'inherit' }).status ?? 1;
  }
}
