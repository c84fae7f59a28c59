// The rules of charts/regcred/files/alerts.yaml, put to Prometheus' own unit tests.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parse } from 'yaml';
import { ALERTS } from '../../scripts/monitoring/alerts.ts';
import { outputOf } from '../cluster/program-output.ts';
import { findPromtool } from '../cluster/prometheus-program.ts';
import { ALERT_ROWS, type AlertRow, type Firing } from './alert-rows.ts';
import { pathOrSkip } from './path-or-skip.ts';

const RULES = fileURLToPath(new URL('../../charts/regcred/files/alerts.yaml', import.meta.url));

describe('an alert', () => {
  let promtool: (...args: string[]) => Promise<string>;
  let folder: string;

  before(async function () {
    const command = await pathOrSkip(this, findPromtool);
    promtool = (...args) => outputOf({ title: 'promtool', command, args });
    folder = await mkdtemp(join(tmpdir(), 'regcred-alerts-'));
  });
  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  it('is a rule that promtool finds nothing wrong with', async () => {
    expect(await promtool('check', 'rules', '--lint=all', '--lint-fatal', RULES)).to.contain(
      `SUCCESS: ${ALERTS.length} rules found`,
    );
  });

  for (const row of ALERT_ROWS)
    it(`${row.alert} ${row.title}`, async () => {
      const file = join(folder, 'test.json');
      // JSON is YAML.
      await writeFile(file, JSON.stringify(await unitTest(row)));
      await promtool('test', 'rules', file);
    });

  it('of any name has a row in which it fires', () => {
    const fires = ALERT_ROWS.filter(({ at }) => Object.values(at).some(firing => firing.length > 0));
    expect([...new Set(fires.map(({ alert }) => alert))].sort()).to.deep.equal(
      ALERTS.map(({ name }) => name).sort(),
    );
  });

  it('of any name has a row in which it does not fire at all', () => {
    const silent = ALERT_ROWS.filter(({ at }) => Object.values(at).every(firing => firing.length === 0));
    expect([...new Set(silent.map(({ alert }) => alert))].sort()).to.deep.equal(
      ALERTS.map(({ name }) => name).sort(),
    );
  });
});

async function unitTest({ alert, series, at }: AlertRow): Promise<object> {
  const { groups } = parse(await readFile(RULES, 'utf8'));
  const rule = groups[0].rules.find((one: { alert: string }) => one.alert === alert);
  const expected = ({ labels, summary, description }: Firing): object => ({
    exp_labels: { ...labels, ...rule.labels },
    exp_annotations: { summary, description, runbook_url: rule.annotations.runbook_url },
  });
  return {
    rule_files: [RULES],
    evaluation_interval: '30s',
    tests: [
      {
        interval: '30s',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: Object.entries(at).map(([time, firing]) => ({
          eval_time: time,
          alertname: alert,
          exp_alerts: firing.map(expected),
        })),
      },
    ],
  };
}
