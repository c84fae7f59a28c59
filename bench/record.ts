// Figures as JSON lines, each of which says all that is needed to read it alone.

import { appendFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import type { Options } from './options.ts';
import type { About, Line } from './report/lines.ts';
import type { Stage } from './stage/stage.ts';

export type Figures = Readonly<Record<string, unknown>>;

export class Recorder {
  readonly #measure: string;
  readonly #setting: Figures;
  readonly #about: About;
  readonly #out: string | undefined;
  readonly #lines: Line[] = [];

  private constructor(measure: string, setting: Figures, about: About, out: string | undefined) {
    this.#measure = measure;
    this.#setting = setting;
    this.#about = about;
    this.#out = out;
  }

  static of(measure: string, options: Options, stage: Stage): Recorder {
    const { namespaces, accounts, credentials, foreign, parallel, admission, out } = options;
    return new Recorder(
      measure,
      { namespaces, accounts, credentials, foreign, parallel, admission },
      aboutOf(stage),
      out,
    );
  }

  /** All that was told. */
  get lines(): readonly Line[] {
    return this.#lines;
  }

  async tell(figures: Figures): Promise<void> {
    const when = { load: loadavg()[0], at: new Date(), about: this.#about };
    const text = JSON.stringify({ measure: this.#measure, ...this.#setting, ...figures, ...when });
    console.log(text);
    this.#lines.push(JSON.parse(text));
    if (this.#out !== undefined) await appendFile(this.#out, `${text}\n`);
  }
}

function aboutOf({ version, commit }: Stage): About {
  return {
    cpus: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 1e9)} GB`,
    node: process.version,
    kubernetes: version,
    commit,
  };
}
