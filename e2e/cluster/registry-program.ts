// The registry of the distribution project, which most registries are or began as.

import { type Installed, installedProgram } from './installed-program.ts';

const REGISTRY = {
  name: 'registry',
  version: 'v3.1.2',
  package: 'github.com/distribution/distribution/v3/cmd/registry',
};

export const findRegistry = (progress: (line: string) => void): Promise<Installed> =>
  installedProgram(REGISTRY, progress);
