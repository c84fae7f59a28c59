// What the redactor knows while logins come, change and go.

import { expect } from 'chai';
import { encodeEntry } from '../core/docker-config.ts';
import { createRedactor } from '../redactor.ts';
import type { RegistryState } from './last-known-good.ts';
import { Learned } from './learned.ts';

function rig() {
  const redactor = createRedactor();
  const learned = new Learned(redactor);
  const use = (password: string, username = 'somebody') => {
    const entries = [encodeEntry({ server: 'r.io', username, password })];
    learned.learn('x', [{ material: { state: 'known', entries } } as unknown as RegistryState]);
  };
  return { learned, use, shown: (text: string) => redactor.redact(text) };
}

describe('the logins that are in use', () => {
  it('are masked, and so is the one before, which a Secret may still hold', () => {
    const { use, shown } = rig();
    for (const password of ['first-one', 'second-one', 'second-one']) use(password);
    expect(shown('first-one second-one')).to.equal('*** ***');
    expect(shown(btoa('somebody:first-one'))).to.equal('***');
    use('third-one');
    expect(shown('first-one second-one third-one')).to.equal('first-one *** ***');
  });

  it('are masked also where they are held back, and the one in use beside them', () => {
    const { learned, use, shown } = rig();
    use('first-one');
    const entry = (password: string) => encodeEntry({ server: 'r.io', username: 'somebody', password });
    const material = { state: 'known', entries: [entry('first-one')] };
    learned.learn('x', [{ material, held: [entry('held-back')] } as unknown as RegistryState]);
    expect(shown('first-one held-back')).to.equal('*** ***');
    const offered = { entries: [entry('rejected-before')] };
    learned.learn('x', [{ material, held: [entry('held-back')], offered } as unknown as RegistryState]);
    expect(shown('first-one rejected-before')).to.equal('*** ***');
    use('held-back');
    expect(shown('first-one held-back')).to.equal('*** ***');
  });

  it('are forgotten with their RegistryCredential, however often it was looked at', () => {
    const { learned, use, shown } = rig();
    for (const password of ['first-one', 'first-one', 'second-one']) use(password);
    learned.forgetAll();
    expect(shown('first-one second-one')).to.equal('first-one second-one');
  });

  it('are masked with a user name that looks like a token, and without one that could be a name', () => {
    const { use, shown } = rig();
    use('x-oauth-basic', 'ghp_0123456789AbCdEf');
    expect(shown('ghp_0123456789AbCdEf')).to.equal('***');
    use('hunter22', 'the-namespace-of-team-1');
    expect(shown('the-namespace-of-team-1')).to.equal('the-namespace-of-team-1');
  });
});
