// Who still has a say when a RegistryCredential is suspended or deleted, alone and
// beside others that feed the same Secret.

import { itPlans } from '../testing/told-plan.ts';
import { account, credential, login, secret, view } from '../testing/views.ts';

const A = login('a.io');
const A_NEW = login('a.io', 'new');
const B = login('b.io');
const one = () => credential('one').giving(A);
const two = () => credential('two').giving(B);
const bare = () => account('default');
const attached = () => account('default').pullingWith('regcred').marked('regcred');
const ofOne = () => secret('regcred').of('one').holding(A);
const ofBoth = () => secret('regcred').of('one', 'two').holding(A, B);

const DETACH = 'default pulls with [], ours []';
const DISOWN = 'default pulls with [regcred], ours []';
const DELETE = 'then delete regcred';
const ONLY_A = 'update regcred of [one] with a.io=old';
const ONLY_B = 'update regcred of [two] with b.io=old';

describe('a suspended RegistryCredential', () => {
  itPlans({
    'takes no new namespace': [view(bare(), one().suspended()), [], []],
    'takes no new ServiceAccount': [view(attached(), account('late'), ofOne(), one().suspended()), [], []],
    'keeps an old login, though its source has a new one': [
      view(attached(), ofOne(), credential('one').giving(A_NEW).suspended()),
      [],
      [],
    ],
    'does not repair what is edited or removed meanwhile': [
      view(bare(), ofOne().holding(B), one().suspended()),
      [],
      [],
    ],
    'does not make its Secret again': [view(attached(), one().suspended()), [], []],
    'keeps what it has where its selector does not reach any more': [
      view(attached(), ofOne(), one().inNamespaces({ team: 'a' }).suspended()),
      [],
      [],
    ],
    'leaves its reference to a Secret that is foreign by now': [
      view(attached(), ofOne().foreign(), one().suspended()),
      [],
      [],
    ],
    'leaves a Secret of nobody to be cleaned up': [
      view(attached(), secret('regcred').of('gone').holding(A), one().suspended()),
      [DETACH, DELETE],
      [],
    ],
    'keeps its part while another writes its own': [
      view(attached(), ofBoth().holding(A, login('b.io', 'older')), one().suspended(), two()),
      ['update regcred of [one,two] with a.io=old b.io=old'],
      ['two: 1/1'],
    ],
    'keeps its part as it is when its source changed meanwhile, though the other cannot write then': [
      view(attached(), ofBoth(), credential('one').giving(A_NEW).suspended(), two()),
      [],
      ['two: 1/1'],
    ],
    'keeps its part when the other one is deleted': [
      view(attached(), ofBoth(), one().suspended(), two().deleted()),
      [ONLY_A],
      [],
    ],
    'is not made part of the Secret of another': [
      view(attached(), secret('regcred').of('two').holding(B), one().suspended(), two()),
      [],
      ['two: 1/1'],
    ],
    'is not made part of the Secret that another makes': [
      view(bare(), one().suspended(), two()),
      ['default pulls with [regcred], ours [regcred]', 'create regcred of [two] with b.io=old'],
      ['two: 0/1'],
    ],
    'keeps the references of ServiceAccounts that only it selects': [
      view(
        attached(),
        account('ci').pullingWith('regcred').marked('regcred'),
        ofBoth(),
        one().forAccounts('ci').suspended(),
        two().forAccounts('default'),
      ),
      [],
      ['two: 1/1'],
    ],
  });
});

describe('a deleted RegistryCredential', () => {
  itPlans({
    'is undone though it is suspended': [view(attached(), ofOne(), one().deleted()), [DETACH, DELETE], []],
    'takes only its own part out of the Secret of another': [
      view(attached(), ofBoth(), one().deleted(), two()),
      [ONLY_B],
      ['two: 1/1'],
    ],
    'takes the references of ServiceAccounts that only it selected': [
      view(attached(), ofBoth(), one().forAccounts('default').deleted(), two().forAccounts('ci')),
      [DETACH, ONLY_B],
      ['two: 0/0'],
    ],
    'is undone where the login of another is not known, but cannot be in the Secret': [
      view(attached(), ofOne(), one().deleted(), credential('two').failingSinceStart('b.io')),
      [DETACH, DELETE],
      ['two: SourceFailed'],
    ],
  });
});

describe('a RegistryCredential deleted with Orphan', () => {
  const orphan = () => one().orphaning().deleted();
  itPlans({
    'releases Secret and references as they are': [
      view(attached(), ofOne(), orphan()),
      [DISOWN, 'then release regcred'],
      [],
    ],
    'releases also a Secret that was handed over, or is immutable': [
      view(attached(), ofOne().handed().frozen(), orphan()),
      [DISOWN, 'then release regcred'],
      [],
    ],
    'leaves nothing to do once it is released': [
      view(account('default').pullingWith('regcred'), ofOne().of().foreign(), orphan()),
      [],
      [],
    ],
    'is undone as ever where it does not select the namespace any more': [
      view(attached(), ofOne(), orphan().inNamespaces({ team: 'a' })),
      [DETACH, DELETE],
      [],
    ],
    'is undone as ever under its former secretName': [
      view(attached(), ofOne(), orphan().into('team-login')),
      [DETACH, DELETE],
      [],
    ],
    'leaves no part behind while another feeds the same Secret': [
      view(attached(), ofBoth(), orphan(), two()),
      [ONLY_B],
      ['two: 1/1'],
    ],
    'leaves no reference behind that the other one does not want': [
      view(attached(), ofBoth(), orphan(), two().forAccounts('ci')),
      [DETACH, ONLY_B],
      ['two: 0/0'],
    ],
    'lets the part of one deleted with Delete go first': [
      view(attached(), ofBoth(), orphan(), two().deleted()),
      [ONLY_A],
      [],
    ],
    'releases together with another one': [
      view(attached(), ofBoth(), orphan(), two().orphaning().deleted()),
      [DISOWN, 'then release regcred'],
      [],
    ],
    'releases what stands there when its login is not known': [
      view(
        attached(),
        ofBoth(),
        credential('one').failingSinceStart().orphaning().deleted(),
        two().deleted(),
      ),
      [DISOWN, 'then release regcred'],
      [],
    ],
    'releases as it is what is immutable, with the part of another': [
      view(attached(), ofBoth().frozen(), orphan(), two().deleted()),
      [DISOWN, 'then release regcred'],
      [],
    ],
    'releases as it is what may hold a login of its that is not known': [
      view(
        attached(),
        ofBoth().holding(A, login('b.io', 'older')),
        orphan().failingSinceStart('b.io'),
        two().deleted(),
      ),
      [DISOWN, 'then release regcred'],
      [],
    ],
    'takes out what another one that is deleted is known to have given': [
      view(attached(), ofBoth(), orphan().failingSinceStart('b.io'), two().deleted()),
      [ONLY_A],
      [],
    ],
    'does not release a Secret that it had no part in': [
      view(attached(), secret('regcred').of('gone').holding(A), orphan()),
      [DETACH, DELETE],
      [],
    ],
    'only leaves its part when a suspended one stays': [
      view(attached(), ofBoth(), orphan(), two().suspended()),
      [ONLY_B],
      [],
    ],
  });
});
