// Sources that fail, and suspend: what each of them leaves open, and what it does not.

import { describe } from 'mocha';
import { DOCKER_CONFIG_KEY } from '../../../api/names.ts';
import { aBasicSecret, aDockerConfigSecret, aNamespace, aSecret } from '../../builders.ts';
import type { AtRest } from './at-rest.ts';
import { beside, FAILED, holds, itFinds, KEPT, type Rows } from './rows.ts';

const without = (cluster: AtRest) => cluster.remove('secrets', 'regcred-system/login');
const suspend = (cluster: AtRest) => {
  cluster.of('registrycredentials', 'main').spec.suspend = true;
  return cluster.says('main', { ready: 'Unknown Suspended', namespaces: '0/0', serviceAccounts: '0/0' });
};
const FAILING: Rows = {
  'a source that was never there leaves no Secret': [
    c => {
      without(c).remove('secrets', 'apps/regcred').remove('serviceaccounts', 'apps/default');
      c.says('main', { ...FAILED, serviceAccounts: '0/0' });
    },
  ],
  'a source that fails takes no login away': [
    c => {
      without(c)
        .once(aBasicSecret('login', 'robot', 'fake'))
        .says('main', KEPT);
    },
  ],
  'which of the earlier logins is kept is open': [
    c => {
      const [older, newer] = ['fake', 'newer'].map(password => aBasicSecret('login', 'robot', password));
      if (older && newer) without(c).once(older).once(newer).says('main', KEPT);
    },
  ],
  'after a restart a missing Secret may stay away': [
    c => {
      without(c).once(aBasicSecret('login', 'robot', 'fake'));
      c.remove('secrets', 'apps/regcred').remove('serviceaccounts', 'apps/default');
      c.says('main', { ...FAILED, serviceAccounts: '0/0' });
    },
  ],
  'a source that fails is told': [
    c => without(c).once(aBasicSecret('login', 'robot', 'fake')),
    'RegistryCredential main lacks the condition SourceFailing',
    'RegistryCredential main registries[0] does not say what is wrong with its source',
  ],
  'a source that is sound is not told to fail': [
    c => c.says('main', { conditions: { SourceFailing: 'LastKnownGoodServed' } }),
    'RegistryCredential main is SourceFailing though each source is sound',
  ],
  'a source without password fails': [
    c => {
      without(c)
        .given(aSecret('login').with('username', 'robot'))
        .once(aBasicSecret('login', 'robot', 'fake'));
      c.says('main', KEPT);
    },
  ],
  'who is deleted is gone only when its logins are, also where rule 5 keeps the Secret': [
    c => {
      without(c)
        .once(aBasicSecret('login', 'robot', 'fake'))
        .says('main', KEPT);
      holds(c, { 'r.io': 'fake', 's.io': 'its' }, 'gone,main');
    },
    'Secret apps/regcred has a login of gone, which is gone',
  ],
  '… and until then it has our finalizer': [
    c => {
      beside(without(c).once(aBasicSecret('login', 'robot', 'fake')), 'other', 's.io').says('main', KEPT);
      holds(c, { 'r.io': 'fake', 's.io': 'its' }, 'main,other');
      c.of('registrycredentials', 'other').metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    },
  ],
  'a new login may wait for the source of another one, and status says so': [
    c => {
      beside(without(c).once(aBasicSecret('login', 'robot', 'fake')), 'other', 's.io').says('main', KEPT);
      holds(c, { 'r.io': 'fake', 's.io': 'older' }, 'main,other').once(
        aBasicSecret('other', 'robot', 'older'),
      );
      c.says('other', { ...FAILED, conditions: {}, messages: [] });
    },
  ],
  '… but it does not count as synced': [
    c => {
      beside(without(c).once(aBasicSecret('login', 'robot', 'fake')), 'other', 's.io').says('main', KEPT);
      holds(c, { 'r.io': 'fake', 's.io': 'older' }, 'main,other').once(
        aBasicSecret('other', 'robot', 'older'),
      );
      c.says('other');
    },
    'RegistryCredential other has Ready True Synced instead of False SourceFailed',
    'RegistryCredential other counts 1 synced namespaces instead of 0',
    'RegistryCredential other counts 1 attached ServiceAccounts instead of 0',
    'RegistryCredential other does not name the failure in apps',
  ],
};

