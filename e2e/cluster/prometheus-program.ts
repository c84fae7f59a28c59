// Prometheus and its promtool, without the discovery of targets in clouds, which is most of what there is to compile.

import { type Installed, installedProgram } from './installed-program.ts';

const MODULE = 'github.com/prometheus/prometheus';
const PIN = { version: 'v0.316.0', tags: ['remove_all_sd'] };

export const findPrometheus = (progress: (line: string) => void): Promise<Installed> =>
  installedProgram({ ...PIN, name: 'prometheus', package: `${MODULE}/cmd/prometheus` }, progress);

export const findPromtool = (progress: (line: string) => void): Promise<Installed> =>
  installedProgram({ ...PIN, name: 'promtool', package: `${MODULE}/cmd/promtool` }, progress);
