// Whom a namespace serves, and what it takes to serve or to undo it: the main
// rules of the plan, on a single RegistryCredential.

import { expect } from 'chai';
import { itPlans } from '../testing/told-plan.ts';
import { account, credential, login, namespace, secret, view } from '../testing/views.ts';
import { createMerge } from './merge.ts';
import { plan } from './plan.ts';

const OLD = login('r.io', 'old');
const NEW = login('r.io', 'new');
const team = () => credential('team').giving(NEW);
const served = () => secret('regcred').of('team').holding(NEW);
const bare = () => account('default');
const attached = () => account('default').pullingWith('regcred').marked('regcred');

const ATTACH = 'default pulls with [regcred], ours [regcred]';
const DETACH = 'default pulls with [], ours []';
const CREATE = 'create regcred of [team] with r.io=new';
const DELETE = 'then delete regcred';

describe('the plan for a namespace on its way in', () => {
  itPlans({
    'a selected namespace gets reference and Secret side by side': [
      view(bare(), team()),
      [ATTACH, CREATE],
      ['team: 0/1'],
    ],
    'a namespace without any ServiceAccount gets the Secret': [view(team()), [CREATE], ['team: 0/0']],
    'one that is served gets nothing': [view(attached(), served(), team()), [], ['team: 1/1']],
    'one without a RegistryCredential is not touched': [view(bare()), [], []],
    'a new ServiceAccount gets the reference, and the Secret stays as it is': [
      view(attached(), account('late'), served(), team()),
      ['late pulls with [regcred], ours [regcred]'],
      ['team: 1/2'],
    ],
    'without material neither ServiceAccount nor Secret is touched': [
      view(bare(), credential('team').failing()),
      [],
      ['team: SourceFailed'],
    ],
    'without material what a ServiceAccount has stays': [
      view(attached(), credential('team').failingSinceStart()),
      [],
      ['team: SourceFailed'],
    ],
    'with part of the material a missing Secret is written with what there is': [
      view(bare(), team().failingSinceStart('q.io')),
      [ATTACH, CREATE],
      ['team: 0/1'],
    ],
  });
});

describe('the plan for what drifted', () => {
  const update = 'update regcred of [team] with r.io=new';
  itPlans({
    'a new password is written into the same Secret': [
      view(attached(), served().holding(OLD), team()),
      [update],
      ['team: 1/1'],
    ],
    'an edited Secret is put right': [
      view(attached(), served().holding(NEW, login('x.io')), team()),
      [update],
      ['team: 1/1'],
    ],
    'an emptied Secret is put right': [view(attached(), served().holding(), team()), [update], ['team: 1/1']],
    'a deleted Secret is made again, and the references stay': [
      view(attached(), team()),
      [CREATE],
      ['team: 1/1'],
    ],
    'our list of RegistryCredentials is put right': [
      view(attached(), served().of('team', 'gone'), team()),
      [update],
      ['team: 1/1'],
    ],
    'a removed reference comes back': [
      view(account('default').marked('regcred'), served(), team()),
      [ATTACH],
      ['team: 0/1'],
    ],
    'one that loses its server to another is well, also when that other fails since the start': [
      view(
        attached(),
        served().of('first', 'team').holding(login('r.io', 'of-first')),
        credential('first').failingSinceStart('r.io'),
        team(),
      ),
      [],
      ['first: 1/1', 'team: 1/1'],
    ],
    'a source that does not want the login any more, and nothing is left: references first, then the Secret':
      [view(attached(), served(), credential('team').failing()), [DETACH, DELETE], ['team: SourceFailed']],
  });
});

describe('the plan for a namespace on its way out', () => {
  itPlans({
    'one that stops matching loses its references, and then its Secret': [
      view(attached(), served(), team().inNamespaces({ team: 'a' })),
      [DETACH, DELETE],
      [],
    ],
    'a deleted RegistryCredential is undone': [
      view(attached(), served(), team().deleted()),
      [DETACH, DELETE],
      [],
    ],
    'marks without any RegistryCredential are removed': [view(attached(), served()), [DETACH, DELETE], []],
    'a reference without a Secret is removed': [view(attached()), [DETACH], []],
    'another secretName moves everything': [
      view(attached(), served(), team().into('team-login')),
      [
        'default pulls with [team-login], ours [team-login]',
        'create team-login of [team] with r.io=new',
        DELETE,
      ],
      ['team: 0/1'],
    ],
    'an entry that was there before us stays': [
      view(account('default').pullingWith('regcred', 'mine'), served()),
      [DELETE],
      [],
    ],
    'a Secret that is being deleted already is not deleted again': [
      view(attached(), served().going()),
      [DETACH],
      [],
    ],
  });
});

describe('the plan and who is selected', () => {
  const out = { 'regcred.dev/sync': 'false' };
  itPlans({
    'a namespace with the opt-out label loses all, whatever the selector': [
      view(namespace('apps').optedOut(), attached(), served(), team()),
      [DETACH, DELETE],
      [],
    ],
    'a ServiceAccount with the opt-out label loses its reference and is not counted': [
      view(attached().labelled(out), served(), team()),
      [DETACH],
      ['team: 0/0'],
    ],
    'a ServiceAccount that is not named loses its reference': [
      view(attached(), served(), team().forAccounts('ci-*')),
      [DETACH],
      ['team: 0/0'],
    ],
    'a named ServiceAccount gets the reference, others do not': [
      view(bare(), account('ci-build'), served(), team().forAccounts('ci-*')),
      ['ci-build pulls with [regcred], ours [regcred]'],
      ['team: 0/1'],
    ],
    'kube-system is out by itself': [view(namespace('kube-system'), bare(), team()), [], []],
    'kube-system is in with its own opt-in label': [
      view(namespace('kube-system').optedIn(), bare(), team()),
      [ATTACH, CREATE],
      ['team: 0/1'],
    ],
    'the namespace of the operator is never a target, opted in or not': [
      view(namespace('regcred-system').optedIn(), attached(), served(), team()),
      [],
      [],
    ],
    'a terminating namespace is left to its end': [
      view(namespace('apps').going(), attached(), served(), team()),
      [],
      [],
    ],
  });

  it('the ServiceAccounts of a namespace that refuses are selected and not attached, whatever they have', () => {
    const { verdicts } = plan(view(attached(), served().holding(OLD).frozen(), team()), createMerge());
    expect(verdicts.get('team')?.serviceAccounts).to.deep.equal({ selected: 1, attached: 0 });
  });

  it('two Secret names are two Secrets, and one patch of the ServiceAccount', () => {
    const given = view(bare(), team(), credential('other').giving(OLD).into('team-login'));
    const { changes } = plan(given, createMerge());
    expect(changes.map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal([
      'PatchServiceAccount default',
      'ApplySecret regcred',
      'ApplySecret team-login',
    ]);
    expect(changes[0]).to.deep.include({ pullSecrets: ['regcred', 'team-login'], resourceVersion: '1' });
  });
});
