// What a replica may do in its own namespace: keep logins there, and nothing else.

import { CREDENTIALS_ANNOTATION, INTERNAL_LABEL, KEPT_PREFIX, KEPT_TYPE } from '../../../api/names.ts';
import { OPERATOR_NAMESPACE } from '../../builders.ts';
import type { Kinds } from '../../resources.ts';
import { held, type Rule, type Written } from './rule.ts';

type Secret = Kinds['secrets'];

export const isAtHome = ({ resource, namespace }: Written): boolean =>
  resource === 'secrets' && namespace === OPERATOR_NAMESPACE;

const isKept = ({ metadata, type }: Secret): boolean =>
  type === KEPT_TYPE &&
  metadata.name.startsWith(KEPT_PREFIX) &&
  metadata.labels?.[INTERNAL_LABEL] !== undefined;

export const onlyKeptAtHome: Rule<'secrets'> = {
  name: 'in its own namespace nothing is written but what is kept there',
  of: 'secrets',
  check: ({ before, after }) =>
    [before, after].every(one => one === undefined || isKept(one)) ? undefined : 'it is something else',
};

export const keptOfSomebody: Rule<'secrets'> = {
  name: 'logins are kept of RegistryCredentials that are there',
  of: 'secrets',
  check: written => {
    const { after } = written;
    if (after === undefined) return undefined;
    const name = after.metadata.annotations?.[CREDENTIALS_ANNOTATION] ?? '';
    const isOfNobody = held(written, ({ get }) => get('registrycredentials', name) === undefined);
    return isOfNobody ? `there is no ${name}` : undefined;
  },
};

export const keptUntilTheEnd: Rule<'secrets'> = {
  name: 'what is kept goes with its RegistryCredential, and not before',
  of: 'secrets',
  check: written => {
    const { before, after } = written;
    if (before === undefined || after !== undefined) return undefined;
    const name = before.metadata.annotations?.[CREDENTIALS_ANNOTATION] ?? '';
    const uid = uidIn(before);
    // With another spec there may be nothing to be kept any more.
    const specs = new Set<string>();
    const isThere = held(written, ({ get }) => {
      const credential = get('registrycredentials', name);
      specs.add(JSON.stringify(credential?.spec.registries));
      return credential?.metadata.uid === uid;
    });
    const spec = JSON.parse([...specs][0] ?? 'null') as unknown;
    return isThere && specs.size === 1 && isOf(before, spec) ? `${name} is still there` : undefined;
  },
};

interface Content {
  readonly credential?: { readonly uid?: string };
  readonly registries?: readonly ({ readonly spec?: unknown } | null)[];
}

const contentOf = ({ data }: Secret): Content =>
  JSON.parse(Buffer.from(Object.values(data ?? {})[0] ?? '', 'base64').toString() || '{}') as Content;

const uidIn = (secret: Secret): string | undefined => contentOf(secret).credential?.uid;

/** Something in it is of one of these registries. */
const isOf = (secret: Secret, registries: unknown): boolean =>
  Array.isArray(registries) &&
  contentOf(secret).registries?.some(kept =>
    registries.some(one => JSON.stringify(one) === JSON.stringify(kept?.spec)),
  ) === true;
