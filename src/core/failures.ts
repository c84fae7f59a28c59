// What is said when a namespace cannot be served: what is wrong, and the command
// that mends it. The texts stand in status, so they do not vary from run to run.

import { DOCKER_CONFIG_TYPE, MANAGED_BY, MANAGED_BY_LABEL } from '../api/names.ts';
import type { Failure } from './change.ts';

interface Place {
  readonly namespace: string;
  readonly name: string;
}

export const foreignSecret = ({ namespace, name }: Place): Failure => ({
  reason: 'ForeignSecret',
  message:
    `Secret ${namespace}/${name} was made by somebody else and is left alone; to hand it over: ` +
    `kubectl -n ${namespace} label secret ${name} ${MANAGED_BY_LABEL}=${MANAGED_BY} --overwrite`,
});

export const wrongSecretType = ({ namespace, name }: Place, type: string): Failure => ({
  reason: 'WrongSecretType',
  message:
    `Secret ${namespace}/${name} is of type ${type}, not ${DOCKER_CONFIG_TYPE}, and a type cannot be changed; ` +
    `if nobody needs it: kubectl -n ${namespace} delete secret ${name}`,
});

export const immutableSecret = ({ namespace, name }: Place): Failure => ({
  reason: 'ImmutableSecret',
  message:
    `Secret ${namespace}/${name} is immutable and holds an older login; ` +
    `to have it made anew: kubectl -n ${namespace} delete secret ${name}`,
});

export const terminatingSecret = ({ namespace, name }: Place): Failure => ({
  reason: 'Refused',
  message: `Secret ${namespace}/${name} is being deleted and waits for a finalizer; see: kubectl -n ${namespace} get secret ${name} -o yaml`,
});

/** `resource` as kubectl takes it. */
export const changedByOthers = (resource: string, { namespace, name }: Place): Failure => ({
  reason: 'Contested',
  message:
    `something changes ${resource} ${namespace}/${name} again each time after the operator has written it, which ` +
    'therefore writes it no more than twice a minute; to see who: ' +
    `kubectl -n ${namespace} get ${resource} ${name} -o yaml --show-managed-fields`,
});

export const noLoginYet = (): Failure => ({
  reason: 'SourceFailed',
  message: 'there is no login to write yet; status.registries says why',
});

/** `credentials`: whose logins in the Secret are not known, so that it cannot be written. */
export const heldBackLogin = (place: Place, credentials: readonly string[]): Failure =>
  heldBack(place, 'stays with an older login', credentials);

/** The same, as one that is deleted has to hear it. */
export const heldBackUndo = (place: Place, credentials: readonly string[]): Failure =>
  heldBack(place, 'keeps the login of this one', credentials);

const heldBack = ({ namespace, name }: Place, what: string, credentials: readonly string[]): Failure => ({
  reason: 'SourceFailed',
  message:
    `Secret ${namespace}/${name} ${what}, for to write it would drop one that is not known, ` +
    `of RegistryCredential ${credentials.join(', ')}: mend its source, or resume it if it is suspended; ` +
    `see: kubectl describe registrycredential ${credentials.join(' ')}`,
});
