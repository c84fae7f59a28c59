// A password that is changed at the registry, and then in the source: nobody touches a namespace or a pod spec.

import { DOCKER_CONFIG_KEY } from '../../src/api/names.ts';
import { dockerConfig, Scenario } from '../api/scenario.ts';
import { isServed, setSource } from '../api/served.ts';
import { own } from './hooks.ts';
import { handOut, inNamespace, loginTo, OPTED_IN } from './login.ts';
import { ACCOUNTS } from './own-registry.ts';
import { podIsRefused, podRuns, pushed, runPod } from './pods.ts';

describe('a password that is changed at the registry and in the source', () => {
  let story: Scenario;
  beforeEach(() => {
    story = new Scenario('password');
  });
  afterEach(() => story.end());

  it('pulls a new image', async function () {
    const { second: registry } = own(this);
    const before = loginTo(registry);
    await handOut(story, before);
    const namespace = await story.namespace('in', OPTED_IN);
    await isServed(namespace, inNamespace(before));
    await podRuns(namespace, await runPod(namespace, await pushed(registry, 'apps/old')));

    await registry.change(ACCOUNTS.second);
    const image = await pushed(registry, 'apps/new');
    const refused = await runPod(namespace, image);
    await podIsRefused(namespace, refused);
    const after = loginTo(registry);
    await setSource(`${story.id}-source`, { [DOCKER_CONFIG_KEY]: dockerConfig([after]) });
    await isServed(namespace, inNamespace(after));
    await podRuns(namespace, await runPod(namespace, image));
    // This one has the reference, so it heals by itself once the login is right: at the kubelet's next try.
    await podRuns(namespace, refused);
  });
});
