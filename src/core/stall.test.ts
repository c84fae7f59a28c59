// A spec that is admitted and cannot be obeyed.

import { expect } from 'chai';
import { aRecord } from '../testing/situations.ts';
import { isHindered, stallOf } from './stall.ts';

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

  it('stalls by a schedule that means nothing, says what to write, and is obeyed in all else', () => {
    const stall = stallOf(aRecord({ spec: { ...spec, refresh: { schedule: '0 0 30 2 *' } } }), ['regcred']);
    expect(stall?.reason).to.equal('ScheduleInvalid');
    expect(stall?.message).to.include('write five fields').and.include('in time before they end');
    expect(isHindered(stall)).to.equal(false);
    expect(isHindered(stallOf(aRecord(), ['other']))).to.equal(true);
  });

  it('is obeyed with a schedule that means something', () => {
    expect(stallOf(aRecord({ spec: { ...spec, refresh: { schedule: '0 0 1 2 *' } } }), ['regcred'])).to.equal(
      undefined,
    );
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
