// Objects as tenants may leave them in their namespaces, and Secrets where sources are kept: whatever the API server
// takes, with our own labels and annotations among it.

import fc from 'fast-check';
import {
  CREDENTIALS_ANNOTATION,
  DOCKER_CONFIG_KEY,
  DOCKER_CONFIG_TYPE,
  HANDED_OVER_ANNOTATION,
  MANAGED_BY_LABEL,
  PULL_SECRETS_ANNOTATION,
  SYNC_LABEL,
} from '../api/names.ts';
import { anyConfig, markedPassword } from './arbitrary-docker-config.ts';
import { anyText, PROTOTYPE_NAMES } from './arbitrary-text.ts';

const base64 = (value: string | Uint8Array): string => Buffer.from(value).toString('base64');

/** Of what stands in an annotation of ours when nobody touched it, and of anything else. */
const annotation = fc.oneof(
  fc
    .array(
      fc.constantFrom('regcred', 'team-login', 'team', 'alone', 'gone', '', ' ', 'mine', ...PROTOTYPE_NAMES),
      { maxLength: 5 },
    )
    .map(names => names.join(',')),
  anyText,
  fc.constantFrom('true', '{"a":', '[]', 'x,'.repeat(60_000)),
);

const annotations = fc.dictionary(
  fc.constantFrom(
    PULL_SECRETS_ANNOTATION,
    CREDENTIALS_ANNOTATION,
    HANDED_OVER_ANNOTATION,
    'constructor',
    'note',
  ),
  annotation,
  { maxKeys: 4, noNullPrototype: true },
);

const labels = fc.dictionary(
  fc.constantFrom(SYNC_LABEL, MANAGED_BY_LABEL, 'constructor', 'toString'),
  fc.constantFrom('true', 'false', 'regcred', 'Helm', ''),
  { maxKeys: 3, noNullPrototype: true },
);

const data = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom(
        DOCKER_CONFIG_KEY,
        DOCKER_CONFIG_KEY,
        'username',
        'password',
        'email',
        'constructor',
        'toString',
      ),
      fc.oneof(
        anyConfig.map(base64),
        markedPassword.map(base64),
        fc.uint8Array({ maxLength: 20 }).map(base64),
        fc.constant(''),
      ),
    ),
    { maxLength: 4, selector: ([key]) => key },
  )
  .map(entries => Object.fromEntries(entries));

const isJsonObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
};

/** The API server looks at a docker config as far as this. */
const isAdmitted = (type: string, values: Record<string, string>): boolean =>
  type !== DOCKER_CONFIG_TYPE ||
  isJsonObject(Buffer.from(values[DOCKER_CONFIG_KEY] ?? '', 'base64').toString());

/** Everything of a Secret but its name. */
export const anySecretContent = fc
  .record({
    type: fc.constantFrom(
      'Opaque',
      DOCKER_CONFIG_TYPE,
      'kubernetes.io/basic-auth',
      'kubernetes.io/dockercfg',
      '__proto__',
      'x/y',
    ),
    data,
    immutable: fc.boolean(),
    labels,
    annotations,
  })
  .map(secret =>
    isAdmitted(secret.type, secret.data)
      ? secret
      : { ...secret, data: { [DOCKER_CONFIG_KEY]: base64('{"auths":{"r.io":5}}') } },
  );

/** Everything of a ServiceAccount but its name. An entry without a name is what Go makes of null. */
export const anyAccountContent = fc.record({
  labels,
  annotations,
  imagePullSecrets: fc.array(
    fc.oneof(
      fc
        .constantFrom('mine', 'theirs', 'regcred', 'team-login', '', 'a,b', ...PROTOTYPE_NAMES)
        .map(name => ({ name })),
      fc.constant({}),
    ),
    { maxLength: 6 },
  ),
});
