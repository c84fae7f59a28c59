// manifests/components/admission/policy.yaml: it gives a new ServiceAccount its entry and
// keeps it when others write, once for each RegistryCredential.

import type { ClusterView, Review } from '../admission.ts';
import type { AnyObject, CredentialObject, ServiceAccountObject } from '../resources.ts';
import type { BoundIdentity } from './bound-identity.ts';
import { hasLogin, isObeyed, refusals, selectsAccount, selectsNamespace } from './references-params.ts';

const SYNC = 'regcred.dev/sync';
const ANNOTATION = 'regcred.dev/image-pull-secrets';
const SYSTEM = ['kube-system', 'kube-public', 'kube-node-lease'];

type Account = AnyObject & ServiceAccountObject;

/** The request, as far as it is the same for every RegistryCredential. */
interface Request {
  readonly namespace: AnyObject;
  readonly operation: Review['operation'];
  readonly object: Account;
  readonly markBefore: string;
}

export interface ReferencesOptions extends BoundIdentity {
  /** The API server reads them from a cache, in an order of its own: what is stored, unless told otherwise. */
  readonly parameters?: (cluster: ClusterView) => readonly AnyObject[];
}

/** Changes `object` in place. */
export function giveReferences(review: Review, cluster: ClusterView, options: ReferencesOptions): void {
  const { operation, object, oldObject, user } = review;
  if (operation === 'DELETE' || object === undefined || options.isOperator(user)) return;
  const namespace = cluster.get('namespaces', object.metadata.namespace ?? '');
  if (namespace === undefined || !mayBeServed(namespace, options.operatorNamespace)) return;
  const markBefore = oldObject === undefined ? '' : markOf(oldObject);
  const request = { namespace, operation, object: object as Account, markBefore };
  const parameters = options.parameters?.(cluster) ?? cluster.list('registrycredentials');
  for (const credential of parameters as unknown as readonly CredentialObject[]) {
    if (isWanted(credential, request, options.secretNames))
      give(request.object, credential.spec.secretName ?? '');
  }
}

/** The namespaceSelector of matchConstraints, and namespaceMayBeServed. */
function mayBeServed({ metadata }: AnyObject, operatorNamespace: string): boolean {
  const { name, labels = {}, deletionTimestamp } = metadata;
  if (labels[SYNC] === 'false' || name === operatorNamespace) return false;
  return deletionTimestamp === undefined && (!SYSTEM.includes(name) || labels[SYNC] === 'true');
}

function isWanted(credential: CredentialObject, request: Request, secretNames: readonly string[]): boolean {
  const { namespace, operation, object, markBefore } = request;
  const { secretName = '' } = credential.spec;
  const reasons = refusals(credential, object.metadata.namespace);
  const isToBeGiven = operation === 'CREATE' && hasLogin(credential) && !reasons.includes('ImmutableSecret');
  const isToBeKept = operation === 'UPDATE' && markBefore.split(',').includes(secretName);
  return (
    selectsNamespace(credential, namespace.metadata.labels ?? {}) &&
    isObeyed(credential, secretNames) &&
    !entriesOf(object).includes(secretName) &&
    (isToBeGiven || isToBeKept) &&
    !reasons.includes('ForeignSecret') &&
    !reasons.includes('WrongSecretType') &&
    object.metadata.labels?.[SYNC] !== 'false' &&
    selectsAccount(credential, object) &&
    isOfUsualSize(object, markBefore)
  );
}

const entriesOf = ({ imagePullSecrets = [] }: Account): string[] =>
  imagePullSecrets.map(({ name = '' }) => name);

const markOf = ({ metadata }: AnyObject): string => metadata.annotations?.[ANNOTATION] ?? '';

/** Characters, not UTF-16 units. */
const isShort = (text: string): boolean => text.length <= 2048 || [...text].length <= 2048;

function isOfUsualSize(object: Account, markBefore: string): boolean {
  const annotations = Object.entries(object.metadata.annotations ?? {});
  const bytes = annotations.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return (
    isShort(markOf(object)) &&
    isShort(markBefore) &&
    (object.imagePullSecrets ?? []).length <= 256 &&
    annotations.length <= 256 &&
    bytes <= 250_000
  );
}

function give(object: Account, secretName: string): void {
  const { metadata } = object;
  const entries = entriesOf(object);
  const kept = markOf(object)
    .split(',')
    .filter(name => name !== '' && entries.includes(name));
  const marked = [...new Set([...kept, secretName])].sort().join(',');
  object.imagePullSecrets = [...(object.imagePullSecrets ?? []), { name: secretName }];
  metadata.annotations = { ...metadata.annotations, [ANNOTATION]: marked };
  // Without any, all that stands there would count as that of "before-first-apply".
  metadata.managedFields ??= [
    {
      manager: 'regcred',
      operation: 'Update',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:metadata': { 'f:annotations': { [`f:${ANNOTATION}`]: {} } } },
    },
  ];
}
