// Any view that could come about, and many that could not: for what must hold of
// every plan. The same seed gives the same view.

import type { AuthEntry } from '../core/auth-entry.ts';
import type { NamespaceView } from '../core/view.ts';
import { Dice } from './random.ts';
import { account, credential, login, namespace, secret, view } from './views.ts';

const SECRETS = ['regcred', 'team-login'] as const;
const SERVERS = ['a.io', 'b.io', 'https://b.io/v1/', 'c.io'] as const;
const NAMES = ['one', 'two', 'three', 'four'];

export function randomView(seed: number): NamespaceView {
  const dice = new Dice(seed);
  const place = namespace(dice.one(['apps', 'apps', 'apps', 'kube-system']));
  if (dice.oneIn(3)) place.optedIn();
  else if (dice.oneIn(6)) place.optedOut();
  if (dice.oneIn(20)) place.going();
  return view(
    place,
    ...dice.some(['default', 'ci', 'web']).map(name => randomAccount(dice, name)),
    ...SECRETS.filter(() => !dice.oneIn(4)).map(name => randomSecret(dice, name)),
    ...dice.some(NAMES).map(name => randomCredential(dice, name)),
  );
}

const someLogins = (dice: Dice): AuthEntry[] => dice.some(SERVERS).map(server => aLogin(dice, server));
const aLogin = (dice: Dice, server: string): AuthEntry => login(server, dice.one(['old', 'new']));

function randomAccount(dice: Dice, name: string) {
  const entries = dice.some(['mine', ...SECRETS, 'theirs', ...SECRETS]);
  const fixture = account(name)
    .pullingWith(...entries)
    .marked(...dice.some(SECRETS));
  if (dice.oneIn(8)) fixture.inTheWay();
  return dice.oneIn(6) ? fixture.optedOut() : fixture;
}

function randomSecret(dice: Dice, name: string) {
  const fixture = secret(name)
    .of(...dice.some([...NAMES, 'gone']))
    .holding(...someLogins(dice));
  if (dice.oneIn(6)) fixture.foreign();
  else if (dice.oneIn(5)) fixture.labelledByHand();
  if (dice.oneIn(5)) fixture.handed();
  if (dice.oneIn(6)) fixture.frozen();
  if (dice.oneIn(8)) fixture.opaque();
  if (dice.oneIn(8)) fixture.going();
  return fixture;
}

function randomCredential(dice: Dice, name: string) {
  const fixture = credential(name).into(dice.one([...SECRETS, 'regcred']));
  for (let registries = dice.upTo(2); registries >= 0; registries -= 1) {
    const server = dice.one([...SERVERS]);
    if (dice.oneIn(5)) fixture.failing();
    else if (dice.oneIn(4)) fixture.failingSinceStart(...dice.some([server]));
    else fixture.giving(aLogin(dice, server), ...someLogins(dice));
  }
  if (dice.oneIn(4)) fixture.inNamespaces({ 'regcred.dev/sync': 'true' });
  if (dice.oneIn(3)) fixture.forAccounts('default', 'c*');
  if (dice.oneIn(2)) fixture.orphaning();
  if (dice.oneIn(4)) fixture.deleted();
  else if (dice.oneIn(3)) fixture.suspended();
  return fixture;
}
