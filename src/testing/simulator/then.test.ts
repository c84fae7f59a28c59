// Whose references count as owed while a login is tried: of one that has given something already, and of no other.

import { expect } from 'chai';
import { CREDENTIALS_ANNOTATION, INTERNAL_LABEL } from '../../api/names.ts';
import { aSecret, aServiceAccount } from '../builders.ts';
import { History } from './history.ts';
import { AtRest, RULES } from './oracle/at-rest.ts';
import { thenOf } from './then.ts';

const KINDS = ['namespaces', 'secrets', 'registrycredentials', 'serviceaccounts'] as const;

/** In a cluster whose RegistryCredential main has a new spec, and waits for what the registry says of its login. */
function owed(cluster: AtRest): readonly string[] {
  cluster.says('main', { ready: 'False Progressing' });
  // What is judged is the state before the last change.
  cluster.given(aServiceAccount('apps', 'last'));
  const history = new History(() => 0);
  for (const [resource, object] of KINDS.flatMap(kind => cluster.all(kind).map(one => [kind, one] as const)))
    history.add({
      resource,
      resourceVersion: 1,
      event: { type: 'ADDED', object },
      previous: undefined,
    });
  const enforced = { ...RULES, isHeldBack: () => false };
  const [then] = thenOf(history, { since: 0, shown: [] }, enforced, () => true);
  return then?.settled().references('apps', 'default') ?? ['nothing was judged'];
}

const kept = () =>
  aSecret('regcred-kept-main')
    .labelled({ [INTERNAL_LABEL]: 'true' })
    .annotated({ [CREDENTIALS_ANNOTATION]: 'main' });

describe('while a login is tried, a reference is owed', () => {
  it('where a Secret has logins of the RegistryCredential', () => {
    expect(owed(new AtRest())).to.deep.equal(['regcred']);
  });

  it('not where its Secret was replaced by one that somebody made, though its logins are kept for a restart', () => {
    const cluster = new AtRest().given(kept());
    delete cluster.of('secrets', 'apps/regcred').metadata.annotations;
    expect(owed(cluster)).to.deep.equal([]);
  });
});
