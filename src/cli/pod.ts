// From a pod and its Events to what an explanation asks of them.

import type { Owner, PodFacts, PullState } from '../core/pull-facts.ts';
import type { KubeObject } from '../kube/kube-client.ts';
import { oneLine } from './failure.ts';
import { isName } from './options.ts';

export interface KubePod extends KubeObject {
  readonly spec: {
    readonly serviceAccountName?: string;
    readonly imagePullSecrets?: readonly { readonly name?: string }[];
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly ephemeralContainers?: readonly Container[];
    readonly volumes?: readonly { readonly name: string; readonly image?: { readonly reference?: string } }[];
  };
  readonly status?: {
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}

interface Container {
  readonly name: string;
  readonly image?: string;
  readonly volumeMounts?: readonly { readonly name: string }[];
}

interface ContainerStatus {
  readonly name: string;
  readonly imageID?: string;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
}

/** Reasons of the kubelet, of images/types.go and of the CRI. */
const PULL_REASONS: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

const PULL_EVENTS: ReadonlySet<string> = new Set([
  'Failed',
  'BackOff',
  'ErrImageNeverPull',
  'InspectFailed',
  'FailedToRetrieveImagePullSecret',
]);

/** Characters: containerd repeats itself. */
const LONGEST_MESSAGE = 400;
const MOST_EVENTS = 5;

export interface Pull {
  readonly image: string;
  readonly pod: PodFacts;
}

/** One for each image that cannot be pulled; if there is none such, for each image. `redact`: the words are of others. */
export function pullsOf(
  pod: KubePod,
  events: readonly KubeObject[],
  redact: (text: string) => string,
): Pull[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  const told = eventsOf(events, redact);
  const pulls = [...initContainers, ...containers, ...ephemeralContainers].flatMap(container => {
    const pull = stateOf(container.name, pod, redact);
    return imagesOf(container, pod, pull).map(image => ({
      image,
      pod: {
        name: pod.metadata.name,
        pullSecrets: (pod.spec.imagePullSecrets ?? []).map(secret => secret.name ?? ''),
        owner: ownerOf(pod),
        container: container.name,
        pull,
        events: told,
      },
    }));
  });
  const failing = pulls.filter(one => one.pod.pull.state === 'failing');
  const chosen = failing.length > 0 ? failing : pulls;
  return [...new Map(chosen.map(one => [one.image, one])).values()];
}

/** Its own and those that it mounts. A failure is that of one of them, and which, only its message says. */
function imagesOf(
  { image = '', volumeMounts = [] }: Container,
  { spec }: KubePod,
  pull: PullState,
): string[] {
  const mounted = new Set(volumeMounts.map(({ name }) => name));
  const volumes = (spec.volumes ?? []).filter(volume => mounted.has(volume.name));
  const images = [image, ...volumes.flatMap(volume => volume.image?.reference ?? [])];
  if (pull.state !== 'failing') return images;
  // One name can be the beginning of another.
  const byLength = images.toSorted((a, b) => b.length - a.length);
  return [byLength.find(one => pull.message.includes(one)) ?? image];
}

function stateOf(container: string, { status = {} }: KubePod, redact: (text: string) => string): PullState {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = status;
  const statuses = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
  const found = statuses.find(({ name }) => name === container);
  const { reason = '', message = '' } = found?.state?.waiting ?? {};
  if (PULL_REASONS.has(reason)) return { state: 'failing', reason, message: shown(message, redact) };
  return { state: found?.imageID ? 'done' : 'pending' };
}

const shown = (text: string, redact: (text: string) => string): string =>
  oneLine(redact(text)).slice(0, LONGEST_MESSAGE);

interface KubeEvent extends KubeObject {
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

function eventsOf(events: readonly KubeObject[], redact: (text: string) => string): string[] {
  const about = (events as readonly KubeEvent[]).filter(({ reason = '' }) => PULL_EVENTS.has(reason));
  const time = ({ lastTimestamp, eventTime, metadata }: KubeEvent): string =>
    lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '';
  return about
    .sort((a, b) => (time(a) < time(b) ? -1 : 1))
    .slice(-MOST_EVENTS)
    .map(({ reason, message = '' }) => `${reason}: ${shown(message, redact)}`);
}

/**
 * An owner's name can be any text: what no object can be called is no owner, and gets into no command.
 * A ReplicaSet of a Deployment has the Deployment's name and a hash, which is a label of the pod.
 */
function ownerOf({ metadata }: KubePod): Owner | undefined {
  const { ownerReferences = [], labels = {} } = metadata as typeof metadata & {
    ownerReferences?: { kind: string; name: string; controller?: boolean }[];
  };
  const owner = ownerReferences.find(({ controller }) => controller === true);
  if (owner === undefined || !isName(owner.name)) return undefined;
  const ending = `-${labels['pod-template-hash']}`;
  if (owner.kind === 'ReplicaSet' && owner.name.endsWith(ending))
    return { kind: 'deployment', name: owner.name.slice(0, -ending.length) };
  return { kind: owner.kind.toLowerCase(), name: owner.name };
}
