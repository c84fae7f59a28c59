// Every name that other people see or type: group, labels, annotations, finalizer.
// They are part of the API: changing one orphans what an older operator left behind.

export const GROUP = 'regcred.dev';
export const VERSION = 'v1alpha1';
export const KIND = 'RegistryCredential';
export const PLURAL = 'registrycredentials';
export const SHORT_NAME = 'regcred';

/** Name of the Secret in the namespaces when a RegistryCredential names none. */
export const DEFAULT_SECRET_NAME = 'regcred';

/** On a namespace or ServiceAccount: "true" opts in (by the default selector), "false" always keeps out. */
export const SYNC_LABEL = 'regcred.dev/sync';

/** On a Secret: it is ours. Also the switch by which an owner hands a Secret over. */
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';
export const MANAGED_BY = 'regcred';

/** On a ServiceAccount: the entries of imagePullSecrets that we added, sorted, joined by commas. */
export const PULL_SECRETS_ANNOTATION = 'regcred.dev/image-pull-secrets';

/** On a RegistryCredential: any new value has the logins of its sources of tokens fetched at once. */
export const REFRESH_ANNOTATION = 'regcred.dev/refresh';

/** On a Secret of ours: the RegistryCredentials whose logins are in it, sorted, joined by commas. */
export const CREDENTIALS_ANNOTATION = 'regcred.dev/credentials';

/** On a Secret of ours that somebody else made: "true". Such a Secret is released at the end, not deleted. */
export const HANDED_OVER_ANNOTATION = 'regcred.dev/handed-over';

/** On a Secret of the operator's namespace, whatever its value: it is the operator's own, and never a source. */
export const INTERNAL_LABEL = 'regcred.dev/internal';

/** Of the Secrets in which the operator keeps the last known good logins; what follows the prefix stands for the name of the RegistryCredential. */
export const KEPT_PREFIX = 'regcred-kept-';
export const KEPT_TYPE = 'regcred.dev/kept-logins';
export const KEPT_KEY = 'logins.json';

/** On a RegistryCredential only, never on a Namespace: undo is not finished. */
export const FINALIZER = 'regcred.dev/undo';

export const FIELD_MANAGER = 'regcred';

/** Who sends our Events. */
export const REPORTING_CONTROLLER = 'regcred.dev/operator';

/** In the operator's namespace: whoever of the replicas holds it is the one that writes. */
export const LEASE = 'regcred';

/** Namespaces that are in only if they carry the sync label "true" themselves. */
export const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
]);

export const DOCKER_CONFIG_TYPE = 'kubernetes.io/dockerconfigjson';
export const DOCKER_CONFIG_KEY = '.dockerconfigjson';

/** What `docker login` and kubectl use as the `auths` key of Docker Hub. */
export const DOCKER_HUB_SERVER = 'https://index.docker.io/v1/';
