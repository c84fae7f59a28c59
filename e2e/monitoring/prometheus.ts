// A Prometheus of the tests: it scrapes what it is told to, once a second, and answers queries.

import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '../cluster/free-ports.ts';
import { untilRunning } from '../cluster/program-up.ts';
import { until } from '../cluster/until.ts';
import type { Watchdog } from '../cluster/watchdog.ts';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export const JOB = 'regcred-system/regcred';
/** Seconds for what takes two on an idle machine. */
const PATIENCE = 60;

export class Prometheus {
  readonly #origin: string;
  readonly #targets: string;

  private constructor(origin: string, targets: string) {
    this.#origin = origin;
    this.#targets = targets;
  }

  /** `rules`: paths of files of rules. Its files go with the watchdog's folder. */
  static async start(
    program: string,
    watchdog: Watchdog,
    rules: readonly string[] = [],
  ): Promise<Prometheus> {
    const [port = 0] = await freePorts(1);
    const file = (name: string): string => join(watchdog.folder, `prometheus-${name}`);
    const configuration = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: rules,
      scrape_configs: [
        { job_name: JOB, file_sd_configs: [{ files: [file('targets.json')], refresh_interval: '1s' }] },
      ],
    };
    const prometheus = new Prometheus(`http://127.0.0.1:${port}`, file('targets.json'));
    await prometheus.#aimAt();
    // JSON is YAML.
    await writeFile(file('configuration.yaml'), JSON.stringify(configuration));
    const running = await watchdog.run({
      name: 'Prometheus',
      command: program,
      args: [
        `--config.file=${file('configuration.yaml')}`,
        `--storage.tsdb.path=${file('data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      env: { PATH: process.env.PATH },
      cwd: watchdog.folder,
      log: file('log'),
    });
    await untilRunning([running], 'Prometheus is ready', () => prometheus.#isReady(), PATIENCE);
    return prometheus;
  }

  /** From now on this one, as host:port; resolves when it was scraped. Prometheus takes some seconds to see a new one. */
  async scrape(target: string): Promise<void> {
    await this.#aimAt(target);
    const isUp = async (): Promise<boolean> =>
      (await this.query(`up{instance="${target}"} == 1`)).length === 1;
    await until(`Prometheus scrapes ${target}`, isUp, PATIENCE);
  }

  async #aimAt(...targets: readonly string[]): Promise<void> {
    const text = JSON.stringify([{ targets, labels: { namespace: 'regcred-system' } }]);
    await writeFile(`${this.#targets}.new`, text);
    await rename(`${this.#targets}.new`, this.#targets);
  }

  /** @throws with what Prometheus says is wrong with it. */
  async query(expr: string): Promise<Sample[]> {
    const { result } = await this.#get('query', { query: expr });
    return result.map(({ metric, value }: { metric: Sample['labels']; value: [number, string] }) => ({
      labels: metric,
      value: Number(value[1]),
    }));
  }

  /** As `query`, but over the last `seconds`: how many series there are. */
  async queryRange(expr: string, seconds: number): Promise<number> {
    const end = Date.now() / 1000;
    const range = { start: String(end - seconds), end: String(end), step: '1' };
    return (await this.#get('query_range', { query: expr, ...range })).result.length;
  }

  /** Alerts by name with what became of their rules: "ok", or why they cannot be evaluated; empty before that. */
  async rules(): Promise<Map<string, string>> {
    const { groups } = await this.#get('rules', {});
    // biome-ignore lint/suspicious/noExplicitAny: what Prometheus answers
    const rules = groups.flatMap((group: any) => group.rules);
    // biome-ignore lint/suspicious/noExplicitAny: what Prometheus answers
    return new Map(rules.map(({ name, health, lastError }: any) => [name, lastError || health]));
  }

  async #isReady(): Promise<boolean> {
    return fetch(`${this.#origin}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  // biome-ignore lint/suspicious/noExplicitAny: what Prometheus answers
  async #get(path: string, query: Record<string, string>): Promise<any> {
    const response = await fetch(`${this.#origin}/api/v1/${path}?${new URLSearchParams(query)}`);
    const answer = (await response.json()) as { status: string; error?: string; data: unknown };
    if (answer.status !== 'success') throw new Error(`could not query ${query.query}: ${answer.error}`);
    return answer.data;
  }
}
