// The digest of a material stands for the material: whether namespaces are
// reconciled, and which merged Secret is remembered, is decided by it alone.

import { expect } from 'chai';
import { login } from '../testing/views.ts';
import { materialOf, type RegistryMaterial } from './material.ts';

const known = (...entries: ReturnType<typeof login>[]): RegistryMaterial => ({ state: 'known', entries });
const digest = (...registries: RegistryMaterial[]): string => materialOf(registries).digest;

describe('the digest of a material', () => {
  it('is the same for the same logins', () => {
    expect(digest(known(login('r.io')))).to.equal(digest(known(login('r.io'))));
  });

  const different: Record<string, readonly RegistryMaterial[]> = {
    'one login': [known(login('r.io'))],
    'another password': [known(login('r.io', 'new'))],
    'another spelling of the server': [known(login('https://r.io'))],
    'another server with the same login': [known(login('q.io'))],
    'two logins of one registry': [known(login('q.io'), login('r.io'))],
    'the same two in another order': [known(login('r.io'), login('q.io'))],
    'the same two of two registries': [known(login('q.io')), known(login('r.io'))],
    'a bad entry that may have been good': [
      { state: 'known', entries: [login('r.io')], unknownKeys: ['q.io'] },
    ],
    'nothing at all': [],
    'a source that never gave anything': [{ state: 'absent' }],
    'two of them': [{ state: 'absent' }, { state: 'absent' }],
    'a source that may have given anything': [{ state: 'unknown', keys: undefined }],
    'a source that may have given one login': [{ state: 'unknown', keys: ['r.io'] }],
    'a source that may have given none': [{ state: 'unknown', keys: [] }],
  };
  for (const [sentence, registries] of Object.entries(different))
    it(`of ${sentence} is like no other`, () => {
      const same = Object.values(different).filter(others => digest(...others) === digest(...registries));
      expect(same).to.deep.equal([registries]);
    });
});
