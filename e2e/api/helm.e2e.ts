// Helm itself, which since version 4 applies on the server and without force: a chart whose ServiceAccount has
// pull secrets of its own is installed, upgraded and uninstalled beside us, and never meets a conflict.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { serviceAccountPath } from '../../src/controller/paths.ts';
import { findHelm } from '../cluster/helm-program.ts';
import { find } from './admin.ts';
import { cluster } from './cluster.ts';
import { operator } from './operator.ts';
import { ACCOUNT, Film } from './other-tools.ts';
import { LOGIN } from './ownership.ts';
import { docker, Scenario, setLabels } from './scenario.ts';

const run = promisify(execFile);

/** On a new machine Helm is built first. */
const LONGEST_START = 20 * 60_000;

const CHART = {
  'Chart.yaml': 'apiVersion: v2\nname: app\nversion: 0.1.0\n',
  'values.yaml': 'pullSecrets: [own]\n',
  'templates/account.yaml': `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${ACCOUNT}
{{- with .Values.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
`,
};

describe('a chart of Helm 4 whose ServiceAccount has pull secrets', () => {
  let helm: (command: string, ...args: string[]) => Promise<string>;
  let folder: string;
  let story: Scenario;
  let namespace: string;
  let film: Film;

  before(async function () {
    this.timeout(LONGEST_START);
    const found = await findHelm(line => console.error(line));
    if ('why' in found) {
      Object.assign(this.test?.parent ?? {}, { skipReason: found.why });
      this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), 'regcred-helm-'));
    await mkdir(join(folder, 'templates'));
    for (const [file, text] of Object.entries(CHART)) await writeFile(join(folder, file), text);
    // Nothing of the person who runs the tests: no repositories, no plugins, no settings.
    const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: cluster().kubeconfig };
    helm = async (...args) => (await run(found.path, args, { env })).stdout;
    await operator();
  });
  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    story = new Scenario('helm');
    namespace = await story.namespace('a');
    film = new Film(namespace);
    await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
  });
  afterEach(async () => {
    film.stop();
    await story.end();
  });

  const upgrade = (...pullSecrets: string[]) =>
    helm('upgrade', '--install', 'app', folder, '-n', namespace, '--set', `pullSecrets={${pullSecrets}}`);
  const isIn = (owners: string[], ...list: string[]) =>
    film.until(`the list is ${list}`, frame => {
      expect(frame).to.deep.include({ list, owners });
      expect(frame.isHandedBack || frame.isWithoutUs).to.equal(true);
    });
  const HELM = ['helm/Apply'];

  it('is installed, upgraded with the same list and with others, and uninstalled', async () => {
    await upgrade('own');
    await isIn(HELM, 'own', 'regcred');
    for (const list of [['own'], ['other'], ['own', 'other'], ['own', 'other']]) {
      await upgrade(...list);
      await isIn(HELM, ...list, 'regcred');
    }
    for (const { list } of film.frames) expect(list.filter(name => name !== 'regcred')).to.not.deep.equal([]);
    await helm('upgrade', 'app', folder, '-n', namespace, '--set', 'pullSecrets=null');
    await isIn([], 'regcred');
    await helm('rollback', 'app', '1', '-n', namespace);
    await isIn(HELM, 'own', 'regcred');
    await helm('uninstall', 'app', '-n', namespace);
    expect(await find(serviceAccountPath(namespace, ACCOUNT))).to.equal(undefined);
  }).timeout(60_000);

  it('is upgraded after undo as if we had not been there', async () => {
    await upgrade('own');
    await isIn(HELM, 'own', 'regcred');
    await setLabels(namespace, { 'regcred.dev/sync': 'false' });
    await isIn(HELM, 'own');
    await upgrade('own');
    await isIn(HELM, 'own');
    await upgrade('other');
    await isIn(HELM, 'other');
    expect(film.last?.isWithoutUs).to.equal(true);
  }).timeout(60_000);
});
