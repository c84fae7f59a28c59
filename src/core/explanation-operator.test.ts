// Every cause that keeps a pod from the login that is there for it: it came too early, it has others, or
// the operator does not serve it.

import { describe } from 'mocha';
import type { RegistryCredentialStatus } from '../api/types.ts';
import { itExplains } from '../testing/explanation-rows.ts';
import { aPull, aRecord, DENIED, handMade, loginsTo, served } from '../testing/pulls.ts';

const R = 'r.example/app';
const pull = () => aPull(R).naming('regcred').with('regcred', served('team', 'r.example'));
const empty = () => aPull(R).naming();
const deployment = { kind: 'deployment', name: 'app' };

const status = (part: object) =>
  ({ failures: [], conditions: [], registries: [], ...part }) as unknown as RegistryCredentialStatus;
const failures = (reason: string, message: string) =>
  status({ failures: [{ namespace: 'apps', reason, message }] });
const notReady = (reason: string, message: string) =>
  status({ conditions: [{ type: 'Ready', status: 'False', reason, message }] });

describe('an explanation of a pod that was not given the login', () => {
  itExplains({
    'a pod from before the reference': [
      pull().byPod([], DENIED, deployment),
      'PodOlderThanReference',
      'only when it is created',
      '$kubectl -n apps rollout restart deployment app',
    ],
    'one of a Job': [
      pull().byPod([], DENIED, { kind: 'job', name: 'app' }),
      'PodOlderThanReference',
      '$kubectl -n apps delete pod app-1',
    ],
    'one of nobody': [
      pull().byPod([], DENIED),
      'PodOlderThanReference',
      '$kubectl -n apps get pod app-1 -o yaml | kubectl replace --force -f -',
    ],
    'a pod from when the list was shorter': [
      pull().naming('other', 'regcred').with('other', handMade({})).byPod(['other'], DENIED, deployment),
      'PodOlderThanReference',
    ],
    'a pod with pull secrets of its own': [
      pull()
        .with('own', handMade(loginsTo('q.example')))
        .byPod(['own'], DENIED, deployment),
      'PodHasOwnPullSecrets',
      'apps/regcred has a login',
      `$kubectl -n apps patch deployment app --type=json -p '[{"op":"add","path":"/spec/template/spec/imagePullSecrets/-","value":{"name":"regcred"}}]'`,
    ],
  });
});

