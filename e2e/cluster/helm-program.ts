// The Helms that the tests run.

import { type Installed, installedProgram } from './installed-program.ts';

export const HELMS = {
  3: { name: 'helm', version: 'v3.22.0', package: 'helm.sh/helm/v3/cmd/helm' },
  4: { name: 'helm', version: 'v4.3.1', package: 'helm.sh/helm/v4/cmd/helm' },
} as const;

export type HelmVersion = keyof typeof HELMS;
export const HELM_VERSIONS: readonly HelmVersion[] = [3, 4];

export const findHelm = (progress: (line: string) => void, version: HelmVersion = 4): Promise<Installed> =>
  installedProgram(HELMS[version], progress);
