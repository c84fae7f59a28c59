// What a replica may do to a Secret, whatever is wanted.

import { DOCKER_CONFIG_TYPE } from '../../../api/names.ts';
import { isHandedOver, isManaged, refersByUs } from './marks.ts';
import { held, type Rule } from './rule.ts';

export const foreignSecretsAreLeftAlone: Rule<'secrets'> = {
  name: 'a foreign Secret is never updated or deleted',
  of: 'secrets',
  check: written => {
    const { namespace, name, before, after } = written;
    if (before === undefined || isManaged(before)) return undefined;
    // An apply that was under way when the label went: only the policy can refuse that.
    const wasForeign = held(written, then => {
      const seen = then.get('secrets', `${namespace}/${name}`);
      return !isManaged(seen) || seen?.metadata.uid !== before.metadata.uid;
    });
    return wasForeign ? `it was ${after === undefined ? 'deleted' : 'updated'}` : undefined;
  },
};

export const secretsAreUpdatedInPlace: Rule<'secrets'> = {
  name: 'a Secret keeps its uid and its type',
  of: 'secrets',
  check: ({ before, after }) => {
    if (after === undefined) return undefined;
    if (before === undefined)
      return after.type === DOCKER_CONFIG_TYPE ? undefined : `it was made of type ${after.type}`;
    return before.metadata.uid === after.metadata.uid && before.type === after.type
      ? undefined
      : 'it is another one';
  },
};

export const secretsThatGoAreLeft: Rule<'secrets'> = {
  name: 'the content of a Secret that is being deleted stays',
  of: 'secrets',
  check: written => {
    const { namespace, name, before, after } = written;
    if (before === undefined || after === undefined) return undefined;
    if (JSON.stringify(before.data) === JSON.stringify(after.data)) return undefined;
    const wasGoing = held(written, then => {
      const seen = then.get('secrets', `${namespace}/${name}`);
      return seen?.metadata.deletionTimestamp !== undefined;
    });
    return wasGoing ? 'it was updated' : undefined;
  },
};

export const handedOverSecretsAreReleased: Rule<'secrets'> = {
  name: 'a Secret that was handed over is released, not deleted',
  of: 'secrets',
  check: written => {
    const { namespace, name, after } = written;
    if (after !== undefined) return undefined;
    const wasHandedOver = held(written, then => isHandedOver(then.get('secrets', `${namespace}/${name}`)));
    return wasHandedOver ? 'it was deleted' : undefined;
  },
};

export const referencesGoBeforeTheSecret: Rule<'secrets'> = {
  name: 'on the way out references go before the Secret',
  of: 'secrets',
  check: written => {
    const { namespace, name, before, after } = written;
    if (before === undefined || (after !== undefined && isManaged(after))) return undefined;
    const dangling = accountsThatRefer(written).find(account =>
      held(written, then => refersByUs(then.get('serviceaccounts', `${namespace}/${account}`), name)),
    );
    return dangling === undefined ? undefined : `ServiceAccount ${dangling} still refers to it`;
  },
};

function accountsThatRefer(written: Parameters<(typeof referencesGoBeforeTheSecret)['check']>[0]): string[] {
  for (const then of written.since())
    return then
      .accountsIn(written.namespace)
      .filter(account => refersByUs(account, written.name))
      .map(({ metadata }) => metadata.name);
  return [];
}
