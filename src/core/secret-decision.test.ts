// What becomes of a Secret that is not simply ours: somebody else's, handed over,
// frozen, of another type, or on its way out.

import { expect } from 'chai';
import { itPlans } from '../testing/told-plan.ts';
import { account, credential, login, secret, view } from '../testing/views.ts';
import { createMerge } from './merge.ts';
import { plan } from './plan.ts';

const OLD = login('r.io', 'old');
const NEW = login('r.io', 'new');
const team = () => credential('team').giving(NEW);
const theirs = () => secret('regcred').foreign().holding(OLD);
const ours = () => secret('regcred').of('team').holding(OLD);
const bare = () => account('default');
const attached = () => account('default').pullingWith('regcred').marked('regcred');

const DETACH = 'default pulls with [], ours []';
const UPDATE = 'update regcred of [team] with r.io=new';

describe('a foreign Secret of our name', () => {
  itPlans({
    'is left alone, and no ServiceAccount is pointed at it': [
      view(bare(), theirs(), team()),
      [],
      ['team: ForeignSecret'],
    ],
    'is foreign also with the very same bytes': [
      view(bare(), theirs().holding(NEW), team()),
      [],
      ['team: ForeignSecret'],
    ],
    'takes our references back': [view(attached(), theirs(), team()), [DETACH], ['team: ForeignSecret']],
    'does not cost anybody a reference of their own': [
      view(account('default').pullingWith('regcred'), theirs(), team()),
      [],
      ['team: ForeignSecret'],
    ],
    'is what ours becomes when our label is taken off by hand': [
      view(attached(), ours().foreign(), team()),
      [DETACH],
      ['team: ForeignSecret'],
    ],
    'stays at the end, and our references go': [view(attached(), theirs()), [DETACH], []],
    'stays when the RegistryCredential that our annotation names is deleted': [
      view(attached(), ours().foreign(), team().deleted().orphaning()),
      [DETACH],
      [],
    ],
  });

  it('is reported with the command that hands it over', () => {
    const { verdicts } = plan(view(theirs(), team()), createMerge());
    expect(verdicts.get('team')?.failure?.message).to.include(
      'kubectl -n apps label secret regcred app.kubernetes.io/managed-by=regcred --overwrite',
    );
  });
});

describe('a Secret that was handed over', () => {
  itPlans({
    'is written in place, and marked as handed over': [
      view(bare(), theirs().labelledByHand(), team()),
      ['default pulls with [regcred], ours [regcred]', `${UPDATE}, handed over`],
      ['team: 0/1'],
    ],
    'is marked also when its content is right already': [
      view(attached(), ours().labelledByHand().holding(NEW), team()),
      [`${UPDATE}, handed over`],
      ['team: 1/1'],
    ],
    'is left alone once it is marked and right': [
      view(attached(), ours().handed().holding(NEW), team()),
      [],
      ['team: 1/1'],
    ],
    'keeps its mark through a change of the login': [
      view(attached(), ours().handed(), team()),
      [`${UPDATE}, handed over`],
      ['team: 1/1'],
    ],
    'is released at the end, not deleted, after the references': [
      view(attached(), ours().handed()),
      [DETACH, 'then release regcred'],
      [],
    ],
    'is released also when it was never written': [
      view(theirs().labelledByHand()),
      ['then release regcred'],
      [],
    ],
    'is released also while it waits for its own end': [
      view(ours().handed().going()),
      ['then release regcred'],
      [],
    ],
  });
});

describe('a Secret of another type with our label', () => {
  itPlans({
    'is reported and left, and references are taken back': [
      view(attached(), ours().opaque(), team()),
      [DETACH],
      ['team: WrongSecretType'],
    ],
    'is left at the end': [view(attached(), ours().opaque()), [DETACH], []],
    'is left by Orphan': [view(attached(), ours().opaque(), team().deleted().orphaning()), [DETACH], []],
  });
});

describe('an immutable Secret of ours', () => {
  itPlans({
    'with an older login is reported, keeps its references and gets no new ones': [
      view(attached(), account('late'), ours().frozen(), team()),
      [],
      ['team: ImmutableSecret'],
    ],
    'with the right login serves as any other': [
      view(bare(), ours().frozen().holding(NEW), team()),
      ['default pulls with [regcred], ours [regcred]'],
      ['team: 0/1'],
    ],
    'has its marks put right as long as the login is': [
      view(attached(), ours().frozen().holding(NEW).of('gone'), team()),
      [UPDATE],
      ['team: 1/1'],
    ],
    'is deleted at the end': [view(attached(), ours().frozen()), [DETACH, 'then delete regcred'], []],
  });
});

describe('a Secret of ours that is being deleted', () => {
  itPlans({
    'is not written any more, and its references stay': [
      view(attached(), ours().going(), team()),
      [],
      ['team: Refused'],
    ],
    'serves as long as it holds the right login': [
      view(attached(), ours().going().holding(NEW), team()),
      [],
      ['team: 1/1'],
    ],
    'is released by Orphan as it is, with the part of others': [
      view(attached(), ours().going().of('gone', 'team'), team().deleted().orphaning()),
      ['default pulls with [regcred], ours []', 'then release regcred'],
      [],
    ],
    'is given to nobody any more, though it may hold a login that is not known': [
      view(bare(), ours().going(), credential('team').failingSinceStart()),
      [],
      ['team: 0/1'],
    ],
    'is what keeps a login out, also where another one is not known': [
      view(
        attached(),
        ours().going(),
        credential('team').failingSinceStart(),
        credential('two').giving(login('s.io', 'other')),
      ),
      [],
      ['team: 1/1', 'two: Refused'],
    ],
  });
});

describe('a write to a Secret', () => {
  it('names the very object that was observed', () => {
    const written = plan(view(ours(), team()), createMerge()).changes;
    const deleted = plan(view(ours()), createMerge()).afterReferences;
    const released = plan(view(ours().handed()), createMerge()).afterReferences;
    expect(written[0]).to.include({ kind: 'ApplySecret', namespace: 'apps', uid: 'uid-of-regcred' });
    for (const [change] of [deleted, released])
      expect(change).to.include({ namespace: 'apps', uid: 'uid-of-regcred', resourceVersion: '1' });
  });
});
