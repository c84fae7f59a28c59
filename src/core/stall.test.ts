// A spec that is admitted and cannot be obeyed.

import { expect } from 'chai';
import { aRecord } from '../testing/situations.ts';
import { stallOf } from './stall.ts';

describe('a RegistryCredential', () => {
  const { spec } = aRecord();

  it('is obeyed when its secretName is served', () => {
    expect(stallOf(aRecord(), ['other', 'regcred'])).to.equal(undefined);
  });

  it('stalls when its secretName is not, and says which are and where to add it', () => {
    const stall = stallOf(aRecord({ spec: { ...spec, secretName: 'mine' } }), ['other', 'regcred']);
    expect(stall?.reason).to.equal('SecretNameNotServed');
    expect(stall?.message)
      .to.include('"mine"')
      .and.include('other, regcred')
      .and.include('--secret-names')
      .and.include('ClusterRole')
      .and.include('ValidatingAdmissionPolicy');
  });

  it('stalls when this version cannot read it, and says which field that is and what to do', () => {
    const stall = stallOf(aRecord({ unreadable: 'spec.registries[0].basic' }), ['regcred']);
    expect(stall?.reason).to.equal('SpecUnreadable');
    expect(stall?.message)
      .to.include('spec.registries[0].basic')
      .and.include('stays as it is')
      .and.include('CRD');
  });
});
