// Which kind to use: the machine's, else one fetched now.

import { fetchProgram } from './fetched-program.ts';
import { KIND } from './pinned-program.ts';
import { findOnPath } from './program-files.ts';

export const findKind = async (progress: (line: string) => void): Promise<string> =>
  (await findOnPath('kind', ['version'])) ?? fetchProgram(KIND, { progress });
