// Figures as JSON lines, each of which says all that is needed to read it alone.

import { execFile } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { kubectl } from '../e2e/cluster/kubectl.ts';
import type { Options } from './options.ts';
import type { Stage } from './stage/stage.ts';

export type Figures = Readonly<Record<string, unknown>>;

/** Where and with what it was measured. */
export interface About {
  readonly cpus: string;
  readonly memory: string;
  readonly node: string;
  readonly kubernetes: string;
  readonly commit: string;
}

export class Recorder {
  readonly #measure: string;
  readonly #setting: Figures;
  readonly #about: About;
  readonly #out: string | undefined;

  private constructor(measure: string, setting: Figures, about: About, out: string | undefined) {
    this.#measure = measure;
    this.#setting = setting;
    this.#about = about;
    this.#out = out;
  }

  /** The control plane must be up. */
  static async of(measure: string, options: Options, stage: Stage): Promise<Recorder> {
    const { namespaces, accounts, foreign, parallel, out } = options;
    return new Recorder(measure, { namespaces, accounts, foreign, parallel }, await aboutOf(stage), out);
  }

  async tell(figures: Figures): Promise<void> {
    const when = { load: loadavg()[0], at: new Date(), about: this.#about };
    const line = JSON.stringify({ measure: this.#measure, ...this.#setting, ...figures, ...when });
    console.log(line);
    if (this.#out !== undefined) await appendFile(this.#out, `${line}\n`);
  }
}

async function aboutOf({ cluster }: Stage): Promise<About> {
  const run = promisify(execFile);
  const commit = await run('git', ['describe', '--always', '--dirty']).catch(() => ({ stdout: 'unknown' }));
  const version = await kubectl(cluster, ['get', '--raw', '/version']);
  return {
    cpus: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 1e9)} GB`,
    node: process.version,
    kubernetes: JSON.parse(version).gitVersion,
    commit: commit.stdout.trim(),
  };
}
