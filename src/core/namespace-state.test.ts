import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RegistryCredentialStatus } from '../api/types.ts';
import { aRecord } from '../testing/pulls.ts';
import { account, namespace, secret } from '../testing/views.ts';
import type { CredentialRecord } from './credential-record.ts';
import { type NamespaceState, namespaceStates, type Surroundings } from './namespace-state.ts';

const apps = () => namespace('apps').optedIn();
const ours = () => secret('regcred').of('team');
const attached = () => account('default').pullingWith('regcred');

const around = (change: Partial<Surroundings> = {}): Surroundings => ({
  namespaces: [apps()],
  secrets: [ours()],
  serviceAccounts: [attached()],
  operatorNamespace: 'regcred-system',
  ...change,
});

const of = (
  surroundings: Surroundings,
  record: CredentialRecord = aRecord('team', 'r.example'),
): NamespaceState[] => namespaceStates(record, surroundings);
const refused = {
  ...aRecord('team', 'r.example'),
  status: {
    failures: [{ namespace: 'apps', reason: 'Refused', message: 'quota' }],
  } as unknown as RegistryCredentialStatus,
};

describe('the state of a namespace', () => {
  const rows: Record<string, [NamespaceState[], ...states: string[]]> = {
    'is Synced with Secret and references': [of(around()), 'Synced 1/1'],
    'is Pending without the Secret': [of(around({ secrets: [] })), 'Pending 1/1'],
    'is Pending when the Secret is of others': [
      of(around({ secrets: [secret('regcred').of('b')] })),
      'Pending 1/1',
    ],
    'is Pending without a reference': [
      of(around({ serviceAccounts: [attached(), account('b')] })),
      'Pending 1/2',
    ],
    'counts no ServiceAccount that is kept out': [
      of(around({ serviceAccounts: [attached(), account('b').optedOut()] })),
      'Synced 1/1',
    ],
    "is ForeignSecret with somebody else's": [
      of(around({ secrets: [secret('regcred').foreign()] })),
      'ForeignSecret 1/1',
    ],
    'is WrongSecretType with another type': [
      of(around({ secrets: [ours().opaque()] })),
      'WrongSecretType 1/1',
    ],
    'is what status says of it': [of(around(), refused), 'Refused 1/1'],
    'is Unknown when Secrets must not be read': [of(around({ secrets: undefined })), 'Unknown 1/1'],
    'has no counts when ServiceAccounts must not be read': [
      of(around({ serviceAccounts: undefined })),
      'Synced -',
    ],
    'is not told when it has not opted in': [of(around({ namespaces: [namespace('apps')], secrets: [] }))],
    'is Leaving when it is not selected any more': [
      of(around({ namespaces: [namespace('apps')] })),
      'Leaving -',
    ],
    'is Leaving when the RegistryCredential goes': [
      of(around(), { ...aRecord('team', 'r.example'), deleted: true }),
      'Leaving -',
    ],
  };
  for (const [title, [states, ...expected]] of Object.entries(rows))
    it(title, () => {
      const shown = states.map(
        ({ state, serviceAccounts: counts }) =>
          `${state} ${counts ? `${counts.attached}/${counts.selected}` : '-'}`,
      );
      expect(shown).to.deep.equal(expected);
      for (const { state, message } of states) expect(message === undefined).to.equal(state === 'Synced');
    });

  it('is sorted by name', () => {
    const namespaces = [namespace('b').optedIn(), namespace('a').optedIn()];
    expect(of(around({ namespaces })).map(one => one.namespace)).to.deep.equal(['a', 'b']);
  });
});
