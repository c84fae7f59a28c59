// Tells of RegistryCredentials by Events. It remembers what it told; where status was written
// by somebody else meanwhile, another replica for one, that status is what was told last.

import { isDeepStrictEqual } from 'node:util';
import type { RegistryCredentialStatus } from '../api/types.ts';
import { type CredentialEvent, normal } from '../core/credential-event.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { type Progress, type Told, tell, toldBy } from '../core/status-events.ts';
import type { EventDraft } from '../kube/event-object.ts';

/** Returns at once and never throws: nothing depends on Events. */
export interface EventSink {
  event(draft: EventDraft): void;
}

interface Last {
  readonly status: RegistryCredentialStatus;
  readonly told: Told;
}

export class CredentialEvents {
  readonly #sink: EventSink;
  /** By the name of the RegistryCredential. */
  readonly #last = new Map<string, Last>();

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  /** `record` as it was before `status` was written, which may be what it had already. */
  status(record: CredentialRecord, status: RegistryCredentialStatus, progress: Progress): void {
    const last = this.#last.get(record.name);
    const isOurs = last !== undefined && isDeepStrictEqual(last.status, record.status);
    const before = isOurs ? last.told : toldBy(record.status, last?.told.rollouts ?? 0);
    const { told, events } = tell(before, status, progress);
    this.#last.set(record.name, { status, told });
    for (const event of events) this.#send(record, event);
  }

  undone(record: CredentialRecord): void {
    this.#send(record, normal('Undone', 'Undo', UNDONE[record.spec.deletionPolicy]));
  }

  forget(credential: string): void {
    this.#last.delete(credential);
  }

  #send({ name, uid }: CredentialRecord, event: CredentialEvent): void {
    this.#sink.event({ object: { name, uid }, ...event });
  }
}

const UNDONE: Record<CredentialRecord['spec']['deletionPolicy'], string> = {
  Delete: 'what was given to the namespaces is taken back',
  Orphan: 'Secrets and references stay as they are, and nobody looks after them any more',
};
