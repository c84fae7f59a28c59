// The operator as an admin installs it: `kubectl apply -k` of an overlay over manifests/ that names the image,
// and, if wanted, of the component with the admission policy.

import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { offersMutatingPolicies, uninstallAdmission } from '../cluster/admission-component.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { kubectl } from '../cluster/kubectl.ts';

const MANIFESTS = fileURLToPath(new URL('../../manifests', import.meta.url));
const ADMISSION = join(MANIFESTS, 'components', 'admission');

export interface Installation {
  readonly cluster: Cluster;
  readonly image: string;
  readonly admission: boolean;
}

/** Resolves when its pods are ready. What it already finds is made to be like this. */
export async function installOperator(installation: Installation): Promise<void> {
  const { cluster, admission } = installation;
  await kubectl(cluster, ['apply', '-k', await overlayOf(installation)]);
  if (!admission) await removeAdmission(cluster);
  const rollout = ['rollout', 'status', 'deployment/regcred', '--timeout=180s'];
  await kubectl(cluster, ['-n', OPERATOR_NAMESPACE, ...rollout]);
}

/** In the order that the README gives: only the operator can undo what it did. */
export async function uninstallOperator(installation: Installation): Promise<void> {
  const { cluster } = installation;
  await kubectl(cluster, ['delete', 'registrycredentials', '--all', '--timeout=60s']);
  await removeAdmission(cluster);
  const overlay = await overlayOf(installation);
  await kubectl(cluster, ['delete', '-k', overlay, '--ignore-not-found', '--timeout=180s']);
}

/** Where the API server does not know the kind, not even its deletion is possible. */
async function removeAdmission(cluster: Cluster): Promise<void> {
  if (await offersMutatingPolicies(cluster)) await uninstallAdmission(cluster);
}

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
