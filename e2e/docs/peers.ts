// Other operators for the same job, as docs/migration.md speaks of them: what they leave in a cluster, and their kinds
// with the fields that they have. Facts of their APIs; none of their code runs here.

/** What their controller would have written. */
export interface Peer {
  /** In docs/migration.md. */
  readonly heading: string;
  readonly secretName: string;
  /** Where their login comes from, if not from the environment. */
  readonly source?: { readonly namespace: string; readonly name: string };
  /** On their Secrets, besides the owner. */
  readonly marks: object;
  /** The annotation by which a namespace is kept out. */
  readonly keepsOut?: readonly [annotation: string, value: string];
  /** Whether it writes ServiceAccounts. */
  readonly attaches: boolean;
  readonly kind?: Kind;
}

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly spec: object;
}

const text = { type: 'string' };
const object = (properties: object) => ({ type: 'object', properties });
const list = (items: object) => ({ type: 'array', items });
const map = { type: 'object', additionalProperties: text };
const named = object({ name: text, namespace: text });
const requirement = object({ key: text, operator: text, values: list(text) });
const byLabels = list(object({ matchLabels: map, matchExpressions: list(requirement) }));
const byAnnotations = list(object({ matchAnnotations: map, matchExpressions: list(requirement) }));

const PATCHER = 'imagepullsecret-patcher';
const MANAGED = { 'app.kubernetes.io/managed-by': PATCHER };

export const PEERS: readonly Peer[] = [
  {
    heading: '## From titansoft/imagepullsecret-patcher',
    secretName: 'image-pull-secret',
    marks: { annotations: MANAGED },
    keepsOut: ['k8s.titansoft.com/imagepullsecret-patcher-exclude', 'true'],
    attaches: true,
  },
  {
    heading: '## From tamcore/imagepullsecret-patcher',
    secretName: 'global-imagepullsecret',
    marks: { annotations: MANAGED, labels: MANAGED },
    keepsOut: ['pborn.eu/imagepullsecret-patcher-exclude', 'true'],
    attaches: true,
  },
  {
    heading: '## From alexellis/registry-creds',
    secretName: 'dockerhub-registrycreds',
    source: { namespace: 'kube-system', name: 'registry-creds-secret' },
    marks: {},
    keepsOut: ['alexellis.io/registry-creds.ignore', '1'],
    attaches: true,
    kind: {
      group: 'ops.alexellis.io',
      version: 'v1',
      kind: 'ClusterPullSecret',
      plural: 'clusterpullsecrets',
      spec: object({ secretRef: named }),
    },
  },
  {
    heading: '## From banzaicloud/imps',
    secretName: 'istio-pull-secret',
    source: { namespace: 'registry-access', name: 'private-registry' },
    marks: {},
    attaches: false,
    kind: {
      group: 'images.cisco.com',
      version: 'v1alpha1',
      kind: 'ImagePullSecret',
      plural: 'imagepullsecrets',
      spec: object({
        registry: object({ credentials: list(named) }),
        target: object({
          namespaces: object({ names: list(text), labels: byLabels, annotations: byAnnotations }),
          namespacesWithPods: object({ labels: byLabels, annotations: byAnnotations }),
          secret: object({ name: text, labels: map, annotations: map }),
        }),
      }),
    },
  },
];

/** As their project would have installed it, in the form that a current API server takes. */
export const definitionOf = ({ group, version, kind, plural, spec }: Kind) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: 'Cluster',
    names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: object({ spec, status: { type: 'object' } }) },
      },
    ],
  },
});
