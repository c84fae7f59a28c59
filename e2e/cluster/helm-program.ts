// The Helm that the tests run.

import { type Installed, installedProgram } from './installed-program.ts';

const HELM = { name: 'helm', version: 'v4.3.1', package: 'helm.sh/helm/v4/cmd/helm' };

export const findHelm = (progress: (line: string) => void): Promise<Installed> =>
  installedProgram(HELM, progress);
