// What is written just after a restart, when an earlier run may have written logins that are not known, or was kept an older one.

import { expect } from 'chai';
import { itPlans, writesOf } from '../testing/told-plan.ts';
import { account, credential, login, secret, view } from '../testing/views.ts';
import { loginId } from './auth-entry.ts';
import type { RegistryMaterial } from './material.ts';
import { merge } from './merge.ts';
import { plan } from './plan.ts';

const A = login('a.io');
const B = login('b.io');

describe('the plan just after a restart', () => {
  const attached = () => account('default').pullingWith('regcred').marked('regcred');
  itPlans({
    'a Secret stays while the source of its only login fails': [
      view(attached(), secret('regcred').of('one').holding(A), credential('one').failingSinceStart()),
      [],
      ['one: 1/1'],
    ],
    'a new ServiceAccount is attached to a Secret that must stay': [
      view(account('late'), secret('regcred').of('one').holding(A), credential('one').failingSinceStart()),
      ['late pulls with [regcred], ours [regcred]'],
      ['one: 0/1'],
    ],
    'one that is not in a Secret that must stay is told so': [
      view(
        attached(),
        secret('regcred').of('one').holding(A),
        credential('one').failingSinceStart(),
        credential('two').failingSinceStart(),
      ),
      [],
      ['one: 1/1', 'two: SourceFailed'],
    ],
    'one whose newer login cannot be written for the sake of another is told so': [
      view(
        attached(),
        secret('regcred').of('one', 'two').holding(A, B),
        credential('one').failingSinceStart(),
        credential('two').giving(login('b.io', 'new')),
      ),
      [],
      ['one: 1/1', 'two: SourceFailed'],
    ],
    'one whose login stands in a Secret that must stay is served': [
      view(
        attached(),
        secret('regcred').of('one', 'two').holding(A, B),
        credential('one').failingSinceStart(),
        credential('two').giving(B),
      ),
      [],
      ['one: 1/1', 'two: 1/1'],
    ],
    'one that fails, and loses its server to another, stays in the list of the Secret': [
      view(
        attached(),
        secret('regcred').of('one', 'two').holding(A),
        credential('one').giving(A),
        credential('two').failingSinceStart('a.io'),
      ),
      [],
      ['one: 1/1', 'two: 1/1'],
    ],
    'it stays in the list also when the login of the other is a new one': [
      view(
        attached(),
        secret('regcred').of('one', 'two').holding(A),
        credential('one').giving(login('a.io', 'new')),
        credential('two').failingSinceStart('a.io'),
      ),
      ['update regcred of [one,two] with a.io=new'],
      ['one: 1/1', 'two: 1/1'],
    ],
    'a login of one that is deleted goes, though the source of another fails whose login was kept': [
      view(
        attached(),
        secret('regcred').of('one', 'two').holding(A, B),
        credential('one').having({ state: 'known', entries: [A], unknownKeys: 'any' }),
        credential('two').giving(B).deleted(),
      ),
      ['update regcred of [one] with a.io=old'],
      ['one: 1/1'],
    ],
    'a Secret stays that holds a login which may be newer than the one that was kept': [
      view(
        attached(),
        secret('regcred').of('one').holding(login('a.io', 'newer')),
        credential('one').having({ state: 'known', entries: [A], unknownKeys: ['a.io'] }),
      ),
      [],
      ['one: SourceFailed'],
    ],
    'a login that is known to be outdated is exchanged for the one that was kept': [
      view(
        attached(),
        secret('regcred').of('one').holding(login('a.io', 'older')),
        credential('one').having({
          state: 'known',
          entries: [A],
          unknownKeys: ['a.io'],
          earlier: [loginId(login('a.io', 'older'))],
        }),
      ),
      ['update regcred of [one] with a.io=old'],
      ['one: 1/1'],
    ],
    'a Secret that somebody emptied stays, for it says nothing of what was in it': [
      view(attached(), secret('regcred').of('one'), credential('one').failingSinceStart()),
      [],
      ['one: 1/1'],
    ],
    'a Secret that cannot be written, and may hold a login that is not known, is said to hold it': [
      view(
        attached(),
        secret('regcred').of('one').holding(A).frozen(),
        credential('one').failingSinceStart(),
        credential('two').giving(B),
      ),
      [],
      ['one: 1/1', 'two: ImmutableSecret'],
    ],
    'an immutable Secret that somebody edited before is named for that by all whose login it lacks': [
      view(
        attached(),
        secret('regcred').of('one').holding(login('a.io', 'theirs')).frozen(),
        credential('one').having({ state: 'known', entries: [A], unknownKeys: 'any' }),
        credential('two').giving(B),
      ),
      [],
      ['one: ImmutableSecret', 'two: ImmutableSecret'],
    ],
    'one without a login is not told of a Secret that cannot be written': [
      view(
        attached(),
        secret('regcred').of('one').holding(A).going(),
        credential('one').giving(login('a.io', 'new')),
        credential('two').failing(),
      ),
      [],
      ['one: Refused', 'two: SourceFailed'],
    ],
    'nor is it where that Secret may hold a login that is not known': [
      view(
        attached(),
        secret('regcred').of('one').holding(A).going(),
        credential('one').having({ state: 'known', entries: [login('a.io', 'new')], unknownKeys: 'any' }),
        credential('two').failing(),
      ),
      [],
      ['one: Refused', 'two: SourceFailed'],
    ],
  });

  // An earlier run kept what it knew of "one", and nothing of its first registry.
  const NEVER: RegistryMaterial = { state: 'absent' };
  const UNLIKELY: RegistryMaterial = { state: 'unknown', keys: undefined, unlikely: true };
  for (const [state, observed] of [
    ['is being deleted', secret('regcred').going()],
    ['is immutable', secret('regcred').frozen()],
  ] as const)
    it(`writes and says the same as before it of a Secret that ${state} and holds an older login`, () => {
      const planned = (first: RegistryMaterial) =>
        plan(
          view(
            attached(),
            account('late'),
            observed.of('one').holding(A),
            credential('one').having(first).giving(login('a.io', 'new')),
            credential('three').giving(B),
            credential('two').failing(),
          ),
          merge,
        );
      expect(writesOf(planned(UNLIKELY))).to.deep.equal([]);
      expect(planned(UNLIKELY).verdicts).to.deep.equal(planned(NEVER).verdicts);
    });
});
