// Every cause that lies in the Secrets of a pod or in the registry's answer, and what could not be read.

import { describe } from 'mocha';
import { itExplains } from '../testing/explanation-rows.ts';
import { aPull, aRecord, DENIED, failing, handMade, loginsTo, served } from '../testing/pulls.ts';

const R = 'r.example/app';
const OWN = handMade(loginsTo('r.example'));
const pull = () => aPull(R).naming('regcred').with('regcred', served('team', 'r.example'));
const empty = () => aPull(R).naming();

describe('an explanation', () => {
  itExplains({
    'a login of a RegistryCredential': [pull(), 'LoginFound', 'r.example from Secret apps/regcred'],
    'a login that somebody made': [aPull(R).naming('own').with('own', OWN), 'LoginFound', 'apps/own'],
    'a pod that waits with a login': [pull().byPod(['regcred']), 'LoginFound'],
    'a pod that has its image': [pull().byPod([], { state: 'done' }), 'Pulled'],

    'an entry that the kubelet cannot read': [
      pull()
        .naming('regcred', 'own')
        .with('own', handMade({ 'q.example': { auth: 'x' } })),
      'KeyringBroken',
      'Secret apps/own, entry q.example, has an auth that is not base64',
      '$kubectl -n apps create secret docker-registry own --docker-server=r.example',
    ],
    'a Secret that is no JSON': [
      aPull(R)
        .naming('own')
        .with('own', { ...OWN, content: { state: 'broken', server: undefined, message: 'is not JSON' } }),
      'KeyringBroken',
      'apps/own is not JSON',
    ],
    'a broken entry whose key may be a password': [
      aPull(R)
        .naming('own')
        .with('own', handMade({ geheim: 1 })),
      'KeyringBroken',
      'not shown',
    ],
    'a reference to a Secret that is not there': [
      aPull(R).naming('own'),
      'SecretMissing',
      'default names Secret apps/own',
      '$kubectl -n apps create secret docker-registry own',
    ],
    'more missing Secrets than a line can hold': [
      aPull(R).naming(...'abcdefgh'),
      'SecretMissing',
      'names Secret apps/a, apps/b, apps/c, apps/d, apps/e and 3 more, which',
    ],
    'a missing Secret whose name is an option of kubectl': [
      aPull(R).naming('--server=https://evil.example'),
      'SecretMissing',
      '$undefined',
    ],
    'a missing Secret that somebody named, before what the operator could do': [
      aPull(R).naming('own').labelled({}).given(aRecord('team', 'r.example')),
      'SecretMissing',
    ],
    'the same in a pod': [empty().byPod(['own'], DENIED), 'SecretMissing', 'pod app-1 names Secret apps/own'],
    'a Secret of another type': [
      aPull(R)
        .naming('own')
        .with('own', handMade(loginsTo('r.example'), 'Opaque')),
      'SecretIgnored',
      'is of type Opaque',
      '$kubectl -n apps delete secret own && kubectl',
    ],
    'an entry without a login': [
      aPull(R)
        .naming('own')
        .with('own', handMade({ 'r.example': {} })),
      'LoginEmpty',
      'neither user name nor password',
    ],
    'nothing for this registry': [
      aPull(R)
        .naming('own')
        .with('own', handMade(loginsTo('q.example'))),
      'NoMatch',
      'none of the 1 logins of ServiceAccount apps/default is for r.example/app',
    ],
    'nothing at all': [empty(), 'NoMatch', 'has no imagePullSecrets'],
    'a namespace that is not there': [
      Object.assign(empty(), { account: { state: 'absent' }, place: { state: 'absent' } }),
      'NamespaceMissing',
      '$kubectl create namespace apps',
    ],
    'a ServiceAccount that is not there': [
      Object.assign(empty(), { account: { state: 'absent' } }),
      'ServiceAccountMissing',
      '$kubectl -n apps create serviceaccount default',
    ],

    'a login that is refused': [
      pull().given(aRecord('team', 'r.example')).byPod(['regcred'], DENIED),
      'LoginRefused',
      'public images fail too',
      `$kubectl -n regcred-system patch secret source --type=merge -p '{"stringData":{"password":"PASSWORD"}}'`,
    ],
    'a login that somebody made and that is refused': [
      aPull(R).naming('own').with('own', OWN).byPod(['own'], DENIED),
      'LoginRefused',
      '$kubectl -n apps create secret docker-registry own --docker-server=r.example',
    ],
    'several logins that are refused': [
      aPull(R).naming('a', 'b').with('a', OWN).with('b', OWN).byPod(['a', 'b'], DENIED),
      'LoginRefused',
      'each of 2 logins',
    ],
    'an image that is not there': [
      pull().byPod(['regcred'], failing('r.example/app:latest: not found')),
      'ImageNotFound',
    ],
    'an image that is not there for who has no login': [
      empty().byPod([], failing('manifest unknown')),
      'ImageNotFound',
      'without a login',
    ],
    'a static pod, whatever its namespace would give to others': [
      pull().byPod([], DENIED, { kind: 'node', name: 'node-1' }),
      'StaticPod',
      'configuration of node node-1',
      '$undefined',
    ],
    'a static pod with an image that is not there': [
      pull().byPod([], failing('manifest unknown'), { kind: 'node', name: 'node-1' }),
      'ImageNotFound',
    ],
    'a registry that is away': [
      pull().byPod(['regcred'], failing('dial tcp: lookup r.example: no such host')),
      'RegistryUnreachable',
      'no such host',
    ],
    'a registry that has enough': [
      empty().byPod(
        [],
        failing('429 Too Many Requests - toomanyrequests: You have reached your pull rate limit'),
      ),
      'RateLimited',
    ],
    'a kubelet that holds back': [
      pull().byPod(['regcred'], failing('pull QPS exceeded')),
      'RateLimited',
      'registryBurst',
    ],
    'an image that must not be pulled': [
      pull().byPod(['regcred'], failing('', 'ErrImageNeverPull')),
      'NeverPulled',
    ],
    'a failure that nobody knows': [
      pull().byPod(['regcred'], failing('the disk is full')),
      'PullFailed',
      'the disk is full',
    ],
    'a registry whose name is like an answer': [
      aPull('denied.example/app')
        .naming('own')
        .with('own', handMade(loginsTo('denied.example')))
        .byPod(['own'], failing('failed to pull denied.example/app: the disk is full')),
      'PullFailed',
    ],

    'a Secret that must not be read': [
      aPull(R).naming('regcred').hiding('secret regcred'),
      'CannotTell',
      'Secret apps/regcred (forbidden)',
    ],
    'a ServiceAccount that must not be read': [
      empty().hiding('account'),
      'CannotTell',
      'ServiceAccount apps/default (forbidden)',
    ],
    'one that can be read and matches, beside one that cannot': [
      pull().naming('other', 'regcred').hiding('secret other'),
      'LoginFound',
    ],
    'RegistryCredentials that must not be read': [
      empty().hiding('credentials'),
      'NoMatch',
      'could not be read (forbidden)',
    ],
  });
});
