// The list imagePullSecrets of a ServiceAccount: replaced as a whole by the API
// server, so what is not ours must come through in its order.

import { expect } from 'chai';
import { account, credential, view } from '../testing/views.ts';
import { partiesOf } from './parties.ts';
import type { ServiceAccountRecord } from './records.ts';
import { planReferences } from './references.ts';
import type { References, SecretDecision } from './secret-decision.ts';

const team = credential('team');
const parties = partiesOf(view(team), 'regcred', undefined);
const all = (references: References, secretName = 'regcred'): SecretDecision => ({
  secretName,
  parties,
  references,
});

type Lists = [entries: string[], ours: string[]];

function rewritten(account: ServiceAccountRecord, ...decisions: SecretDecision[]): Lists | undefined {
  const patch = planReferences(account, decisions);
  return patch && [[...patch.pullSecrets], [...patch.ownPullSecrets]];
}

describe('the references of a ServiceAccount', () => {
  const rows: Record<string, [before: Lists, References, after: Lists | undefined]> = {
    'attach adds ours behind those of others': [
      [['b', 'a'], []],
      'attach',
      [['b', 'a', 'regcred'], ['regcred']],
    ],
    'attach leaves one that is there, wherever it stands': [
      [['b', 'regcred', 'a'], ['regcred']],
      'attach',
      undefined,
    ],
    'attach does not claim one that was made by hand': [[['regcred'], []], 'attach', undefined],
    'attach brings one back that was removed': [
      [['a'], ['regcred']],
      'attach',
      [['a', 'regcred'], ['regcred']],
    ],
    'attach leaves duplicates of others as they are': [
      [['a', 'a'], []],
      'attach',
      [['a', 'a', 'regcred'], ['regcred']],
    ],
    'detach takes ours and keeps the order of the rest': [
      [['b', 'regcred', 'a'], ['regcred']],
      'detach',
      [['b', 'a'], []],
    ],
    'detach leaves one that was made by hand': [[['regcred', 'a'], []], 'detach', undefined],
    'detach takes one of two: the other was added by hand': [
      [['regcred', 'a', 'regcred'], ['regcred']],
      'detach',
      [['regcred', 'a'], []],
    ],
    'detach takes a mark off whose entry is gone': [[['a'], ['regcred']], 'detach', [['a'], []]],
    'detach leaves marks of other names': [
      [
        ['regcred', 'x'],
        ['regcred', 'x'],
      ],
      'detach',
      [['x'], ['x']],
    ],
    'attach takes marks off whose name is in no list and of no Secret': [
      [['regcred'], ['bar', 'foo', 'regcred']],
      'attach',
      [['regcred'], ['regcred']],
    ],
    'attach adds ours and takes such marks off': [
      [['a'], ['foo']],
      'attach',
      [['a', 'regcred'], ['regcred']],
    ],
    'detach takes such marks off too, so that nothing of us is left': [
      [
        ['regcred', 'a'],
        ['bar', 'foo', 'regcred'],
      ],
      'detach',
      [['a'], []],
    ],
    'detach takes such marks off also where no entry of ours is': [[['a'], ['foo']], 'detach', [['a'], []]],
    'freeze leaves such marks': [[['a'], ['foo']], 'freeze', undefined],
    'disown leaves the entry and takes the mark off': [
      [['regcred'], ['regcred']],
      'disown',
      [['regcred'], []],
    ],
    'disown leaves one that was made by hand': [[['regcred'], []], 'disown', undefined],
    'keep does not add': [[['a'], []], 'keep', undefined],
    'keep does not take': [[['regcred'], ['regcred']], 'keep', undefined],
    'freeze does not take': [[['regcred'], ['regcred']], 'freeze', undefined],
  };
  for (const [sentence, [[entries, ours], references, expected]] of Object.entries(rows))
    it(sentence, () => {
      const given = account('default')
        .pullingWith(...entries)
        .marked(...ours);
      expect(rewritten(given, all(references))).to.deep.equal(expected);
    });

  it('attach and keep take ours from one that is not selected', () => {
    const given = account('default').pullingWith('a', 'regcred').marked('regcred').optedOut();
    for (const references of ['attach', 'keep'] as const)
      expect(rewritten(given, all(references))).to.deep.equal([['a'], []]);
  });

  it('freeze leaves also what is not selected', () => {
    const given = account('default').pullingWith('regcred').marked('regcred').optedOut();
    expect(rewritten(given, all('freeze'))).to.equal(undefined);
  });

  it('several Secrets make one patch, with our marks sorted', () => {
    const given = account('default').pullingWith('regcred', 'z').marked('regcred');
    const decisions = [all('detach'), all('attach', 'b-login'), all('attach', 'a-login')];
    expect(rewritten(given, ...decisions)).to.deep.equal([
      ['z', 'b-login', 'a-login'],
      ['a-login', 'b-login'],
    ]);
  });

  it('a list that we keep from its owner is handed back as it is, also while all else is frozen', () => {
    const helm = { manager: 'helm', operation: 'Apply', apiVersion: 'v1', subresource: undefined };
    const given = account('default').pullingWith('a', 'regcred').marked('regcred').inTheWay(helm);
    for (const references of ['attach', 'freeze'] as const)
      expect(planReferences(given, [all(references)])).to.deep.include({
        pullSecrets: ['a', 'regcred'],
        ownPullSecrets: ['regcred'],
        detached: [],
        owners: [helm],
      });
  });

  it('the patch says which of ours it takes out', () => {
    const given = account('default').pullingWith('a-login', 'b-login').marked('a-login', 'b-login');
    const patch = planReferences(given, [all('detach', 'b-login'), all('attach', 'a-login')]);
    expect(patch).to.deep.include({ ownPullSecrets: ['a-login'], detached: ['b-login'] });
  });

  it('the patch is valid for the state that was looked at only', () => {
    expect(planReferences(account('default'), [all('attach')])).to.include({
      name: 'default',
      namespace: 'apps',
      resourceVersion: '1',
    });
  });
});
