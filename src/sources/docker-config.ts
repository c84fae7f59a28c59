// The source `dockerConfig`: all logins of a Secret as `kubectl create secret
// docker-registry` makes it. It brings its servers along.

import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from '../api/names.ts';
import type { RegistrySpec } from '../api/types.ts';
import { encodeDockerConfig, MAX_DOCKER_CONFIG_BYTES, parseDockerConfig } from '../core/docker-config.ts';
import { secretValue } from './secret-value.ts';
import type { Fetched, SourceContext, StoredSource } from './source.ts';
import { createCommand, failed, namedEntries, notFound } from './source-failure.ts';

const CREATE = 'docker-registry --docker-server=… --docker-username=… --docker-password=…';

export const dockerConfig: StoredSource = {
  kind: 'dockerConfig',
  gives: 'stored',
  secretNames: ({ dockerConfig: spec }) => (spec === undefined ? [] : [spec.secretRef.name]),
  servers: () => undefined,
  fetch: async (registry, context) => fetchDockerConfig(registry, context),
};

function fetchDockerConfig(registry: RegistrySpec, context: SourceContext): Fetched {
  const name = registry.dockerConfig?.secretRef.name ?? '';
  const secret = context.secret(name);
  if (secret === undefined) return notFound(name, context, CREATE);
  const title = `Secret ${context.namespace}/${name}`;
  if (secret.type !== DOCKER_CONFIG_TYPE) {
    const command = createCommand(name, context, CREATE);
    return failed(
      'SecretWrongType',
      `${title} is of type ${secret.type}, not ${DOCKER_CONFIG_TYPE}: delete it and run ${command}`,
    );
  }
  const value = secretValue(secret, DOCKER_CONFIG_KEY);
  return value.ok
    ? fetchedFrom(value.text, title)
    : failed('SecretMalformed', `${title} ${value.message}: write the docker config there`);
}

function fetchedFrom(text: string, title: string): Fetched {
  const parsed = parseDockerConfig(text);
  if (!parsed.ok) {
    return failed('SecretMalformed', `${DOCKER_CONFIG_KEY} of ${title} is ${parsed.message}: correct it`);
  }
  const { entries, bad } = parsed;
  if (entries.length === 0) return failed('SecretMalformed', `${title} ${emptyMessage(namedEntries(bad))}`);
  const size = Buffer.byteLength(encodeDockerConfig(entries));
  if (size > MAX_DOCKER_CONFIG_BYTES) {
    return failed(
      'SecretTooLarge',
      `the logins of ${title} take ${size} bytes, a Secret holds ${MAX_DOCKER_CONFIG_BYTES}: remove some of them`,
    );
  }
  return { ok: true, entries, bad };
}

/** A source that is emptied counts as broken, so that it takes no working login away. */
function emptyMessage(named: string): string {
  return named === ''
    ? 'has no login in auths, so logins already handed out stay: add one, or take the registry out of spec.registries'
    : `has no usable login: ${named}`;
}
