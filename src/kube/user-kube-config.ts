// Where a person's kubectl would go: --kubeconfig, then KUBECONFIG (several files, the first to name
// something wins), then ~/.kube/config, then the cluster whose pod this is.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { type Clock, systemClock } from '../clock.ts';
import type { Environment } from '../net/proxy.ts';
import type { Endpoint } from './endpoint.ts';
import { checkedConfig, endpointOfPod, KubeConfigError, readConfig } from './kube-config.ts';
import { KubeConfigEndpoint } from './kube-config-endpoint.ts';

export interface KubeConfigChoice {
  /** --kubeconfig */
  readonly file: string | undefined;
  /** --context */
  readonly context: string | undefined;
  readonly environment: Environment;
  /** The home folder. */
  readonly home: string;
}

/** Throws KubeConfigError. */
export function endpointOfUser(choice: KubeConfigChoice, clock: Clock = systemClock): Endpoint {
  const files = filesOf(choice);
  if (files.length === 0 && choice.context === undefined && choice.environment.KUBERNETES_SERVICE_HOST)
    return endpointOfPod(choice.environment, clock);
  if (files.length === 0)
    throw new KubeConfigError('there is no kubeconfig: name one with --kubeconfig FILE, or set KUBECONFIG');
  return new KubeConfigEndpoint(() => load(files, choice.context), clock);
}

/** One that is named by a flag must be there; of the others those that are. */
function filesOf({ file, environment, home }: KubeConfigChoice): readonly string[] {
  if (file !== undefined) return [file];
  const listed = (environment.KUBECONFIG ?? '').split(delimiter).filter(name => name !== '');
  return (listed.length > 0 ? listed : [join(home, '.kube', 'config')]).filter(name => existsSync(name));
}

function load(files: readonly string[], context: string | undefined): KubeConfig {
  const configs = files.map(readConfig);
  const merged = new KubeConfig();
  merged.loadFromOptions({
    clusters: firstOfEachName(configs.map(config => config.getClusters())),
    users: firstOfEachName(configs.map(config => config.getUsers())),
    contexts: firstOfEachName(configs.map(config => config.getContexts())),
    currentContext: context ?? configs.map(config => config.getCurrentContext()).find(Boolean),
  });
  if (context !== undefined && merged.getContextObject(context) === null)
    throw new KubeConfigError(`the kubeconfig has no context "${context}": see kubectl config get-contexts`);
  return checkedConfig(merged, files.join(delimiter));
}

function firstOfEachName<T extends { readonly name: string }>(lists: readonly (readonly T[])[]): T[] {
  const byName = new Map<string, T>();
  for (const item of lists.flat()) if (!byName.has(item.name)) byName.set(item.name, item);
  return [...byName.values()];
}
