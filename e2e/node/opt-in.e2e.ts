// The whole point of it all, on a real kubelet: a pod with nothing in it about logins pulls a private image,
// where the namespace has opted in.

import { Scenario, setLabels } from '../api/scenario.ts';
import { isServed } from '../api/served.ts';
import { site } from './hooks.ts';
import { handOut, inNamespace, loginTo, OPTED_IN } from './login.ts';
import { podIsRefused, podRuns, pushed, runPod } from './pods.ts';

describe('a pod that names a private image in full and no pull secrets', () => {
  let story: Scenario;
  beforeEach(() => {
    story = new Scenario('opt-in');
  });
  afterEach(() => story.end());

  it('runs in a namespace that has opted in', async () => {
    const { registry } = site();
    const login = loginTo(registry);
    const image = await pushed(registry, 'apps/opted-in');
    await handOut(story, login);
    const namespace = await story.namespace('in', OPTED_IN);
    await isServed(namespace, inNamespace(login));
    await podRuns(namespace, await runPod(namespace, image));
  });

  it('is refused with 401 in one that has not, and a new pod runs after it has', async () => {
    const { registry } = site();
    const login = loginTo(registry);
    const image = await pushed(registry, 'apps/opted-out');
    await handOut(story, login);
    const namespace = await story.namespace('out');
    const early = await runPod(namespace, image);
    await podIsRefused(namespace, early);
    await setLabels(namespace, OPTED_IN);
    await isServed(namespace, inNamespace(login));
    await podRuns(namespace, await runPod(namespace, image));
    // What was created without the reference never gets it: nothing but a new pod helps.
    await podIsRefused(namespace, early);
  });
});
