// Which Kubernetes the bare control plane is: the newest, or an older one that clusters still run. Each is
// pinned by a go.mod of its own, for no two agree on the modules that they are built from.

const TOOLS = new URL('../tools/', import.meta.url).pathname;

export interface Kubernetes {
  /** As in `git describe`: v1.37.2. */
  readonly version: string;
  /** The folder of its go.mod. */
  readonly tools: string;
}

export const NEWEST: Kubernetes = { version: 'v1.37.2', tools: TOOLS };

/** By minor version, as `--kubernetes` takes it. */
export const KUBERNETES: Readonly<Record<string, Kubernetes>> = {
  '1.37': NEWEST,
  // The oldest that its project still mends. It has no MutatingAdmissionPolicy v1.
  '1.35': { version: 'v1.35.8', tools: `${TOOLS}kubernetes-1.35/` },
};

/** @param minor of E2E_KUBERNETES; none or an empty one is the newest */
export function kubernetesOf(minor: string | undefined = process.env.E2E_KUBERNETES): Kubernetes {
  if (!minor) return NEWEST;
  const found = KUBERNETES[minor];
  if (found !== undefined) return found;
  throw new Error(`there is no Kubernetes "${minor}" here: write ${Object.keys(KUBERNETES).join(' or ')}`);
}

/** What of the environment has another cluster taken, so that a version that was asked for would not be it. */
export function elsewhere(env: NodeJS.ProcessEnv): string | undefined {
  if (env.E2E_KUBECONFIG) return 'E2E_KUBECONFIG';
  if (env.KUBEBUILDER_ASSETS) return 'KUBEBUILDER_ASSETS';
  return env.E2E_CLUSTER === 'kind' ? 'E2E_CLUSTER' : undefined;
}
