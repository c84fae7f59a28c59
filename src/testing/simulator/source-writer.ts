// Writes a source Secret in the operator's namespace, sound or broken in one of the ways in which
// people break them. Another type means another Secret, as for everybody.

import { DOCKER_CONFIG_KEY } from '../../api/names.ts';
import { aBasicSecret, aDockerConfigSecret, aSecret, OPERATOR_NAMESPACE } from '../builders.ts';
import type { FakeApiServer } from '../fake-api-server.ts';
import { MARK } from './pools.ts';
import type { SourceContent } from './step.ts';

export function writeSource(name: string, content: SourceContent, server: FakeApiServer): void {
  const wanted = secretOf(name, content);
  const live = server.get('secrets', OPERATOR_NAMESPACE, name);
  if (live !== undefined && live.type === wanted.type) {
    server.update('secrets', `${OPERATOR_NAMESPACE}/${name}`, secret => {
      secret.data = { ...wanted.data };
    });
    return;
  }
  if (live !== undefined) server.delete('secrets', OPERATOR_NAMESPACE, name);
  server.create('secrets', wanted);
}

function secretOf(name: string, content: SourceContent) {
  switch (content.kind) {
    case 'basic':
      return aBasicSecret(name, content.username, content.password);
    case 'config':
      return aDockerConfigSecret(name).with(DOCKER_CONFIG_KEY, configOf(content.logins));
    case 'configWithBadEntry':
      return aDockerConfigSecret(name).with(
        DOCKER_CONFIG_KEY,
        configOf(content.logins, { auth: `%${MARK}` }),
      );
    case 'malformed':
      // A JSON object, or the API server would not take it.
      return aDockerConfigSecret(name).with(DOCKER_CONFIG_KEY, `{"auths":"${MARK}"}`);
    case 'empty':
      return aSecret(name).ofType('kubernetes.io/basic-auth').with('username', 'robot');
  }
}

function configOf(logins: Readonly<Record<string, string>>, badEntry?: object): string {
  const auths = Object.entries(logins).map(([server, password]) => [
    server,
    { username: 'robot', password, auth: Buffer.from(`robot:${password}`).toString('base64') },
  ]);
  // Mostly of a server that was sound before: then its last good form is to be kept.
  const bad = auths.length > 1 ? 'config.io' : 'bad.io';
  return JSON.stringify({
    auths: { ...Object.fromEntries(auths), ...(badEntry === undefined ? {} : { [bad]: badEntry }) },
  });
}
