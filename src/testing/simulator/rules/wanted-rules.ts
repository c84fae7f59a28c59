// What a replica may not take away while it is wanted, and not give while it is not. It may act
// on what it saw, so what counts is what was so at every time since.

import { DOCKER_CONFIG_KEY } from '../../../api/names.ts';
import type { Kinds } from '../../resources.ts';
import type { Desired, DesiredSecret } from '../oracle/desired.ts';
import { type KubeletLogin, loginsOf } from './kubelet-logins.ts';
import { isManaged, listOf, notedOn } from './marks.ts';
import { hadLogin, held, type Rule, type Written } from './rule.ts';

export const workingLoginsStay: Rule<'secrets'> = {
  name: 'no working login is taken away',
  of: 'secrets',
  check: written => {
    const { namespace, name, before, after } = written;
    if (!isManaged(before)) return undefined;
    const [old, fresh] = [before, after].map(contentOf);
    for (const [key, login] of old ?? []) {
      if (fresh?.get(key)?.auth === login.auth) continue;
      const isWorking = isOwed(written, desired => isWanted(desired.secret(namespace, name), key, login));
      if (!isWorking || !wasLastSound(written, key, login)) continue;
      const other = fresh?.get(key);
      if (other === undefined) return `the login of ${key} went, and was wanted all the while`;
      const isWorse = held(written, ({ wanted }) => !isWanted(wanted().secret(namespace, name), key, other));
      if (isWorse) return `the login of ${key} was exchanged for one that nobody wanted`;
    }
    return undefined;
  },
};

const contentOf = (secret: Kinds['secrets'] | undefined): ReadonlyMap<string, KubeletLogin> =>
  loginsOf(secret?.data?.[DOCKER_CONFIG_KEY]);

const isWanted = (secret: DesiredSecret | undefined, key: string, { auth }: KubeletLogin): boolean =>
  secret?.logins.get(key)?.anyOf.some(({ username, password }) => auth === `${username}:${password}`) ??
  false;

export const wantedReferencesStay: Rule<'serviceaccounts'> = {
  name: 'no reference is taken off that is wanted',
  of: 'serviceaccounts',
  check: written => {
    const { namespace, name, before, after } = written;
    const lost = notedOn(before).filter(one => listOf(before).includes(one) && !listOf(after).includes(one));
    const wanted = lost.find(one =>
      isOwed(written, desired => desired.references(namespace, name).includes(one)),
    );
    return wanted === undefined ? undefined : `the reference to ${wanted} went, and was wanted all the while`;
  },
};

export const referencesHaveAReason: Rule<'serviceaccounts'> = {
  name: 'no reference is added to what is not ours or not wanted',
  of: 'serviceaccounts',
  check: written => {
    const { namespace, name, before, after } = written;
    const added = listOf(after).filter(one => !listOf(before).includes(one));
    const strange = added.find(one =>
      held(written, ({ obliged, get }) => {
        if (!obliged().mayReferTo(namespace, name).includes(one)) return true;
        // Without a login no ServiceAccount is touched, be it one of an earlier run.
        return !(
          obliged().secret(namespace, one) !== undefined ||
          isManaged(get('secrets', `${namespace}/${one}`)) ||
          hadLogin(written, obliged().items(namespace, one))
        );
      }),
    );
    return strange === undefined ? undefined : `a reference to ${strange} was added without a reason`;
  },
};

/** All the while, whether or not those count that are new: from one to another a login may be away for a moment. */
const isOwed = (written: Written, isSo: (desired: Desired) => boolean): boolean =>
  held(written, ({ wanted, settled }) => isSo(wanted()) && isSo(settled()));

/**
 * Of a failing source the last sound content counts: what that did not have was given up. Before the
 * source was ever sound, nothing is owed.
 */
function wasLastSound({ namespace, name, ever }: Written, key: string, login: KubeletLogin): boolean {
  let specs: string | undefined;
  for (const then of ever()) {
    specs ??= then.specs;
    // With another spec it is another source that fails, and that one may never have been sound.
    if (then.specs !== specs) return false;
    const secret = then.wanted().secret(namespace, name);
    if (secret?.logins.get(key)?.optional !== true) return isWanted(secret, key, login);
    if (then.isOneSuspended) return false;
  }
  return false;
}
