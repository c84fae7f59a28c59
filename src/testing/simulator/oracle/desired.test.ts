// What the oracle answers when it is asked of one Secret or ServiceAccount, what the kubelet would find, and that
// asking is cheap.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  aBasicSecret,
  aCredential,
  aDockerConfigSecret,
  aNamespace,
  aServiceAccount,
} from '../../builders.ts';
import { AtRest } from './at-rest.ts';
import { isPlainServer, kubeletKey } from './kubelet-key.ts';
import { beside } from './rows.ts';

const told = (cluster: AtRest, namespace = 'apps') => {
  const secret = cluster.desired().secret(namespace, 'regcred');
  return (
    secret && [
      secret.refused ?? 'ours',
      ...[...secret.logins].map(
        ([key, { anyOf, optional }]) =>
          `${key}=${anyOf.map(({ password }) => password).join('|')}${optional ? '?' : ''}`,
      ),
    ]
  );
};

type Row = readonly [change: (cluster: AtRest) => unknown, told: string[] | undefined];

const ROWS: Record<string, Row> = {
  'a sound source has one login': [() => undefined, ['ours', 'r.io=fake']],
  'Docker Hub is meant where no server is written': [
    c =>
      (c.of('registrycredentials', 'main').spec.registries = [{ basic: { secretRef: { name: 'login' } } }]),
    ['ours', 'index.docker.io=fake'],
  ],
  'a namespace that opted out has none': [c => c.optOut('apps'), undefined],
  'a foreign Secret stands in the way': [
    c => delete c.of('secrets', 'apps/regcred').metadata.labels,
    ['foreign', 'r.io=fake'],
  ],
  'a source that fails may have any of its earlier logins, or none': [
    c => {
      c.remove('secrets', 'regcred-system/login');
      c.once(aBasicSecret('login', 'robot', 'one')).once(aBasicSecret('login', 'robot', 'two'));
    },
    ['ours', 'r.io=one|two?'],
  ],
  'while the winner fails it or the next one serves': [
    c => {
      c.remove('secrets', 'regcred-system/login').once(aBasicSecret('login', 'robot', 'one'));
      beside(c, 'next', 'r.io');
    },
    ['ours', 'r.io=one|its'],
  ],
  'what was taken out of a docker config is not kept because another entry is bad': [
    c => {
      const now = JSON.stringify({ auths: { 'r.io': { auth: btoa('robot:fake') }, 's.io': { auth: '!' } } });
      c.given(aDockerConfigSecret('all').with('.dockerconfigjson', now));
      const all = ['r.io', 's.io', 't.io'].reduce(
        (secret, server) => secret.withLogin(server, 'robot', 'old'),
        aDockerConfigSecret('all'),
      );
      c.once(all).of('registrycredentials', 'main').spec.registries = [
        { dockerConfig: { secretRef: { name: 'all' } } },
      ];
    },
    ['ours', 'r.io=fake', 's.io=old?'],
  ],
  'what a suspended one has may be from any time': [
    c => {
      c.of('registrycredentials', 'main').spec.suspend = true;
      c.once(aBasicSecret('login', 'robot', 'one'));
    },
    ['ours', 'r.io=one|fake?'],
  ],
  'what a suspended one never had it does not get': [
    c => {
      c.of('registrycredentials', 'main').spec.suspend = true;
      c.remove('secrets', 'apps/regcred');
    },
    undefined,
  ],
};

describe('what is desired', () => {
  for (const [sentence, [change, expected]] of Object.entries(ROWS))
    it(sentence, () => {
      const cluster = new AtRest();
      change(cluster);
      expect(told(cluster)).to.deep.equal(expected);
    });

  it('of a ServiceAccount it is the names of its Secrets, sorted', () => {
    const cluster = new AtRest();
    cluster.given(aCredential('team').withBasic('s.io', 'login').into('team-login'));
    cluster.given(aServiceAccount('apps', 'out').optedOut());
    const desired = cluster.desired();
    expect(desired.references('apps', 'default')).to.deep.equal(['regcred', 'team-login']);
    expect(desired.references('apps', 'out')).to.deep.equal([]);
    expect(desired.references('apps', 'nobody')).to.deep.equal([]);
  });

  it('all differences of 6 namespaces, 3 RegistryCredentials and 18 ServiceAccounts take less than 1 ms', () => {
    const cluster = new AtRest();
    for (const name of ['a', 'b', 'c', 'd', 'e']) cluster.given(aNamespace(name).optedIn()).attached(name);
    for (const namespace of ['apps', 'a', 'b', 'c', 'd', 'e'])
      for (const account of ['x', 'y']) cluster.attached(namespace, account);
    beside(cluster, 'other', 's.io').given(aCredential('third').withBasic('s.io', 'login').finalized());
    for (const name of ['main', 'other', 'third']) cluster.says(name);
    const times = Array.from({ length: 200 }, () => {
      const start = performance.now();
      cluster.differences();
      return performance.now() - start;
    });
    // The fastest: how long it takes where nothing else has the processor.
    expect(Math.min(...times)).to.be.below(1);
  });
});

const KEYS: Record<string, string> = {
  'r.io': 'r.io',
  'https://r.io': 'r.io',
  'http://r.io/': 'r.io',
  'r.io/v1/': 'r.io',
  'r.io/v2/team': 'r.io/team',
  'r.io/v2': 'r.io/v2',
  'r.io:5000/team/': 'r.io:5000/team/',
  'https://index.docker.io/v1/': 'index.docker.io',
  '*.r.io': '*.r.io',
};

describe('the key of the kubelet', () => {
  for (const [server, key] of Object.entries(KEYS))
    it(`of ${server} is ${key}`, () => {
      expect(kubeletKey(server)).to.equal(key);
      expect(isPlainServer(server)).to.equal(true);
    });

  for (const server of [
    '',
    'host',
    'HOST.io',
    'u@r.io',
    'r.io/A',
    'r.io:x',
    'ftp://r.io',
    'index.docker.io/team',
  ])
    it(`it is in doubt whether "${server}" is a server at all`, () => {
      expect(isPlainServer(server)).to.equal(false);
    });
});