const config = (auths: object) => JSON.stringify({ auths });
const given = (cluster: AtRest, auths: object) => {
  const secret = aDockerConfigSecret('all').with(DOCKER_CONFIG_KEY, config(auths));
  const { spec } = cluster.given(secret).of('registrycredentials', 'main');
  spec.registries = [{ dockerConfig: { secretRef: { name: 'all' } } }];
  return cluster.says('main');
};
const good = { auth: btoa('robot:fake') };
const LEFT_OUT = { conditions: { SourceFailing: 'EntryLeftOut' }, messages: ['s.io: …'] };

const CONFIGS: Rows = {
  'auth beats user and password': [c => given(c, { 'r.io': { ...good, username: 'x', password: 'y' } })],
  'all entries are taken': [
    c => given(c, { 'r.io': good, 's.io': good }),
    'Secret apps/regcred lacks the login of s.io',
  ],
  'an entry that is removed from a sound source is removed': [
    c => holds(given(c, { 'r.io': good }), { 'r.io': 'fake', 's.io': 'fake' }),
    'Secret apps/regcred has a login of s.io that nobody gives',
  ],
  'one bad entry leaves the others': [
    c => given(c, { 'r.io': good, 's.io': { auth: '!' } }).says('main', LEFT_OUT),
  ],
  'an entry with nothing but identitytoken is bad': [
    c => given(c, { 'r.io': good, 's.io': { identitytoken: 'x' } }),
    'RegistryCredential main lacks the condition SourceFailing',
    'RegistryCredential main registries[0] does not say what is wrong with its source',
  ],
  'an entry with a colon in its user name is bad': [
    c => given(c, { 'r.io': good, 's.io': { username: 'a:b', password: 'fake' } }).says('main', LEFT_OUT),
  ],
  'an entry without password is bad': [
    c => given(c, { 'r.io': good, 's.io': { username: 'a', password: '' } }).says('main', LEFT_OUT),
  ],
  'the last good form of a bad entry may be kept': [
    c => {
      c.once(
        aDockerConfigSecret('all').withLogin('r.io', 'robot', 'fake').withLogin('s.io', 'robot', 'fake'),
      );
      holds(given(c, { 'r.io': good, 's.io': { auth: '!' } }), { 'r.io': 'fake', 's.io': 'fake' });
      c.says('main', LEFT_OUT);
    },
  ],
  'a source of another type fails': [
    c => {
      given(c, { 'r.io': good }).once(aDockerConfigSecret('all').withLogin('r.io', 'robot', 'fake'));
      c.of('secrets', 'regcred-system/all').type = 'Opaque';
    },
    'RegistryCredential main lacks the condition SourceFailing',
    'RegistryCredential main registries[0] does not say what is wrong with its source',
  ],
};

const SUSPENDED: Rows = {
  'what a suspended one has stays, whatever its source says now': [
    c => {
      suspend(holds(c, { 'r.io': 'old' })).once(aBasicSecret('login', 'robot', 'old'));
    },
  ],
  'a suspended one takes no new namespace': [c => suspend(c).given(aNamespace('late').optedIn())],
  'what is in a Secret that does not name a suspended one is not its': [
    c => {
      suspend(c);
      holds(c, { 'r.io': 'fake' }, '');
    },
    'Secret apps/regcred has our label, though nobody wants it',
  ],
  '… but a frozen one cannot name it, and is left open': [
    c => {
      suspend(c);
      holds(c, { 'r.io': 'older' }, 'gone').of('secrets', 'apps/regcred').immutable = true;
    },
  ],
  'suspended means Ready Unknown': [
    c => suspend(c).says('main'),
    'RegistryCredential main has Ready True Synced instead of Unknown Suspended',
  ],
  'one that is not suspended goes on beside it': [
    c => {
      beside(suspend(c), 'other', 's.io').says('other', { ...FAILED, conditions: {}, messages: [] });
    },
  ],
};

describe('the oracle of sources', () => {
  describe('that fail', () => itFinds(FAILING));
  describe('that are docker configs', () => itFinds(CONFIGS));
  describe('that are suspended', () => itFinds(SUSPENDED));
});
