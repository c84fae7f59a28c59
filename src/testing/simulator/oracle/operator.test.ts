// The oracle against the operator itself: what the production loop leaves behind at rest is what
// the oracle asks for, and each finds the other's mistakes.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { MANAGED_BY, MANAGED_BY_LABEL, PULL_SECRETS_ANNOTATION, SYNC_LABEL } from '../../../api/names.ts';
import {
  aBasicSecret,
  aCredential,
  aDockerConfigSecret,
  aNamespace,
  aSecret,
  aServiceAccount,
  type Fixture,
} from '../../builders.ts';
import { Site } from './site.ts';

const SECRETS = 'secrets';
const CREDENTIALS = 'registrycredentials';

/** What is there before the start, and then what happens, with a rest after each step. */
type Story = readonly [before: (site: Site) => void, ...steps: ((site: Site) => unknown)[]];

const basic = (name = 'main') => aCredential(name).withBasic('r.io', 'login');
const apps = (site: Site) => site.server.given(aNamespace('apps').optedIn(), aNamespace('web').optedIn());
/** Two namespaces that opted in, and what else there is. */
const served =
  (...fixtures: Fixture[]) =>
  (site: Site) => {
    apps(site);
    site.server.given(...fixtures);
  };
const suspend = (value: boolean) => (site: Site) =>
  site.server.update(CREDENTIALS, 'main', ({ spec }) => {
    spec.suspend = value;
  });
const into = (name: string) => (site: Site) =>
  site.server.update(CREDENTIALS, 'main', ({ spec }) => {
    spec.secretName = name;
  });
const config = (...servers: string[]) =>
  JSON.stringify({
    auths: Object.fromEntries(servers.map(server => [server, { auth: btoa('bot:fake') }])),
  });

