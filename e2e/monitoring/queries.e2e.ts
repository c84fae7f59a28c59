// Every query of dashboard and alerts is put to a real Prometheus that scrapes the operator: none is refused, and each
// finds something where there is something to find.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { ALERTS } from '../../scripts/monitoring/alerts.ts';
import { REFRESH_ANNOTATION } from '../../src/api/names.ts';
import { credentialPath, secretPath } from '../../src/controller/paths.ts';
import { patch, remove } from '../api/admin.ts';
import { eventually } from '../api/eventually.ts';
import { isFailing } from '../api/served.ts';
import { findPrometheus } from '../cluster/prometheus-program.ts';
import { Watchdog } from '../cluster/watchdog.ts';
import { pathOrSkip } from './path-or-skip.ts';
import { JOB, Prometheus } from './prometheus.ts';
import { Stage } from './stage.ts';

const FILES = new URL('../../charts/regcred/files/', import.meta.url);
/** Milliseconds: a rate needs two scrapes, and a scrape is once a second. */
const LONGEST = 30_000;

interface Target {
  readonly title: string;
  readonly expr: string;
}

describe('a query of the monitoring', () => {
  let watchdog: Watchdog;
  let prometheus: Prometheus;
  let stage: Stage;

  before(async function () {
    const program = await pathOrSkip(this, findPrometheus);
    watchdog = await Watchdog.start();
    stage = await Stage.start();
    prometheus = await Prometheus.start(program, watchdog, [fileURLToPath(new URL('alerts.yaml', FILES))]);
    await prometheus.scrape(stage.operator.metricsAddress);
    await stage.fill();
    await stage.refusing();
    stage.sts.instead = response => response.writeHead(503).end();
    await patch(credentialPath(stage.token), { metadata: { annotations: { [REFRESH_ANNOTATION]: 'now' } } });
    await isFailing(stage.token, 'LastKnownGoodServed');
    await remove(secretPath(stage.served, 'regcred'));
  });
  after(async () => {
    await watchdog?.stop();
    await stage?.stop();
  });

  it('of any panel finds something', async function () {
    this.timeout(120_000);
    const targets = await targetsOf(fileURLToPath(new URL('dashboard.json', FILES)));
    expect(targets.length).to.be.greaterThan(25);
    for (const { title, expr } of targets)
      await eventually(
        `"${title}" shows something`,
        async () => {
          const values = (await prometheus.query(expr)).map(({ value }) => value);
          expect(values.filter(Number.isFinite), expr).to.not.deep.equal([]);
          expect(await prometheus.queryRange(expr, 10)).to.be.greaterThan(0);
        },
        LONGEST,
      );
  });

  it('for the jobs to choose from finds that of the operator', async () => {
    await eventually('it is scraped', async () => {
      const jobs = (await prometheus.query('count by (job) (regcred_build_info)')).map(
        ({ labels }) => labels.job,
      );
      expect(jobs).to.deep.equal([JOB]);
    });
  });

  it('of any alert can be evaluated', async () => {
    await eventually('all rules are evaluated', async () => {
      expect([...(await prometheus.rules())]).to.deep.equal(ALERTS.map(({ name }) => [name, 'ok']));
    });
  });

  it('of an alert finds what it is about, and no more', async () => {
    const found = async (name: string) => {
      const expr = ALERTS.find(alert => alert.name === name)?.expr ?? '';
      const samples = await prometheus.query(expr);
      return samples.map(({ labels, value }) => [labels.credential, value]);
    };
    const { stored, token } = stage;
    await eventually('both are seen to fail', async () => {
      expect(await found('RegcredNamespacesFailing')).to.have.deep.members([
        [stored, 1],
        [token, 1],
      ]);
      expect(await found('RegcredSourceFailing')).to.deep.equal([[token, 1]]);
    });
    const aboutThem = new Set(['RegcredNamespacesFailing', 'RegcredSourceFailing']);
    for (const { name } of ALERTS.filter(alert => !aboutThem.has(alert.name)))
      expect(await found(name), name).to.deep.equal([]);
  });
});

/** As Grafana would send them for all jobs, at a rate interval for a scrape each second. */
async function targetsOf(file: string): Promise<Target[]> {
  const { panels } = JSON.parse(await readFile(file, 'utf8'));
  // biome-ignore lint/suspicious/noExplicitAny: a dashboard of Grafana
  return panels.flatMap(({ title, targets = [] }: any) =>
    targets.map(({ expr }: Target) => ({
      title,
      expr: expr.replaceAll('$job', JOB).replaceAll('$__rate_interval', '1m'),
    })),
  );
}
