// What the admin of a selected namespace reaches: the login that is handed out there, and no more.

import { expect } from 'chai';
import { CREDENTIALS_ANNOTATION, MANAGED_BY, MANAGED_BY_LABEL } from '../../src/api/names.ts';
import { secretPath } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { read } from './admin.ts';
import { eventually } from './eventually.ts';
import { operator } from './operator.ts';
import { LOGIN, LOGINS, oneLogin } from './ownership.ts';
import { Person, untilAllowed } from './person.ts';
import { decode, docker, loginsIn, Scenario } from './scenario.ts';
import { isServed, secretIn } from './served.ts';

const OTHER = { ...LOGIN, server: 'other.example' };

describe('The admin of a selected namespace', () => {
  const tenant = new Person('tenant');
  let story: Scenario;
  let home: string;
  let here: string[];

  before(operator);
  beforeEach(async () => {
    story = new Scenario('tenant');
    home = await story.namespace('home');
    here = ['-n', home];
    await tenant.hasRoleIn(home, 'admin');
    await untilAllowed(tenant, ['get', 'secrets', ...here]);
    await oneLogin(story, 'x');
    await isServed(home, LOGINS);
  });
  afterEach(async () => {
    await tenant.leave();
    await story.end();
  });

  it('reads the login there', async () => {
    expect(decode(await tenant.json([...here, 'get', 'secret', 'regcred']))).to.deep.equal(LOGINS);
  });

  it('reads neither the sources, nor what is kept of them, nor who else is served', async () => {
    await tenant.isForbidden(['-n', OPERATOR_NAMESPACE, 'get', 'secrets']);
    await tenant.isForbidden(['-n', OPERATOR_NAMESPACE, 'create', 'secret', 'generic', 'mine']);
    await tenant.isForbidden(['get', 'registrycredentials']);
    await tenant.isForbidden(['-n', 'default', 'get', 'events.events.k8s.io']);
  });

  it('reads at /metrics how every RegistryCredential stands, and no login', async () => {
    const { metricsAddress } = await operator();
    await eventually('it is told to somebody who is nobody', async () => {
      const text = await (await fetch(`http://${metricsAddress}/metrics`)).text();
      expect(text)
        .to.contain(`regcred_ready{credential="${story.id}-x",status="True"} 1`)
        .and.contain(`regcred_namespaces{credential="${story.id}-x",state="synced"} 1`);
      for (const kept of [LOGIN.password, LOGIN.server, home]) expect(text).not.to.contain(kept);
    });
  });

  it('opts no namespace in, their own included', async () => {
    await tenant.isForbidden(['label', 'namespace', home, 'regcred.dev/sync=true']);
  });

  it('gets no login of another RegistryCredential by writing its name on the Secret', async () => {
    const source = await story.dockerSource('other', OTHER);
    const other = await story.credential('other', {
      registries: [docker(source)],
      namespaceSelector: { matchLabels: { nobody: 'has-it' } },
    });
    const annotation = `${CREDENTIALS_ANNOTATION}=${other}`;
    await tenant.kubectl([...here, 'annotate', 'secret', 'regcred', annotation, '--overwrite']);
    await isRepaired();
    expect(await loginsIn(home)).to.deep.equal(LOGINS);
  });

  it('has no Secret of another name taken over, whatever is written on it', async () => {
    const metadata = {
      name: 'mine',
      labels: { [MANAGED_BY_LABEL]: MANAGED_BY },
      annotations: { [CREDENTIALS_ANNOTATION]: `${story.id}-x` },
    };
    await tenant.kubectl([...here, 'create', '-f', '-'], {
      ...{ apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/dockerconfigjson' },
      stringData: { '.dockerconfigjson': '{"auths":{}}' },
    });
    const before = await read(secretPath(home, 'mine'));
    await tenant.kubectl([...here, 'delete', 'secret', 'regcred']);
    await isServed(home, LOGINS);
    expect(await read(secretPath(home, 'mine'))).to.deep.equal(before);
  });

  /** The namespace was looked at after what was done before this. */
  async function isRepaired(): Promise<void> {
    await tenant.kubectl([...here, 'patch', 'serviceaccount', 'default', '-p', '{"imagePullSecrets":null}']);
    await isServed(home, LOGINS);
    await eventually('the annotation is ours again', async () =>
      expect((await secretIn(home)).metadata.annotations).to.have.property(
        CREDENTIALS_ANNOTATION,
        `${story.id}-x`,
      ),
    );
  }
});
