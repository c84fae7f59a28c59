// What the chart makes for the Prometheus operator and for Grafana, held against the CRDs of the former: they are not
// in a cluster of ours, so they are taken from its Go module for the time of the test.

import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { RUNBOOKS } from '../../scripts/monitoring/alerts.ts';
import { cluster } from '../api/cluster.ts';
import { findGo, GO_ENVIRONMENT } from '../cluster/go-toolchain.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { toList } from '../cluster/manifests.ts';
import { outputOf } from '../cluster/program-output.ts';
import { CHART, type Helm, helmFor, only, RELEASE } from './helm.ts';

const MODULE = 'github.com/prometheus-operator/prometheus-operator@v0.85.0';
const KINDS = ['podmonitors', 'prometheusrules'];

const EVERYTHING = {
  podMonitor: { enabled: true, labels: { release: 'prometheus' } },
  prometheusRule: { enabled: true, labels: { release: 'prometheus' } },
  dashboard: { enabled: true, annotations: { grafana_folder: 'regcred' } },
};

describe('the chart, beside a Prometheus operator and Grafana,', () => {
  let helm: Helm;
  let crds: string[] = [];

  before(async function () {
    helm = await helmFor(this, 4, cluster().kubeconfig);
    const go = await findGo();
    if (!go.ok) {
      Object.assign(this.test?.parent ?? {}, { skipReason: `the CRDs come in a Go module, and ${go.why}` });
      this.skip();
    }
    const folder = await folderOf(MODULE);
    // In somebody's cluster they may be there, and then with objects.
    const there = await kubectl(cluster(), ['get', 'crds', '-o', 'name']);
    crds = KINDS.filter(kind => !there.includes(`/${kind}.monitoring.coreos.com`)).map(kind =>
      join(folder, 'example', 'prometheus-operator-crd', `monitoring.coreos.com_${kind}.yaml`),
    );
    if (crds.length === 0) return;
    await kubectl(cluster(), ['apply', '--server-side', ...files()]);
    await kubectl(cluster(), ['wait', '--for=condition=Established', ...files(), '--timeout=60s']);
  });
  after(async () => {
    await helm?.end();
    if (crds.length > 0) await kubectl(cluster(), ['delete', '--ignore-not-found', ...files()]);
  });
  const files = () => crds.flatMap(file => ['-f', file]);

  it('makes a PodMonitor, alerts and a dashboard that the API server takes, with no field that it does not know', async () => {
    const rendered = await helm.rendered(EVERYTHING);
    const made = ['PodMonitor', 'PrometheusRule', 'ConfigMap'].map(kind => only(rendered, kind));
    const apply = ['apply', '--dry-run=server', '--validate=strict', '-f', '-'];
    const applied = await kubectl(cluster(), apply, { input: toList(made) });
    expect(applied.match(/created \(server dry run\)/g)).to.have.length(3);
    for (const { metadata } of made.slice(0, 2)) expect(metadata.labels.release).to.equal('prometheus');
  });

  it('hands on the alerts and the dashboard as they are in its files', async () => {
    const rendered = await helm.rendered(EVERYTHING);
    const file = (name: string) => readFile(join(CHART, 'files', name), 'utf8');
    expect(only(rendered, 'PrometheusRule').spec).to.deep.equal(parse(await file('alerts.yaml')));
    const { data, metadata } = only(rendered, 'ConfigMap');
    expect(data).to.deep.equal({ 'regcred.json': await file('dashboard.json') });
    expect(metadata.labels.grafana_dashboard).to.equal('1');
    expect(JSON.parse(data['regcred.json'])).to.have.property('title');
  });

  it('has the alerts say where an administrator’s own runbooks are', async () => {
    const runbookUrl = 'https://wiki.example/regcred/';
    const urlsOf = async (values: object): Promise<string[]> =>
      only(await helm.rendered(values), 'PrometheusRule').spec.groups[0].rules.map(
        ({ annotations }: { annotations: { runbook_url: string } }) => annotations.runbook_url,
      );
    const theirs = await urlsOf({ prometheusRule: { enabled: true, runbookUrl } });
    const ours = await urlsOf(EVERYTHING);
    expect(theirs).to.deep.equal(ours.map(url => url.replace(`${RUNBOOKS}/`, runbookUrl)));
    expect(theirs[0]).to.match(/^https:\/\/wiki\.example\/regcred\/[a-z-]+\.md$/);
  });

  it('says in its notes when there are alerts and nobody who scrapes', async () => {
    // What manifests/ installed is there.
    const dry = ['install', RELEASE, CHART, '-n', 'regcred-system', '--dry-run=server', '--take-ownership'];
    const told = async (set: string): Promise<boolean> =>
      (await helm.run(...dry, '--set', set)).includes('There are alerts and no PodMonitor');
    expect(await told('prometheusRule.enabled=true')).to.equal(true);
    expect(await told('prometheusRule.enabled=true,podMonitor.enabled=true')).to.equal(false);
  });

  it('scrapes the port that the operator serves /metrics on', async () => {
    const rendered = await helm.rendered(EVERYTHING);
    const { template } = only(rendered, 'Deployment').spec;
    const { selector, podMetricsEndpoints } = only(rendered, 'PodMonitor').spec;
    expect(template.metadata.labels).to.include(selector.matchLabels);
    expect(template.spec.containers[0].ports).to.deep.include({
      name: podMetricsEndpoints[0].port,
      containerPort: 8080,
    });
  });
});

async function folderOf(module: string): Promise<string> {
  const env = { ...process.env, ...GO_ENVIRONMENT };
  // Not the checkout: Go would look for a go.mod there.
  const args = ['-C', tmpdir(), 'mod', 'download', '-json', module];
  return JSON.parse(await outputOf({ title: `go mod download ${module}`, command: 'go', args, env })).Dir;
}
