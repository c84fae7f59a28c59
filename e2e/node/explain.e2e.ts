// kubectl regcred explain --pod beside a real kubelet: it names the cause that the kubelet met, and its
// commands lead from a pod that is refused to one that runs.

import { expect } from 'chai';
import { CREDENTIALS_PATH } from '../../src/controller/paths.ts';
import { find } from '../api/admin.ts';
import { eventually } from '../api/eventually.ts';
import { kubectl } from '../api/kubectl.ts';
import { golden, regcred } from '../api/regcred.ts';
import { Scenario } from '../api/scenario.ts';
import { isReady, isServed } from '../api/served.ts';
import { site } from './hooks.ts';
import { handOut, inNamespace, loginTo, OPTED_IN } from './login.ts';
import { podIsRefused, podRuns, pushed, runPod } from './pods.ts';

describe('kubectl regcred explain', () => {
  let story: Scenario;
  beforeEach(() => {
    story = new Scenario('explain');
  });
  afterEach(() => story.end());

  const explain = async (namespace: string, pod: string): Promise<string[]> =>
    golden((await regcred(['explain', '-n', namespace, '--pod', pod])).out, {
      [namespace]: 'NS',
      [pod]: 'POD',
    });

  it('leads from a pod without a login to one that runs', async () => {
    const { registry } = site();
    const login = loginTo(registry);
    const image = await pushed(registry, 'apps/explained');
    const credential = await handOut(story, login);
    await eventually('its server is known', async () => {
      expect((await find(`${CREDENTIALS_PATH}/${credential}`))?.status?.registries[0]?.server).to.equal(
        login.server,
      );
    });
    const namespace = await story.namespace('in');
    const pod = await runPod(namespace, image);
    await podIsRefused(namespace, pod);
    const [first, label] = await explain(namespace, pod);
    expect(first).to.equal(
      `NamespaceNotOptedIn: RegistryCredential ${credential} has a login for ${login.server}, but namespace NS has not opted in`,
    );
    expect(label).to.equal('  to mend it: kubectl label namespace NS regcred.dev/sync=true');
    await kubectl(['label', 'namespace', namespace, 'regcred.dev/sync=true']);
    await isServed(namespace, inNamespace(login));
    const [second, replace, , ...evidence] = await explain(namespace, pod);
    expect(second).to.match(/^PodOlderThanReference: pod NS\/POD was created before ServiceAccount default/);
    expect(evidence.join('\n')).to.match(
      /^Pod {2}NS\/POD, container c0: (ErrImagePull|ImagePullBackOff): .*401/m,
    );
    expect(replace).to.equal(
      '  to mend it: kubectl -n NS get pod POD -o yaml | kubectl replace --force -f -',
    );
    const manifest = JSON.parse(await kubectl(['-n', namespace, 'get', 'pod', pod, '-o', 'json']));
    await kubectl(['replace', '--force', '-f', '-'], manifest);
    await podRuns(namespace, pod);
    const after = await regcred(['explain', '-n', namespace, '--pod', pod]);
    expect(after.out).to.match(/^Pulled: /);
    expect(after.code).to.equal(0);
  });

  it('names a login that the registry refuses, and the command that renews it', async () => {
    const { registry } = site();
    const right = loginTo(registry);
    const image = await pushed(registry, 'apps/guarded');
    const credential = await handOut(story, { ...right, password: 'no-longer-right' });
    const namespace = await story.namespace('in', OPTED_IN);
    await isReady(credential, 'True Synced');
    const refused = await runPod(namespace, image);
    await podIsRefused(namespace, refused);
    const [verdict, mend] = await explain(namespace, refused);
    expect(verdict).to.match(
      new RegExp(`^LoginRefused: \\S+ refuses the login for ${right.server} from Secret NS/regcred; `),
    );
    expect(mend).to.contain(`kubectl -n regcred-system create secret docker-registry ${story.id}-source`);
  });

  it('says that an image is not there', async () => {
    const { registry } = site();
    const login = loginTo(registry);
    const image = await pushed(registry, 'apps/absent');
    await handOut(story, login);
    const namespace = await story.namespace('in', OPTED_IN);
    await isServed(namespace, inNamespace(login));
    const pod = await runPod(namespace, `${image}-gone`);
    await eventually(
      'the registry has answered',
      async () => expect((await explain(namespace, pod))[0]).to.match(/^ImageNotFound: /),
      60_000,
    );
  });
});
