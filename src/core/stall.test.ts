// A spec that is admitted and cannot be obeyed.

import { expect } from 'chai';
import { aRecord } from '../testing/situations.ts';
import { stallOf } from './stall.ts';

describe('a RegistryCredential', () => {
  const { spec } = aRecord();

  it('is obeyed when its secretName is served', () => {
    expect(stallOf(spec, ['other', 'regcred'])).to.equal(undefined);
  });

  it('stalls when its secretName is not, and says which are and where to add it', () => {
    const stall = stallOf({ ...spec, secretName: 'mine' }, ['other', 'regcred']);
    expect(stall?.reason).to.equal('SecretNameNotServed');
    expect(stall?.message)
      .to.include('"mine"')
      .and.include('other, regcred')
      .and.include('--secret-names')
      .and.include('ClusterRole')
      .and.include('ValidatingAdmissionPolicy');
  });
});
