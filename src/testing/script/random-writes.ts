// Writes of chance on one ServiceAccount or Secret by several managers, as steps of a script: what nobody
// thought of when writing the others by hand.

import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from '../../api/names.ts';
import type { KubeObject, KubeRequest } from '../../kube/kube-client.ts';
import type { Dice } from '../random.ts';
import {
  type Applied,
  apply,
  dockerConfig,
  json,
  merge,
  NAMESPACES,
  NOBODY,
  remove,
  type Step,
} from './requests.ts';

export const RANDOM_NAMESPACE = 'scripted-random';
const MANAGERS = ['alice', 'flux', 'helm', 'regcred'] as const;
const FINALIZER = 'a.example/hold';

type Plural = 'secrets' | 'serviceaccounts';
type Body = Record<string, unknown> & { readonly metadata?: object };

/** One object from nothing to wherever chance leads it. */
export function randomSteps(dice: Dice, index: number): readonly Step[] {
  const plural = dice.one(['secrets', 'serviceaccounts'] as const);
  const name = `random-${index}`;
  const first = write('create', plural, name, dice);
  return [first, ...Array.from({ length: 3 + dice.upTo(8) }, () => write(verbOf(dice), plural, name, dice))];
}

const verbOf = (dice: Dice) =>
  dice.one([
    'merge',
    'merge',
    'merge',
    'apply',
    'apply',
    'apply',
    'apply',
    'put',
    'delete',
    'create',
    'fields',
    'json',
  ]);

/** All that is of chance is fixed here: the step asks for the same from whichever server. */
function write(verb: string, plural: Plural, name: string, dice: Dice): Step {
  const collection = `${NAMESPACES}/${RANDOM_NAMESPACE}/${plural}`;
  const path = `${collection}/${name}`;
  const manager = dice.one([...MANAGERS]);
  const isApply = verb === 'apply' || (verb === 'create' && dice.oneIn(2));
  const body = plural === 'secrets' ? secretBody(dice, !isApply) : accountBody(dice, !isApply);
  const seen = preconditions(dice);
  const force = dice.oneIn(3);
  const about = `${verb}${isApply ? ' by apply' : ''} ${plural}/${name} by ${manager}`;
  const says = `${about} ${JSON.stringify({ force, seen: seen.says, ...body })}`;
  const asked = (last: KubeObject): KubeRequest => {
    if (isApply) return apply(path, manager, withMetadata(body, seen.of(last)), force);
    switch (verb) {
      case 'create':
        return postOf(collection, manager, withMetadata(withoutNulls(body), { name }));
      case 'put':
        return putOf(path, manager, last, withMetadata(withoutNulls(body), { name, ...seen.of(last) }));
      case 'delete':
        return remove(path, seen.of(last));
      case 'fields':
        return merge(path, manager, { metadata: { managedFields: fieldsOf(last, manager) } });
      case 'json':
        return json(path, manager, { op: 'add', path: '/metadata/labels', value: { a: 'json' } });
      default:
        return merge(path, manager, withMetadata(body, seen.of(last)));
    }
  };
  return [says, asked, ''];
}

const withMetadata = (body: Body, more: object): Applied => ({
  ...body,
  metadata: { ...body.metadata, ...more },
});

const postOf = (path: string, fieldManager: string, body: object): KubeRequest => ({
  method: 'POST',
  path,
  query: { fieldManager },
  body,
});

/** The rest as it was read. */
const putOf = (path: string, fieldManager: string, last: KubeObject, body: Applied): KubeRequest => ({
  method: 'PUT',
  path,
  query: { fieldManager },
  body: { ...body, ...('type' in last && { type: last.type }) },
});

/** The claim of one manager is left out, or all of them. */
function fieldsOf({ metadata }: KubeObject, manager: string): readonly object[] {
  const kept = (metadata.managedFields ?? []).filter(entry => entry.manager !== manager);
  return kept.length > 0 ? kept : [{}];
}

interface Preconditions {
  readonly says: string;
  of(last: KubeObject): { uid?: string; resourceVersion?: string };
}

function preconditions(dice: Dice): Preconditions {
  const none = ['none', 'none', 'none', 'right', 'right', 'right', 'wrong'] as const;
  const [uid, version] = [dice.one([...none]), dice.one([...none])];
  return {
    says: `uid ${uid}, resourceVersion ${version}`,
    of: ({ metadata }) => ({
      ...pick('uid', uid, metadata.uid, NOBODY),
      ...pick('resourceVersion', version, metadata.resourceVersion, '1'),
    }),
  };
}

function pick(field: string, which: 'none' | 'right' | 'wrong', right: string, wrong: string) {
  if (which === 'none' || right === '') return {};
  return { [field]: which === 'right' ? right : wrong };
}

/** `nulls`: in a merge patch they take away. */
function mapOf(dice: Dice, keys: readonly string[], nulls: boolean): Record<string, string | null> {
  const value = () => (nulls && dice.oneIn(4) ? null : dice.one(['x', 'y']));
  return Object.fromEntries(dice.some(keys).map(key => [key, value()]));
}

function metadataOf(dice: Dice, nulls: boolean): object {
  return {
    ...(dice.oneIn(2) && { labels: mapOf(dice, ['a', 'b'], nulls) }),
    ...(dice.oneIn(3) && { annotations: mapOf(dice, ['c', 'd.example/e'], nulls) }),
    ...(dice.oneIn(8) && { finalizers: dice.oneIn(2) ? [FINALIZER] : nulls ? null : [] }),
  };
}

function accountBody(dice: Dice, nulls: boolean): Body {
  const list = (names: readonly string[]) => dice.some(names).map(name => ({ name }));
  return {
    metadata: metadataOf(dice, nulls),
    ...(!dice.oneIn(3) && {
      imagePullSecrets: nulls && dice.oneIn(6) ? null : list(['own', 'regcred', 'more']),
    }),
    ...(dice.oneIn(5) && { automountServiceAccountToken: dice.oneIn(2) }),
    ...(dice.oneIn(6) && { secrets: list(['one', 'two']) }),
  };
}

function secretBody(dice: Dice, nulls: boolean): Body {
  // Never empty: of a frozen Secret the API server tells an empty map from none.
  const data = { m: 'm', ...mapOf(dice, ['k', 'l'], nulls) };
  const coded = Object.entries(data).map(([key, value]) => [
    key,
    value && Buffer.from(value).toString('base64'),
  ]);
  const config = dice.oneIn(5) ? {} : dockerConfig(dice.one(['a.example', 'b.example']));
  return {
    metadata: metadataOf(dice, nulls),
    ...(!dice.oneIn(4) && { type: dice.oneIn(10) ? 'Opaque' : DOCKER_CONFIG_TYPE }),
    ...(!dice.oneIn(4) && { data: { ...Object.fromEntries(coded), ...config } }),
    ...(nulls && dice.oneIn(8) && { data: { m: 'bQ==', [DOCKER_CONFIG_KEY]: null } }),
    ...(dice.oneIn(20) && { immutable: true }),
  };
}

/** A null is for merge patches only. */
const withoutNulls = (body: Body): Body =>
  JSON.parse(JSON.stringify(body, (_, value: unknown) => value ?? undefined)) as Body;