describe('an explanation of what the operator does not do', () => {
  itExplains({
    'a namespace that has not opted in': [
      empty().labelled({}).given(aRecord('team', 'r.example')),
      'NamespaceNotOptedIn',
      '$kubectl label namespace apps regcred.dev/sync=true',
    ],
    'one that needs other labels': [
      empty()
        .labelled({ tier: 'a' })
        .given(
          aRecord('team', 'r.example', {
            namespaceSelector: {
              matchLabels: { team: 'x' },
              matchExpressions: [{ key: 'tier', operator: 'In', values: ['b', 'c'] }],
            },
          }),
        ),
      'NamespaceNotOptedIn',
      '$kubectl label namespace apps team=x tier=b --overwrite',
    ],
    'one that is kept out': [
      empty().labelled({ 'regcred.dev/sync': 'false' }).given(aRecord('team', 'r.example')),
      'NamespaceKeptOut',
      '$kubectl label namespace apps regcred.dev/sync=true --overwrite',
    ],
    'one that is kept out of a selector of all': [
      empty()
        .labelled({ 'regcred.dev/sync': 'false' })
        .given(aRecord('team', 'r.example', { namespaceSelector: {} })),
      'NamespaceKeptOut',
      '$kubectl label namespace apps regcred.dev/sync-',
    ],
    'a namespace of the system': [
      Object.assign(empty().labelled({}), { namespace: 'kube-system' }).given(
        aRecord('team', 'r.example', { namespaceSelector: {} }),
      ),
      'NamespaceNotOptedIn',
      '$kubectl label namespace kube-system regcred.dev/sync=true',
    ],
    'the namespace of the operator': [
      Object.assign(empty(), { namespace: 'regcred-system' }).given(aRecord('team', 'r.example')),
      'NamespaceKeptOut',
      'never serves its own',
    ],
    'a selector that no labels meet': [
      empty()
        .labelled({})
        .given(
          aRecord('team', 'r.example', {
            namespaceSelector: {
              matchExpressions: [
                { key: 'a', operator: 'Exists' },
                { key: 'a', operator: 'DoesNotExist' },
              ],
            },
          }),
        ),
      'NamespaceNotOptedIn',
      // There is no command.
      '$undefined',
    ],
    'a ServiceAccount that is not selected by name': [
      empty().given(aRecord('team', 'r.example', { serviceAccounts: { names: ['build-*'] } })),
      'ServiceAccountNotSelected',
      `$kubectl patch registrycredential team --type=json -p '[{"op":"add","path":"/spec/serviceAccounts/names/-","value":"default"}]'`,
    ],
    'one that is not selected by its labels': [
      empty().given(
        aRecord('team', 'r.example', { serviceAccounts: { selector: { matchLabels: { a: 'b' } } } }),
      ),
      'ServiceAccountNotSelected',
      '$kubectl -n apps label serviceaccount default a=b',
    ],
    'a ServiceAccount that is kept out': [
      empty().accountLabelled({ 'regcred.dev/sync': 'false' }).given(aRecord('team', 'r.example')),
      'ServiceAccountKeptOut',
      '$kubectl -n apps label serviceaccount default regcred.dev/sync-',
    ],
    "somebody else's Secret": [
      empty().given(aRecord('team', 'r.example')).with('regcred', handMade({})),
      'Conflict',
      'was made by somebody else',
      '$kubectl -n apps label secret regcred app.kubernetes.io/managed-by=regcred --overwrite',
    ],
    'a Secret of the wrong type': [
      empty()
        .given(aRecord('team', 'r.example'))
        .with('regcred', { ...handMade({}, 'Opaque'), managed: true }),
      'Conflict',
      '$kubectl -n apps delete secret regcred',
    ],
    'a Secret that cannot be changed': [
      empty()
        .given(aRecord('team', 'r.example'))
        .with('regcred', { ...served('other', 'q.example'), immutable: true }),
      'Conflict',
      'immutable',
    ],
    'what status says of the namespace': [
      empty().given({ ...aRecord('team', 'r.example'), status: failures('Refused', 'the quota is used up') }),
      'Conflict',
      'the quota is used up',
    ],
    'a RegistryCredential of another version': [
      empty().given({ ...aRecord('team', 'r.example', { suspend: true }), unreadable: 'spec.refresh' }),
      'NoLoginYet',
      'at spec.refresh',
      '$undefined',
    ],
    'a RegistryCredential that is suspended': [
      empty().given(aRecord('team', 'r.example', { suspend: true })),
      'Suspended',
      `$kubectl patch registrycredential team --type=merge -p '{"spec":{"suspend":false}}'`,
    ],
    'a source without a login': [
      empty().given({
        ...aRecord('team', 'r.example'),
        status: notReady(
          'SourceFailed',
          'registries[0]: Secret regcred-system/source not found: create it with kubectl -n regcred-system create secret generic source',
        ),
      }),
      'NoLoginYet',
      'source not found',
    ],
    'an operator that has not come to it': [
      empty().given(aRecord('team', 'r.example')),
      'NotServedYet',
      'there is no Secret apps/regcred',
      '$kubectl describe registrycredential team',
    ],
    'a reference that is not there yet': [
      empty().given(aRecord('team', 'r.example')).with('regcred', served('team', 'r.example')),
      'NotServedYet',
      'does not name Secret regcred',
    ],
    'a missing Secret that the operator would make': [
      aPull(R).naming('regcred').given(aRecord('team', 'r.example')),
      'NotServedYet',
    ],
    'a RegistryCredential that goes': [
      empty().given({ ...aRecord('team', 'r.example'), deleted: true }),
      'NoMatch',
    ],
    'a RegistryCredential for another registry': [
      empty().labelled({}).given(aRecord('team', 'q.example')),
      'NoMatch',
    ],
    'of two, the one that selects the namespace': [
      empty()
        .labelled({ a: 'b' })
        .given(
          aRecord('a', 'r.example'),
          aRecord('b', 'r.example', { suspend: true, namespaceSelector: { matchLabels: { a: 'b' } } }),
        ),
      'Suspended',
    ],
  });
});
