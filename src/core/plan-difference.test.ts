import { expect } from 'chai';
import { describe, it } from 'mocha';
import { account, credential, login, namespace, secret, view } from '../testing/views.ts';
import { createMerge } from './merge.ts';
import { countsOf, differenceIn, type NamespaceDifference } from './plan-difference.ts';
import type { NamespaceView } from './view.ts';

const R = () => login('r.example');
const team = () => credential('team').giving(R());
const held = () => secret('regcred').of('team').holding(R());
const attached = () => account('default').pullingWith('regcred').marked('regcred');

/** "Secret regcred made +r.example", "ServiceAccount default +regcred", "not served: ForeignSecret". */
function told(before: NamespaceView, after: NamespaceView): string[] {
  const difference = differenceIn(before, after, createMerge());
  if (difference === undefined) return [];
  const { changes, failures } = difference;
  return [...changes.map(toldChange), ...failures.map(({ reason }) => `not served: ${reason}`)].sort();
}

function toldChange(change: NamespaceDifference['changes'][number]): string {
  const { kind, name, added, removed } = change;
  const [action, changed] = kind === 'Secret' ? [` ${change.action}`, change.changed] : ['', []];
  const servers = [
    ...added.map(key => `+${key}`),
    ...changed.map(key => `~${key}`),
    ...removed.map(key => `-${key}`),
  ];
  return [`${kind} ${name}${action}`, ...servers].join(' ');
}

describe('what a change of RegistryCredentials changes in a namespace', () => {
  const rows: Record<string, [before: NamespaceView, after: NamespaceView, ...told: string[]]> = {
    'is nothing when nothing changes': [view(held(), attached(), team()), view(held(), attached(), team())],
    'is Secret and reference when it is new': [
      view(account('default')),
      view(account('default'), team()),
      'Secret regcred made +r.example',
      'ServiceAccount default +regcred',
    ],
    'is not what was going to happen anyway': [
      view(account('default'), team()),
      view(account('default'), team()),
    ],
    'is another login': [
      view(held(), attached(), team()),
      view(held(), attached(), credential('team').giving(login('r.example', 'new'))),
      'Secret regcred updated ~r.example',
    ],
    'is one more server beside what stays': [
      view(held(), attached(), team()),
      view(held(), attached(), team().giving(login('q.example'))),
      'Secret regcred updated +q.example',
    ],
    'is one more server beside what was going to be written anyway': [
      view(attached(), team()),
      view(attached(), team().giving(login('q.example'))),
      'Secret regcred updated +q.example',
    ],
    'is a server less': [
      view(held(), attached(), team()),
      view(held(), attached(), credential('team').giving(login('q.example'))),
      'Secret regcred updated +q.example -r.example',
    ],
    'is all of it when it is deleted': [
      view(held(), attached(), team()),
      view(held(), attached(), team().deleted()),
      'Secret regcred deleted -r.example',
      'ServiceAccount default -regcred',
    ],
    'is our part when others go on': [
      view(
        secret('regcred').of('a', 'team').holding(R(), login('q.example')),
        attached(),
        credential('a').giving(login('q.example')),
        team(),
      ),
      view(
        secret('regcred').of('a', 'team').holding(R(), login('q.example')),
        attached(),
        credential('a').giving(login('q.example')),
        team().deleted(),
      ),
      'Secret regcred updated -r.example',
    ],
    'is that it is let go when it is deleted as an orphan': [
      view(held(), attached(), team().orphaning()),
      view(held(), attached(), team().orphaning().deleted()),
      'Secret regcred released',
      'ServiceAccount default',
    ],
    'is that it refuses': [
      view(secret('regcred').foreign(), account('default')),
      view(secret('regcred').foreign(), account('default'), team()),
      'not served: ForeignSecret',
    ],
    'is nothing where it is not selected': [
      view(namespace('apps'), account('default')),
      view(namespace('apps'), account('default'), team().inNamespaces({ a: 'b' })),
    ],
  };
  for (const [title, [before, after, ...expected]] of Object.entries(rows))
    it(title, () => expect(told(before, after)).to.deep.equal(expected));

  it('is counted', () => {
    const made = differenceIn(view(account('default')), view(account('default'), team()), createMerge());
    const refusing = differenceIn(
      view(secret('regcred').foreign()),
      view(secret('regcred').foreign(), team()),
      createMerge(),
    );
    expect(countsOf([made, refusing].flatMap(one => one ?? []))).to.deep.equal({
      namespaces: 1,
      secrets: { made: 1, updated: 0, released: 0, deleted: 0 },
      serviceAccounts: 1,
      refusing: 1,
    });
  });
});
