// `key:` in a file of values is null, and with it Helm takes the default away. Templates would write nothing in its place,
// and pods would not start, or RBAC would know no names: the schema refuses it, by the name of the value.

import { expect } from 'chai';
import { readValues, type Value } from '../../scripts/chart/values.ts';
import { HELM_VERSIONS } from '../cluster/helm-program.ts';
import { type Helm, helmFor } from './helm.ts';

const isNothing = ({ fallback }: Value) => ['""', '[]', '{}'].includes(JSON.stringify(fallback));
const leftEmpty = (values: readonly Value[]): object => {
  const all: Record<string, Record<string, null> | null> = {};
  for (const { path } of values) {
    const [group = '', name] = path.split('.');
    if (name === undefined) all[group] = null;
    else all[group] = { ...all[group], [name]: null };
  }
  return all;
};

for (const version of HELM_VERSIONS)
  describe(`values that are left empty, to Helm ${version}`, () => {
    let helm: Helm;
    before(async function () {
      helm = await helmFor(this, version);
    });
    after(() => helm?.end());

    it('are refused where the chart says something, by name', async () => {
      const [groups, values] = [
        readValues().filter(one => one.isGroup),
        readValues().filter(one => !one.isGroup),
      ];
      const needed = values.filter(one => !isNothing(one) && one.path !== 'resources');
      expect([groups.length, needed.length]).to.satisfy((some: number[]) => some.every(one => one > 9));
      for (const some of [groups, needed]) {
        const missing = await helm.refusal(leftEmpty(some));
        for (const { path } of some) {
          const [name, group] = path.split('.').reverse();
          expect(missing).to.match(
            new RegExp(`at '${group ? `/${group}` : ''}': missing propert.*'${name}'`),
            path,
          );
        }
      }
    });

    it('are as good as the default where that is empty', async () => {
      const shown = ['podMonitor', 'prometheusRule', 'dashboard', 'networkPolicy'];
      const on = Object.fromEntries(shown.map(name => [name, { enabled: true }]));
      const nothing = leftEmpty(readValues().filter(isNothing));
      const given = ['--set', shown.map(name => `${name}.enabled=true`).join()];
      expect(await helm.rendered({ ...nothing, uninstall: { undo: true } }, ...given)).to.deep.equal(
        await helm.rendered({ ...on, uninstall: { undo: true } }),
      );
    });

    it('never give the operator every Secret of the cluster, even if the schema is skipped', async () => {
      for (const secretNames of [null, [], [''], ['regcred', null]])
        expect(await helm.refusal({ secretNames }, '--skip-schema-validation')).to.match(
          /secretNames is empty/,
        );
    });
  });
