// As whom `gar` asks: by a Secret, by the credentials file of the operator's pod, or, if whoever
// runs the operator allows it, by the metadata server beside it.

import type { RegistrySpec } from '../api/types.ts';
import type { Asking } from './gar-client.ts';
import { type Origin, readIdentity } from './gar-identity.ts';
import { projectedToken, textOf } from './projected-token.ts';
import { secretValue } from './secret-value.ts';
import type { SourceFailure, TokenContext } from './source.ts';
import { type FailedFetch, failed, nodeIdentityRefused, notFound } from './source-failure.ts';

const KEY = 'credentials.json';
const FILE_VARIABLE = 'GOOGLE_APPLICATION_CREDENTIALS';
const METADATA_SERVER = '169.254.169.254';

export async function askingFor({ gar }: RegistrySpec, context: TokenContext): Promise<Asking | FailedFetch> {
  if (gar?.secretRef !== undefined) return askingOfSecret(gar.secretRef.name, context);
  const file = context.environment[FILE_VARIABLE] ?? '';
  if (file === '') return askingOfMetadata(context);
  const title = `the file that ${FILE_VARIABLE} of the operator names`;
  const text = await textOf(file);
  if (text !== undefined) return askingOf(text, title, 'environment', context);
  const message = `could not read ${title}: mount it into its pod, or unset the variable`;
  return failed('TokenUnavailable', message);
}

async function askingOfSecret(name: string, context: TokenContext): Promise<Asking | FailedFetch> {
  const secret = context.secret(name);
  if (secret === undefined) return notFound(name, context, `generic --from-file=${KEY}=FILE`);
  const title = `Secret ${context.namespace}/${name}`;
  const value = secretValue(secret, KEY);
  if (value.ok) return askingOf(value.text, `${KEY} of ${title}`, 'secret', context);
  return failed('SecretMalformed', `${title} ${value.message}: put the credentials file of Google there`);
}

async function askingOf(
  text: string,
  title: string,
  origin: Origin,
  context: TokenContext,
): Promise<Asking | FailedFetch> {
  const read = readIdentity(text, origin);
  if (!read.ok) return failed(reasonOf(read.refused, origin), `${title} ${read.message}`);
  const { identity } = read;
  if (identity.kind === 'key') {
    context.learn(identity.privateKey);
    return identity;
  }
  const { tokenFile: file, tokenField: field } = identity;
  const subjectToken = await projectedToken({ file, field, namedBy: title }, context);
  return typeof subjectToken === 'string' ? { ...identity, subjectToken } : subjectToken;
}

function reasonOf(isRefused: boolean, origin: Origin): SourceFailure {
  if (isRefused) return 'NotAllowed';
  return origin === 'secret' ? 'SecretMalformed' : 'TokenUnavailable';
}

/** GCE_METADATA_HOST is how all of Google's libraries are led to another one. */
function askingOfMetadata({ environment, nodeIdentity }: TokenContext): Asking | FailedFetch {
  const ways = 'name a Secret in gar.secretRef, or set up workload identity federation';
  if (!nodeIdentity.has('gar')) return nodeIdentityRefused('gar', "Google's metadata server", ways);
  const address = `http://${environment.GCE_METADATA_HOST || METADATA_SERVER}`;
  if (URL.canParse(address) && new URL(address).origin === address)
    return { kind: 'metadata', server: new URL(address) };
  const message =
    'GCE_METADATA_HOST of the operator is no HOST or HOST:PORT: correct it, or unset the variable';
  return failed('TokenUnavailable', message);
}
