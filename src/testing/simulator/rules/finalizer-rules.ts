// Finalizers: on RegistryCredentials only, and gone only when all is undone.

import { CREDENTIALS_ANNOTATION, DOCKER_CONFIG_TYPE, FINALIZER } from '../../../api/names.ts';
import type { Kinds } from '../../resources.ts';
import { isManaged } from './marks.ts';
import { held, type Rule, type Then } from './rule.ts';

export const finalizersOnlyOnCredentials: Rule = {
  name: 'finalizers are on RegistryCredentials only',
  check: ({ resource, before, after }) => {
    if (resource === 'registrycredentials' || after === undefined) return undefined;
    const [old, fresh] = [before, after].map(object => object?.metadata.finalizers ?? []);
    return String(old) === String(fresh) ? undefined : `they became ${fresh}`;
  },
};

export const finalizerGoesLast: Rule<'registrycredentials'> = {
  name: 'the finalizer goes only when all is undone',
  of: 'registrycredentials',
  check: written => {
    const { name, before, after } = written;
    const isGoing =
      before?.metadata.finalizers?.includes(FINALIZER) && !after?.metadata.finalizers?.includes(FINALIZER);
    if (!isGoing || before?.metadata.deletionTimestamp === undefined) return undefined;
    return held(written, then => then.secrets.some(secret => isLeft(secret, name, then)))
      ? 'a Secret still holds what it gave'
      : undefined;
  },
};

/** With or without a part of others; one that is frozen, or on its way out, cannot be written. */
function isLeft(secret: Kinds['secrets'], credential: string, { get }: Then): boolean {
  const { namespace = '', annotations } = secret.metadata;
  const isGoing = get('namespaces', namespace)?.metadata.deletionTimestamp !== undefined;
  return (
    isManaged(secret) &&
    secret.immutable !== true &&
    !isGoing &&
    secret.type === DOCKER_CONFIG_TYPE &&
    secret.metadata.deletionTimestamp === undefined &&
    annotations?.[CREDENTIALS_ANNOTATION]?.split(',').includes(credential) === true
  );
}

export const foreignFinalizersStay: Rule = {
  name: "nobody else's finalizer is lost",
  check: ({ before, after }) => {
    const kept = after?.metadata.finalizers ?? [];
    const lost = before?.metadata.finalizers?.find(one => one !== FINALIZER && !kept.includes(one));
    return lost === undefined ? undefined : `${lost} was taken off`;
  },
};
