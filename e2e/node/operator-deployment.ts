// The operator as an admin installs it: `kubectl apply -k` of an overlay over manifests/ that names the image,
// and, if wanted, of the component with the admission policy.

import { access, mkdir, realpath, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Cluster } from '../cluster/cluster.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { type Manifest, parseManifests, toList } from '../cluster/manifests.ts';

const MANIFESTS = fileURLToPath(new URL('../../manifests', import.meta.url));
const ADMISSION = join(MANIFESTS, 'components', 'admission');

export const hasAdmission = (): Promise<boolean> =>
  access(ADMISSION).then(
    () => true,
    () => false,
  );

export interface Installation {
  readonly cluster: Cluster;
  readonly image: string;
  readonly admission: boolean;
}

/** Resolves when its pods are ready. What it already finds is made to be like this. */
export async function installOperator(installation: Installation): Promise<void> {
  const { cluster, admission } = installation;
  await kubectl(cluster, ['apply', '-k', await overlayOf(installation)]);
  if (!admission && (await hasAdmission())) await removeAdmission(installation);
  const rollout = ['rollout', 'status', 'deployment/regcred', '--timeout=180s'];
  await kubectl(cluster, ['-n', OPERATOR_NAMESPACE, ...rollout]);
}

/** In the order that the README gives: only the operator can undo what it did. */
export async function uninstallOperator(installation: Installation): Promise<void> {
  const { cluster } = installation;
  await kubectl(cluster, ['delete', 'registrycredentials', '--all', '--timeout=60s']);
  const overlay = await overlayOf(installation);
  await kubectl(cluster, ['delete', '-k', overlay, '--ignore-not-found', '--timeout=180s']);
}

/** What only the component brings. */
async function removeAdmission(installation: Installation): Promise<void> {
  const { cluster } = installation;
  const kept = (await manifestsOf({ ...installation, admission: false })).map(nameOf);
  const all = await manifestsOf({ ...installation, admission: true });
  const input = toList(all.filter(manifest => !kept.includes(nameOf(manifest))));
  await kubectl(cluster, ['delete', '--ignore-not-found', '--timeout=60s', '-f', '-'], { input });
}

const manifestsOf = async (installation: Installation): Promise<Manifest[]> =>
  parseManifests(await kubectl(installation.cluster, ['kustomize', await overlayOf(installation)]));

const nameOf = ({ kind, metadata }: Manifest) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

/** @returns the folder of the overlay */
async function overlayOf({ cluster, image, admission }: Installation): Promise<string> {
  const folder = join(await realpath(cluster.folder), `overlay-${admission}`);
  await mkdir(folder, { recursive: true });
  const [, newName, newTag] = /^(.*):([^/:]*)$/.exec(image) ?? [];
  if (newName === undefined) throw new Error(`the operator's image ${image} has no tag: name one`);
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    // kustomize takes no absolute paths.
    resources: [relative(folder, MANIFESTS)],
    ...(admission && { components: [relative(folder, ADMISSION)] }),
    images: [{ name: 'regcred', newName, newTag }],
  };
  await writeFile(join(folder, 'kustomization.yaml'), stringify(kustomization));
  return folder;
}
