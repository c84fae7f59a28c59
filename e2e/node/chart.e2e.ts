// The operator as its chart installs it, on real nodes: it comes up under restricted pod security, hands out, is
// upgraded, and goes with everything that it did. The hook runs as a pod here, from the operator's own image. Both Helms
// take part: one of them in what the other began, as where somebody moves to Helm 4.

import { expect } from 'chai';
import { kubectl } from '../api/kubectl.ts';
import { Scenario } from '../api/scenario.ts';
import { isClean, isServed } from '../api/served.ts';
import { census } from '../chart/census.ts';
import { CHART, type Helm, helmFor, RELEASE } from '../chart/helm.ts';
import type { HelmVersion } from '../cluster/helm-program.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { endsWhile } from './ends.ts';
import { installation, site } from './hooks.ts';
import { handOut, inNamespace, loginTo, OPTED_IN } from './login.ts';
import { installOperator, uninstallOperator } from './operator-deployment.ts';
import { podRuns, pushed, runPod } from './pods.ts';

const HERE = ['-n', OPERATOR_NAMESPACE];
const PODS_GONE = ['wait', '--for=delete', 'pod', '-l', 'app.kubernetes.io/name=regcred', '--timeout=60s'];
const HOLDER = ['get', 'lease', 'regcred', '-o', 'jsonpath={.spec.holderIdentity}'];

describe('the operator, installed by its chart,', () => {
  let helms: Readonly<Record<HelmVersion, Helm>> | undefined;
  let story: Scenario;
  let earlier: string[];
  const stories: Scenario[] = [];

  before(async function () {
    const { kubeconfig } = site().cluster;
    helms = { 3: await helmFor(this, 3, kubeconfig), 4: await helmFor(this, 4, kubeconfig) };
    await uninstallOperator(installation());
    await kubectl(['create', 'namespace', OPERATOR_NAMESPACE]);
    await kubectl([
      'label',
      'namespace',
      OPERATOR_NAMESPACE,
      'pod-security.kubernetes.io/enforce=restricted',
    ]);
    earlier = await ours();
  });
  beforeEach(() => {
    story = new Scenario('chart');
    stories.push(story);
  });
  after(async () => {
    if (helms === undefined) return;
    for (const helm of Object.values(helms)) await helm.end();
    await installOperator(installation());
    for (const one of stories) await one.end();
  });

  /** Each gives up after the same time. */
  const helm = async (version: HelmVersion, verb: string, ...args: readonly string[]) =>
    helms?.[version].run(verb, RELEASE, ...args, ...HERE, '--wait', '--timeout=3m');
  const values = () => {
    const [repository, tag] = site().operatorImage.split(/:(?=[^/:]*$)/);
    return ['--set', `image.repository=${repository},image.tag=${tag}`, '--set', 'crds.keep=false'];
  };
  const scaled = async (replicas: number) => {
    await kubectl([...HERE, 'scale', 'deployment/regcred', `--replicas=${replicas}`]);
    const there = ['rollout', 'status', 'deployment/regcred', '--timeout=180s'];
    await kubectl([...HERE, ...(replicas === 0 ? PODS_GONE : there)]);
  };

  it('comes up, hands out, ends at SIGTERM, refuses to go while it is down, and then leaves nothing', async () => {
    await helm(3, 'install', CHART, ...values());
    const { namespace, pod, credential } = await isHandedOut();
    await helm(4, 'upgrade', CHART, ...values(), '--set', 'log.level=debug,networkPolicy.enabled=true');

    const ends = await endsWhile(() => scaled(0));
    const seconds = ends.map(end => end.seconds.toFixed(1));
    console.log(`      SIGTERM to the end of each pod, s: ${seconds.join(', ')}`);
    // Those of before the upgrade may still be ending.
    expect(ends.length).to.be.at.least(2);
    expect([...new Set(ends.map(({ exitCode }) => exitCode))]).to.deep.equal([0]);
    // Far from the 15 s after which they would be killed.
    expect(Math.max(...ends.map(end => end.seconds))).to.be.lessThan(5);
    expect(await kubectl([...HERE, ...HOLDER]), 'the Lease is given back').to.equal('');

    const refusal = await helm(4, 'uninstall').catch((error: Error) => error);
    expect(refusal).to.be.an('error');
    expect(await kubectl([...HERE, 'logs', 'job/regcred-undo'])).to.match(/no operator is at work/);
    expect(await kubectl(['get', 'registrycredentials', '-o', 'name'])).to.contain(credential);
    await isServed(namespace, inNamespace(loginTo(site().registry)));

    await scaled(2);
    await helm(3, 'uninstall');
    await isGone(namespace);
    await podRuns(namespace, pod);
  });

  it('comes and goes by Helm 4 alone as well', async () => {
    await helm(4, 'install', CHART, ...values());
    const { namespace, pod } = await isHandedOut();
    await helm(4, 'uninstall');
    await isGone(namespace);
    await podRuns(namespace, pod);
  });

  async function isHandedOut() {
    const { registry } = site();
    const login = loginTo(registry);
    const image = await pushed(registry, `apps/${story.id}`);
    const credential = await handOut(story, login);
    const namespace = await story.namespace('in', OPTED_IN);
    await isServed(namespace, inNamespace(login));
    const pod = await runPod(namespace, image);
    await podRuns(namespace, pod);
    return { namespace, pod, credential };
  }
  async function isGone(namespace: string): Promise<void> {
    // Helm waits for its own objects; that their pods have ended is the kubelet's to say.
    await kubectl([...HERE, ...PODS_GONE]);
    await isClean(namespace);
    // Sources are the administrator's.
    const isStory = (line: string) => stories.some(({ id }) => line.includes(id));
    expect((await ours()).filter(line => !isStory(line))).to.deep.equal(earlier);
  }
});

/** What there is of the operator, by whatever name. */
const ours = async (): Promise<string[]> =>
  (await census(site().cluster)).filter(line => /regcred|registrycredential/i.test(line));
