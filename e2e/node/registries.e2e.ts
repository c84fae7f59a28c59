// Which login the kubelet takes for which image: for two registries, for a path of one, for Docker Hub.

import { DOCKER_HUB_SERVER } from '../../src/api/names.ts';
import { Scenario } from '../api/scenario.ts';
import { isServed } from '../api/served.ts';
import { own, site } from './hooks.ts';
import { handOut, inNamespace, loginTo, OPTED_IN } from './login.ts';
import { podIsRefused, podRuns, pushed, runPod } from './pods.ts';

describe('the login', () => {
  let story: Scenario;
  beforeEach(() => {
    story = new Scenario('registries');
  });
  afterEach(() => story.end());

  it('for each of two registries opens its images, in one pod', async function () {
    const { first, second } = own(this);
    const logins = [loginTo(first), loginTo(second)];
    await handOut(story, ...logins);
    const namespace = await story.namespace('both', OPTED_IN);
    await isServed(namespace, inNamespace(...logins));
    const images = [await pushed(first, 'apps/one-of-two'), await pushed(second, 'apps/two-of-two')];
    await podRuns(namespace, await runPod(namespace, ...images));
  });

  it('for a path opens the images below it and no others', async () => {
    const { registry } = site();
    const login = loginTo(registry, `${registry.host}/team`);
    await handOut(story, login);
    const namespace = await story.namespace('path', OPTED_IN);
    await isServed(namespace, inNamespace(login));
    const [inside, outside] = [await pushed(registry, 'team/app'), await pushed(registry, 'others/app')];
    await podRuns(namespace, await runPod(namespace, inside));
    await podIsRefused(namespace, await runPod(namespace, outside));
  });

  it('for Docker Hub opens an image with a short name', async function () {
    const { hub } = own(this);
    const login = loginTo(hub, DOCKER_HUB_SERVER);
    await handOut(story, login);
    const namespace = await story.namespace('hub', OPTED_IN);
    const without = await story.namespace('hub-without');
    await isServed(namespace, inNamespace(login));
    const image = await pushed(hub, 'library/regcred-short-name');
    const short = image.replace('docker.io/library/', '');
    await podRuns(namespace, await runPod(namespace, short));
    await podIsRefused(without, await runPod(without, short));
  });
});
