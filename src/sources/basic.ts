// The source `basic`: username and password as keys of a Secret, for one server.

import { DOCKER_CONFIG_TYPE, DOCKER_HUB_SERVER } from '../api/names.ts';
import type { RegistrySpec } from '../api/types.ts';
import { encodeDockerConfig, encodeEntry, MAX_DOCKER_CONFIG_BYTES } from '../core/docker-config.ts';
import type { Login } from '../core/login.ts';
import type { SourceSecretRecord } from '../core/records.ts';
import { serverKey } from '../core/server-key.ts';
import { secretValue } from './secret-value.ts';
import type { Fetched, SourceContext, StoredSource } from './source.ts';
import { createCommand, type FailedFetch, failed, notFound } from './source-failure.ts';

const CREATE = 'generic --from-literal=username=… --from-literal=password=…';
const DOCKER_TYPES: ReadonlySet<string> = new Set([DOCKER_CONFIG_TYPE, 'kubernetes.io/dockercfg']);

export const basic: StoredSource = {
  kind: 'basic',
  gives: 'stored',
  secretNames: ({ basic: spec }) => (spec === undefined ? [] : [spec.secretRef.name]),
  servers: registry => [serverOf(registry)],
  fetch: async (registry, context) => fetchBasic(registry, context),
};

function serverOf({ server }: RegistrySpec): string {
  return server ?? DOCKER_HUB_SERVER;
}

function fetchBasic(registry: RegistrySpec, context: SourceContext): Fetched {
  const name = registry.basic?.secretRef.name ?? '';
  const server = serverOf(registry);
  if (serverKey(server) === undefined) {
    return failed(
      'ServerUnusable',
      'server is nothing that an image name can hold: write host[:port][/path]',
    );
  }
  const secret = context.secret(name);
  if (secret === undefined) return notFound(name, context, CREATE);
  const title = `Secret ${context.namespace}/${name}`;
  if (DOCKER_TYPES.has(secret.type)) {
    const way = secret.type === DOCKER_CONFIG_TYPE ? 'name it in dockerConfig.secretRef instead, or ' : '';
    const command = createCommand(name, context, CREATE);
    return failed(
      'SecretWrongType',
      `${title} is of type ${secret.type}: ${way}delete it and run ${command}`,
    );
  }
  const login = loginIn(secret, message =>
    failed('SecretMalformed', `${title} ${message}: correct it, basic needs the keys username and password`),
  );
  if ('ok' in login) return login;
  const entry = encodeEntry({ server, ...login });
  if (Buffer.byteLength(encodeDockerConfig([entry])) > MAX_DOCKER_CONFIG_BYTES) {
    return failed(
      'SecretTooLarge',
      `${title} gives a login over ${MAX_DOCKER_CONFIG_BYTES} bytes: shorten it`,
    );
  }
  return { ok: true, entries: [entry], bad: [] };
}

function loginIn(
  secret: SourceSecretRecord,
  malformed: (message: string) => FailedFetch,
): Login | FailedFetch {
  const username = secretValue(secret, 'username');
  const password = secretValue(secret, 'password');
  if (!username.ok) return malformed(username.message);
  if (!password.ok) return malformed(password.message);
  if (username.text.includes(':'))
    return malformed('has a colon in username, which no registry login can have');
  for (const [key, { text }] of Object.entries({ username, password })) {
    // What `echo … | base64` leaves behind. It would look right everywhere and be refused by every registry.
    if (/[\r\n]$/.test(text)) return malformed(`has a line break at the end of ${key}`);
  }
  if (secret.data.email === undefined || secret.data.email === '') {
    return { username: username.text, password: password.text };
  }
  const email = secretValue(secret, 'email');
  if (!email.ok) return malformed(email.message);
  return { username: username.text, password: password.text, email: email.text };
}
