// The CRD is part of the chart's release: `helm upgrade` brings the new one, with objects of the version before, and
// the operator goes on.

import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { CHART, type Helm, helmFor, RELEASE } from '../chart/helm.ts';
import { HELM_VERSIONS } from '../cluster/helm-program.ts';
import { OPERATOR_NAMESPACE, untilBound } from '../cluster/installation.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { EARLIER } from './crd-versions.ts';
import { CRD, Stage } from './stage.ts';

const HERE = ['-n', OPERATOR_NAMESPACE];

for (const version of HELM_VERSIONS)
  describe(`a chart whose CRD is newer, by Helm ${version}`, () => {
    let stage: Stage;
    let helm: Helm;

    before(async function () {
      skipUnlessBare(this);
      this.timeout(120_000);
      stage = await Stage.open();
      helm = await helmFor(this, version, stage.cluster.kubeconfig);
    });
    after(async function () {
      this.timeout(60_000);
      await helm?.end();
      await stage?.close();
    });

    /** As the chart was with the first CRD, but for what has come into it since. */
    async function earlierChart(): Promise<string> {
      const folder = join(stage.cluster.folder, 'chart');
      await rm(folder, { recursive: true, force: true });
      await cp(CHART, folder, { recursive: true });
      const file = join(folder, 'templates', 'crd.yaml');
      const head = (await readFile(file, 'utf8')).split(/^spec:$/m)[0];
      const { spec } = await EARLIER['the first one']();
      await writeFile(file, `${head}${stringify({ spec })}{{- end }}\n`);
      return folder;
    }
    const hasField = async (): Promise<boolean> => {
      const path = '{.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.verification.type}';
      return (await stage.run('get', 'crd', CRD, '-o', `jsonpath=${path}`)) === 'object';
    };

    it('upgrades it in place, and what was served stays as it was', async () => {
      await helm.run('install', RELEASE, await earlierChart(), ...HERE, '--create-namespace');
      await untilBound(stage.cluster);
      expect(await hasField()).to.equal(false);
      await stage.makeSource();
      await stage.operate();
      await stage.handOut('old');
      await stage.isServed('regcred');
      const secrets = ['get', 'secrets', '-A', '--field-selector=metadata.name=regcred'];
      const versions = () => stage.run(...secrets, '-o', 'jsonpath={.items[*].metadata.resourceVersion}');
      const before = await versions();

      await helm.run('upgrade', RELEASE, CHART, ...HERE);
      expect(await hasField()).to.equal(true);
      await stage.halt();
      await stage.operate();
      const patch = '{"spec":{"verification":{"mode":"Off"}}}';
      await stage.run('patch', 'registrycredential', 'old', '--type=merge', '-p', patch);
      await stage.run('wait', '--for=condition=Ready', 'registrycredential/old', '--timeout=30s');
      expect(await versions()).to.equal(before);

      await stage.run('delete', 'registrycredentials', '--all', '--timeout=60s');
      await stage.halt();
      await helm.run('uninstall', RELEASE, ...HERE, '--no-hooks');
      await stage.run('delete', 'crd', CRD);
      await stage.run('delete', 'namespace', OPERATOR_NAMESPACE);
      await stage.nothingIsLeft();
    }).timeout(120_000);
  });
