// An image that one namespace has pulled lies on the node for all pods there. Since Kubernetes 1.35 the kubelet
// asks whose login brought it (KEP-2535), so a login of one namespace does not open the image for another.

import { Scenario } from '../api/scenario.ts';
import { isServed } from '../api/served.ts';
import { site } from './hooks.ts';
import { handOut, inNamespace, loginTo, OPTED_IN } from './login.ts';
import { podIsRefused, podRuns, pushed, runPod } from './pods.ts';

describe('a private image that is on the node already', () => {
  let story: Scenario;
  beforeEach(() => {
    story = new Scenario('on-node');
  });
  afterEach(() => story.end());

  it('runs in every namespace with the login and in none without it', async function () {
    const { registry, kubelet } = site();
    if (kubelet < 35) {
      Object.assign(this.test ?? {}, { skipReason: `kubelet 1.${kubelet} does not ask whose login it was` });
      return this.skip();
    }
    const login = loginTo(registry);
    const image = await pushed(registry, 'apps/on-node');
    await handOut(story, login);
    const [one, another] = [await story.namespace('one', OPTED_IN), await story.namespace('two', OPTED_IN)];
    const outsider = await story.namespace('outsider');
    for (const namespace of [one, another]) await isServed(namespace, inNamespace(login));
    await podRuns(one, await runPod(one, image));
    await podIsRefused(outsider, await runPod(outsider, image));
    await podRuns(another, await runPod(another, image));
  });
});
