// Several RegistryCredentials in one Secret: who wins, and what is said of it.

import { describe } from 'mocha';
import { aDockerConfigSecret } from '../../builders.ts';
import { beside, FAILED, holds, itFinds, type Rows } from './rows.ts';

const WRONG = 'Secret apps/regcred has a login of r.io that is not the right one';
const LOSES = { messages: ['registries[0] of another goes before it'] };

const MERGING: Rows = {
  'two with different servers are both in it': [
    c => {
      beside(holds(c, { 'r.io': 'fake', 's.io': 'its' }, 'main,other'), 'other', 's.io').says('other');
    },
  ],
  'the first by name wins': [
    c => {
      beside(holds(c, { 'r.io': 'its' }, 'a,main'), 'a', 'r.io').says('a');
      c.says('main', { messages: ['a goes before it'] });
    },
  ],
  'the second by name does not win': [
    c => {
      beside(holds(c, { 'r.io': 'fake' }, 'a,main'), 'a', 'r.io').says('a');
      c.says('main', { messages: ['a goes before it'] });
    },
    WRONG,
  ],
  'servers that the kubelet indexes alike are the same': [
    c => {
      beside(holds(c, { 'https://r.io/v1/': 'its', 'r.io': 'fake' }, 'a,main'), 'a', 'https://r.io/v1/').says(
        'a',
      );
      c.says('main', { messages: ['a goes before it'] });
    },
    'Secret apps/regcred has two entries for r.io',
    WRONG,
  ],
  'a path makes another server': [
    c => {
      beside(holds(c, { 'r.io': 'fake', 'r.io/team': 'its' }, 'a,main'), 'a', 'r.io/team').says('a');
    },
  ],
  'the loser names the winner': [
    c => {
      beside(holds(c, { 'r.io': 'its' }, 'abc,main'), 'abc', 'r.io').says('abc');
      c.says('main', LOSES);
    },
    'RegistryCredential main registries[0] does not name abc, which goes before it',
  ],
  'the message goes when the winner goes': [
    c => c.says('main', { messages: ['abc goes before it'] }),
    'RegistryCredential main registries[0] has a message though its login is served',
  ],
  'in one of them the first in the list wins': [
    c => {
      const config = aDockerConfigSecret('all')
        .withLogin('r.io', 'robot', 'its')
        .withLogin('s.io', 'robot', 'its');
      c.given(config)
        .of('registrycredentials', 'main')
        .spec.registries.push({
          dockerConfig: { secretRef: { name: 'all' } },
        });
      holds(c, { 'r.io': 'fake', 's.io': 'its' }).says('main', {
        messages: [undefined, 'r.io: the first counts'],
      });
    },
  ],
  'while the winner has no login yet the next one serves': [
    c => {
      beside(c, 'a', 'r.io', 'nowhere').says('a', FAILED);
    },
  ],
  'who is stalled takes no part': [
    c => {
      beside(c, 'a', 'r.io').of('registrycredentials', 'a').spec.secretName = 'unheard-of';
      c.says('a', { ready: 'False SecretNameNotServed', conditions: { Stalled: 'SecretNameNotServed' } });
    },
  ],
};

describe('the oracle of merged sources', () => itFinds(MERGING));
