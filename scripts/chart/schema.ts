// charts/regcred/values.schema.json: what each value may be, as narrow as the operator's own flags, so that a typo is
// refused by Helm and not by a pod that does not start. Descriptions come from values.yaml.

import { MAX_NAME } from '../../src/api/bounds.ts';
import { SUBDOMAIN } from '../../src/api/object-name.ts';
import { AUDIENCE, MAX_AUDIENCE, MAX_TOKEN_ENDPOINT, TOKEN_ENDPOINT } from '../../src/api/token-endpoint.ts';
import { NODE_IDENTITIES } from '../../src/config.ts';
import { LOG_FORMATS, LOG_LEVELS } from '../../src/log.ts';
import { TOKEN_SERVER } from '../../src/token-servers.ts';
import type { Value } from './values.ts';

type Schema = Readonly<Record<string, unknown>>;

const TEXT = { type: 'string' };
const SWITCH = { type: 'boolean' };
/** Argo CD hands over words where it is told to (forceString), as `--set-string` does. */
const AUTO = { enum: ['auto', true, false, 'true', 'false'] };
/** What is Kubernetes' own is checked by the API server. */
const OBJECT = { type: 'object' };
const OBJECTS = { type: 'array', items: OBJECT };
const NAMED = { type: 'array', items: { type: 'object', required: ['name'] } };
const TEXTS = { type: 'object', additionalProperties: TEXT };
/** Not what the Deployment sets itself: a flag, by its argument, would win over its variable, and nobody would see why. */
const VARIABLES = {
  type: 'array',
  items: {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string', not: { pattern: '^(REGCRED_.*|POD_NAMESPACE)$' } } },
  },
};
const number = (minimum: number, maximum?: number): Schema => ({ type: 'integer', minimum, maximum });

const ENDPOINT = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: { type: 'string', pattern: TOKEN_ENDPOINT, maxLength: MAX_TOKEN_ENDPOINT },
    audience: { type: 'string', pattern: AUDIENCE, maxLength: MAX_AUDIENCE },
  },
};

/** By the path of the value. */
const SCHEMAS: Readonly<Record<string, Schema>> = {
  'image.repository': { type: 'string', minLength: 1 },
  'image.tag': TEXT,
  'image.digest': { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
  'image.pullPolicy': { enum: ['Always', 'IfNotPresent', 'Never'] },
  'image.pullSecrets': NAMED,
  secretNames: {
    type: 'array',
    minItems: 1,
    maxItems: 16,
    uniqueItems: true,
    items: { type: 'string', pattern: `^${SUBDOMAIN}$`, maxLength: MAX_NAME },
  },
  replicas: number(1),
  'crds.enabled': SWITCH,
  'crds.keep': SWITCH,
  'uninstall.undo': AUTO,
  'uninstall.timeoutSeconds': number(10, 86_400),
  admissionPolicy: AUTO,
  defaultVerification: { enum: ['Off', 'Report', 'Enforce'] },
  tokenServers: { type: 'array', uniqueItems: true, items: { type: 'string', pattern: TOKEN_SERVER } },
  'oauth.tokenEndpoints': { type: 'array', maxItems: 32, uniqueItems: true, items: ENDPOINT },
  nodeIdentity: { type: 'array', uniqueItems: true, items: { enum: NODE_IDENTITIES } },
  // The API server gives no token a shorter life.
  'oauth.tokenExpirationSeconds': number(600),
  maxConcurrentWrites: number(1, 512),
  'log.level': { enum: LOG_LEVELS },
  'log.format': { enum: LOG_FORMATS },
  'serviceAccount.annotations': TEXTS,
  podAnnotations: TEXTS,
  podLabels: TEXTS,
  extraEnv: VARIABLES,
  extraVolumes: NAMED,
  extraVolumeMounts: NAMED,
  // null: none.
  resources: { type: ['object', 'null'] },
  nodeSelector: TEXTS,
  tolerations: OBJECTS,
  affinity: OBJECT,
  topologySpreadConstraints: OBJECTS,
  priorityClassName: TEXT,
  podSecurityContext: OBJECT,
  'podDisruptionBudget.enabled': SWITCH,
  'networkPolicy.enabled': SWITCH,
  'networkPolicy.metricsFrom': OBJECTS,
  'networkPolicy.egress': OBJECTS,
  'podMonitor.enabled': SWITCH,
  // A minute at most: what the alerts look back for is made of such scrapes.
  'podMonitor.interval': { type: 'string', pattern: '^(1m|(60|[1-5][0-9]|[1-9])s|[0-9]{1,4}ms)$' },
  'podMonitor.labels': TEXTS,
  'prometheusRule.enabled': SWITCH,
  // Into YAML and into a template of Prometheus.
  'prometheusRule.runbookUrl': { type: 'string', pattern: '^https?://[A-Za-z0-9._~:/?&=%+@-]+$' },
  'prometheusRule.labels': TEXTS,
  'dashboard.enabled': SWITCH,
  'dashboard.labels': TEXTS,
  'dashboard.annotations': TEXTS,
};

/** Throws when a value has no schema, or a schema no value. */
export function schemaOf(values: readonly Value[]): object {
  const known = new Set(values.filter(({ isGroup }) => !isGroup).map(({ path }) => path));
  for (const path of Object.keys(SCHEMAS))
    if (!known.has(path)) throw new Error(`${path} has a schema and is not in values.yaml`);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the chart regcred',
    ...group(values, ''),
  };
}

function group(values: readonly Value[], prefix: string): Schema {
  const own = values.filter(
    ({ path }) => path.startsWith(prefix) && !path.slice(prefix.length).includes('.'),
  );
  const properties = own.map(value => [value.path.slice(prefix.length), schemaOfOne(value, values)]);
  // Helm gives every chart the globals of the chart that it is part of.
  const globals = prefix === '' ? { global: OBJECT } : {};
  return {
    type: 'object',
    additionalProperties: false,
    // Helm takes a value out that is left empty (`key:`), and templates would write nothing in its place.
    required: own.filter(value => !mayBeLeftEmpty(value)).map(({ path }) => path.slice(prefix.length)),
    properties: { ...Object.fromEntries(properties), ...globals },
  };
}

/** Where that is the default, and where `null` has a meaning; the templates cope with it. */
const mayBeLeftEmpty = ({ path, isGroup, fallback }: Value): boolean =>
  !isGroup &&
  (['', '[]', '{}'].includes(typeof fallback === 'object' ? JSON.stringify(fallback) : String(fallback)) ||
    path === 'resources');

function schemaOfOne({ path, description, isGroup }: Value, values: readonly Value[]): Schema {
  const said = description === '' ? {} : { description };
  if (isGroup) return { ...said, ...group(values, `${path}.`) };
  const schema = SCHEMAS[path];
  if (schema === undefined)
    throw new Error(`${path} is in values.yaml and has no schema in scripts/chart/schema.ts`);
  return { ...said, ...schema };
}
