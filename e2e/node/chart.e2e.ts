// The operator as its chart installs it, on real nodes: it comes up under restricted pod security, hands out, is
// upgraded, and goes with everything that it did. The hook runs as a pod here, from the operator's own image.

import { expect } from 'chai';
import { kubectl } from '../api/kubectl.ts';
import { Scenario } from '../api/scenario.ts';
import { isClean, isServed } from '../api/served.ts';
import { census } from '../chart/census.ts';
import { CHART, type Helm, helmFor, RELEASE } from '../chart/helm.ts';
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
  let helm: Helm;
  let story: Scenario;
  let earlier: string[];

  before(async function () {
    helm = await helmFor(this, 4, site().cluster.kubeconfig);
    await uninstallOperator(installation());
    await kubectl(['create', 'namespace', OPERATOR_NAMESPACE]);
    await kubectl([
      'label',
      'namespace',
      OPERATOR_NAMESPACE,
      'pod-security.kubernetes.io/enforce=restricted',
    ]);
    earlier = await ours();
    story = new Scenario('chart');
  });
  after(async () => {
    if (helm === undefined) return;
    await helm.end();
    await installOperator(installation());
    await story.end();
  });

  const release = (verb: string, ...args: readonly string[]) =>
    helm.run(verb, RELEASE, CHART, ...HERE, '--wait', '--timeout=3m', ...args);
  const uninstall = () => helm.run('uninstall', RELEASE, ...HERE, '--wait', '--timeout=3m');
  const scaled = async (replicas: number) => {
    await kubectl([...HERE, 'scale', 'deployment/regcred', `--replicas=${replicas}`]);
    const there = ['rollout', 'status', 'deployment/regcred', '--timeout=180s'];
    await kubectl([...HERE, ...(replicas === 0 ? PODS_GONE : there)]);
  };

  it('comes up, hands out, ends at SIGTERM, refuses to go while it is down, and then leaves nothing', async () => {
    const [repository, tag] = site().operatorImage.split(/:(?=[^/:]*$)/);
    const values = ['--set', `image.repository=${repository},image.tag=${tag}`, '--set', 'crds.keep=false'];
    await release('install', ...values);
    const { registry } = site();
    const login = loginTo(registry);
    const image = await pushed(registry, 'apps/chart');
    const credential = await handOut(story, login);
    const namespace = await story.namespace('in', OPTED_IN);
    await isServed(namespace, inNamespace(login));
    const pod = await runPod(namespace, image);
    await podRuns(namespace, pod);
    await release('upgrade', ...values, '--set', 'log.level=debug,networkPolicy.enabled=true');

    const ends = await endsWhile(() => scaled(0));
    const seconds = ends.map(end => end.seconds.toFixed(1));
    console.log(`      SIGTERM to the end of each pod, s: ${seconds.join(', ')}`);
    // Those of before the upgrade may still be ending.
    expect(ends.length).to.be.at.least(2);
    expect([...new Set(ends.map(({ exitCode }) => exitCode))]).to.deep.equal([0]);
    // Far from the 15 s after which they would be killed.
    expect(Math.max(...ends.map(end => end.seconds))).to.be.lessThan(5);
    expect(await kubectl([...HERE, ...HOLDER]), 'the Lease is given back').to.equal('');

    const refusal = await uninstall().catch((error: Error) => error);
    expect(refusal).to.be.an('error');
    expect(await kubectl([...HERE, 'logs', 'job/regcred-undo'])).to.match(/no operator is at work/);
    expect(await kubectl(['get', 'registrycredentials', '-o', 'name'])).to.contain(credential);
    await isServed(namespace, inNamespace(login));

    await scaled(2);
    await uninstall();
    // Helm waits for its own objects; that their pods have ended is the kubelet's to say.
    await kubectl([...HERE, ...PODS_GONE]);
    await isClean(namespace);
    // The source is the administrator's.
    expect((await ours()).filter(line => !line.includes(story.id))).to.deep.equal(earlier);
    await podRuns(namespace, pod);
  });
});

/** What there is of the operator, by whatever name. */
const ours = async (): Promise<string[]> =>
  (await census(site().cluster)).filter(line => /regcred|registrycredential/i.test(line));
