// Which kubectl to use: the one from the pins if it is built already, else the machine's, else one fetched now.

import { fetchProgram } from './fetched-program.ts';
import { KUBECTL } from './pinned-program.ts';
import { findOnPath } from './program-files.ts';
import { cachedPrograms } from './programs.ts';

export async function findKubectl(progress = (line: string) => console.error(line)): Promise<string> {
  return (
    (await cachedPrograms())?.kubectl ??
    (await findOnPath('kubectl', ['version', '--client'])) ??
    (await fetchProgram(KUBECTL, { progress }))
  );
}
