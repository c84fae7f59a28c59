// What all connections of a simulation share: delays, faults, and the API server at their end.

import type { Random } from '../../clock.ts';
import type { AskToken } from '../../controller/ask-source.ts';
import type { KubeRequest, KubeResponse, WatchRequest } from '../../kube/kube-client.ts';
import type { Target } from '../resources.ts';
import type { WatchStream } from '../watch-stream.ts';
import type { Decision } from './decisions.ts';
import type { Faults } from './faults.ts';
import type { FrameStream } from './frame-stream.ts';
import type { History } from './history.ts';
import type { Told } from './registries.ts';
import type { ReplicaClock } from './replica-clock.ts';
import type { FaultStep } from './step.ts';
import type { Views } from './views.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The process at the near end. */
export interface Caller {
  /** Of its place; an incarnation that follows another has the same. */
  readonly index: number;
  readonly identity: string;
  readonly clock: ReplicaClock;
  /** What registries have told it of a "username:password"; undefined where it had to hand logins out untried. */
  toldOf(login: string): Told | undefined;
  /** It may wait for what registries say of a "username:password". */
  isTrying(login: string): boolean;
  readonly views: Views;
}

/** A request on its way. */
export interface Sent {
  readonly caller: Caller;
  readonly request: KubeRequest;
  readonly target: Target;
  readonly decision: Decision;
}

export interface Network {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly faults: Faults;
  readonly history: History;
  readonly watches: Set<FrameStream>;
  /** Asked when a request leaves the process. */
  readonly onSent: (sent: Sent) => void;
  /** Throws ApiError. */
  readonly carryOut: (sent: Sent) => KubeResponse<object>;
  readonly follow: (request: WatchRequest) => WatchStream;
  readonly crash: (caller: Caller, step: Extract<FaultStep, { do: 'crash' }>) => void;
  readonly note: (line: string) => void;
  /** Whoever gives tokens out; left out, there is nobody. */
  readonly ask?: AskToken;
}

/** Milliseconds one way: mostly one or two, now and then a few dozen. */
export function delayOf(random: Random): number {
  const chance = random();
  return chance < 0.8 ? 1 + Math.floor(chance * 4) : Math.floor(5 + random() * 40);
}