const STORIES: Record<string, Story> = {
  'two namespaces are served': [served(basic())],
  'nobody opted in': [site => site.server.given(aNamespace('apps'), basic())],
  'there is no RegistryCredential': [apps],
  'a new password goes round': [
    served(basic()),
    site => site.write('login', { username: 'robot', password: 'new' }),
  ],
  'a namespace opts out, and another one is deleted': [
    served(basic()),
    site => site.server.label('namespaces', 'apps', { [SYNC_LABEL]: 'false' }),
    site => site.server.delete('namespaces', 'web'),
  ],
  'it is deleted': [served(basic()), site => site.server.delete(CREDENTIALS, 'main')],
  'it is deleted while suspended': [
    served(basic()),
    suspend(true),
    site => site.server.delete(CREDENTIALS, 'main'),
  ],
  'it is deleted and orphans what it gave': [
    served(basic().orphaning()),
    site => site.server.delete(CREDENTIALS, 'main'),
  ],
  'a foreign Secret stands in one namespace': [
    site => {
      apps(site);
      site.server.given(basic(), aSecret('regcred').in('apps').with('any', 'thing'));
    },
  ],
  'a foreign Secret stands in each namespace': [
    site => {
      apps(site);
      for (const namespace of ['apps', 'web'])
        site.server.given(aDockerConfigSecret('regcred').in(namespace).withLogin('r.io', 'robot', 'old'));
      site.server.given(basic());
    },
  ],
  'a foreign Secret is handed over, and released at the end': [
    site => {
      apps(site);
      site.server.given(basic(), aDockerConfigSecret('regcred').in('apps').withLogin('x.io', 'a', 'fake'));
    },
    site => site.server.label(SECRETS, 'apps/regcred', { [MANAGED_BY_LABEL]: MANAGED_BY }),
    site => site.server.delete(CREDENTIALS, 'main'),
  ],
  'a Secret with our label is of another type': [
    site => {
      apps(site);
      const labels = { [MANAGED_BY_LABEL]: MANAGED_BY };
      site.server.given(basic(), aSecret('regcred').in('apps').labelled(labels).with('any', 'thing'));
    },
    site => site.server.delete(CREDENTIALS, 'main'),
  ],
  'our Secret is frozen, then outdated, then the end': [
    served(basic()),
    site =>
      site.server.update(SECRETS, 'apps/regcred', secret => {
        secret.immutable = true;
      }),
    site => site.write('login', { username: 'robot', password: 'new' }),
    site => site.server.given(aServiceAccount('apps', 'late')),
    site => site.server.delete(CREDENTIALS, 'main'),
  ],
  'our label is taken off, and put on again': [
    served(basic()),
    site => site.server.label(SECRETS, 'apps/regcred', { [MANAGED_BY_LABEL]: null }),
    site => site.server.label(SECRETS, 'apps/regcred', { [MANAGED_BY_LABEL]: MANAGED_BY }),
  ],
  'our annotation is taken off a ServiceAccount': [
    served(basic()),
    site => site.server.annotate('serviceaccounts', 'apps/default', { [PULL_SECRETS_ANNOTATION]: null }),
    site => site.server.delete(CREDENTIALS, 'main'),
  ],
  'a ServiceAccount has the entry by hand': [
    site => {
      apps(site);
      site.server.given(aServiceAccount('apps', 'own').pullingWith('mine', 'regcred'), basic());
    },
    site => site.server.delete(CREDENTIALS, 'main'),
  ],
  'two are merged, and the first of them goes': [
    site => {
      apps(site);
      site.server.given(aBasicSecret('other', 'bot', 'fake'));
      site.server.given(basic('b-second').withBasic(undefined, 'other').inAllNamespaces());
      site.server.given(aCredential('a-first').withBasic('https://r.io/v1/', 'other'));
    },
    site => site.server.delete(CREDENTIALS, 'a-first'),
  ],
  'a source fails, a namespace comes, the operator restarts, the source is mended': [
    served(basic()),
    site => site.remove('login'),
    site => site.server.given(aNamespace('late').optedIn()),
    site => site.restart(),
    site => site.server.given(aNamespace('later').optedIn()),
    site => site.server.given(aBasicSecret('login', 'robot', 'mended')),
  ],
  'a source never gave anything': [
    served(aCredential('main').withBasic('r.io', 'nowhere')),
    site => site.server.given(aBasicSecret('nowhere', 'robot', 'fake')),
  ],
  'one entry of a docker config goes bad, and is then taken out': [
    site => {
      apps(site);
      site.server.given(
        aDockerConfigSecret('all').withLogin('a.io', 'a', 'fake').withLogin('b.io', 'b', 'fake'),
      );
      site.server.given(aCredential('main').withDockerConfig('all'));
    },
    site =>
      site.write('all', { '.dockerconfigjson': config('a.io').replace('}}}', '},"b.io":{"auth":"!"}}}') }),
    site => site.restart(),
    site => site.write('all', { '.dockerconfigjson': config('a.io') }),
  ],
  'the winner of a merge has no login yet': [
    site => {
      apps(site);
      site.server.given(aCredential('a-first').withBasic('r.io', 'nowhere'), basic('b-second'));
    },
    site => site.server.given(aBasicSecret('nowhere', 'robot', 'fake')),
    site => site.remove('nowhere'),
    site => site.restart(),
  ],
  'it is suspended while things change': [
    served(basic(), basic('other')),
    suspend(true),
    site => site.write('login', { username: 'robot', password: 'new' }),
    site => site.server.given(aNamespace('late').optedIn(), aServiceAccount('apps', 'late')),
    site => site.restart(),
    suspend(false),
  ],
  'the only one is suspended from the start, and then not': [served(basic().suspended()), suspend(false)],
  'it moves to another Secret name, then to one that is not served': [
    served(basic()),
    into('team-login'),
    into('unheard-of'),
  ],
  'only some ServiceAccounts are selected': [
    site => {
      apps(site);
      site.server.given(aServiceAccount('apps', 'build-1'), aServiceAccount('web', 'build-2').optedOut());
      site.server.given(aServiceAccount('apps', 'odd').labelled({ pulls: 'yes' }));
      const selector = { matchExpressions: [{ key: 'pulls', operator: 'Exists' as const }] };
      site.server.given(basic().forServiceAccounts({ names: ['build-*'], selector }));
    },
    site => site.server.label('serviceaccounts', 'apps/build-1', { [SYNC_LABEL]: 'false' }),
  ],
  'all namespaces are selected, system ones among them': [
    site => {
      site.server.given(aNamespace('kube-system'), aNamespace('kube-public').optedIn(), aNamespace('apps'));
      site.server.given(basic().inAllNamespaces());
    },
  ],
  "a Secret with our name and label stands in the operator's own namespace": [
    served(
      basic().inAllNamespaces(),
      aDockerConfigSecret('regcred')
        .labelled({ [MANAGED_BY_LABEL]: MANAGED_BY })
        .withLogin('x.io', 'a', 'fake'),
    ),
    site =>
      site.server.annotate('serviceaccounts', 'regcred-system/default', {
        [PULL_SECRETS_ANNOTATION]: 'regcred',
      }),
    site => site.server.delete(CREDENTIALS, 'main'),
  ],
  'more than ten namespaces refuse': [
    site => {
      for (let index = 0; index < 13; index++) {
        site.server.given(aNamespace(`n${index}`).optedIn());
        if (index !== 5) site.server.given(aSecret('regcred').in(`n${index}`));
      }
      site.server.given(basic());
    },
  ],
  'our Secret waits for the finalizer of somebody else': [
    served(basic()),
    site =>
      site.server.update(SECRETS, 'apps/regcred', ({ metadata }) => {
        metadata.finalizers = ['x.io/y'];
      }),
    site => site.server.delete(SECRETS, 'apps', 'regcred'),
    site => site.server.delete(CREDENTIALS, 'main'),
  ],
};

describe('the operator and the oracle agree', () => {
  for (const [sentence, [before, ...steps]] of Object.entries(STORIES)) {
    it(`when ${sentence}`, async () => {
      const site = new Site();
      before(site);
      await site.start();
      expect(site.differences(), 'after the start').to.deep.equal([]);
      for (const [index, step] of steps.entries()) {
        await step(site);
        await site.settle(40_000);
        expect(site.differences(), `after step ${index + 1}`).to.deep.equal([]);
      }
      await site.stop();
    });
  }
});
