// What of the chart can be held against the code without Helm.

import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { valuesIn } from '../../scripts/chart/values.ts';
import { FLAGS } from '../../src/config-flags.ts';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Flags that are no value of the chart. */
const NOT_SET: Record<string, string> = {
  kubeconfig: 'it works on the cluster that it is installed in',
  namespace: 'from the pod, by POD_NAMESPACE',
  'leader-elect': 'while a Deployment is rolled out there are two',
  'metrics-address': 'PodMonitor, NetworkPolicy and the port of the pod know it',
  'health-address': 'the probes know it',
};

describe('the chart', () => {
  it('has a value for every flag that an administrator sets', async () => {
    const templates = [
      await read('charts/regcred/templates/deployment.yaml'),
      await read('charts/regcred/templates/uninstall.yaml'),
    ].join('\n');
    for (const { name } of FLAGS)
      expect(
        templates.includes(`--${name}=`),
        `--${name}: write it into a template with a value, or into NOT_SET with why not`,
      ).to.equal(!(name in NOT_SET));
  });

  it('has the version of the operator', async () => {
    const { version } = JSON.parse(await read('package.json'));
    const chart = parse(await read('charts/regcred/Chart.yaml'));
    expect([chart.version, chart.appVersion]).to.deep.equal([version, version]);
  });

  it('can have no value without a word about it', () => {
    expect(() => valuesIn('# a\na: 1\nb:\n  c: 2\n')).to.throw(/^b\.c in values.yaml has no comment/);
    expect(
      valuesIn('# a\na: 1\nb:\n  # Of\n  # c.\n  c: 2\n').map(({ path, description }) => [path, description]),
    ).to.deep.equal([
      ['a', 'a'],
      ['b', ''],
      ['b.c', 'Of c.'],
    ]);
  });
});
