// Tells of RegistryCredentials by Events, and remembers what it told. At the beginning of a term
// that is what status shows.

import type { RegistryCredentialStatus } from '../api/types.ts';
import { type CredentialEvent, normal } from '../core/credential-event.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { type Progress, type Told, tell, toldBy } from '../core/status-events.ts';
import type { EventDraft } from '../kube/event-object.ts';

/** Returns at once and never throws: nothing depends on Events. */
export interface EventSink {
  event(draft: EventDraft): void;
}

export class CredentialEvents {
  readonly #sink: EventSink;
  /** By the name of the RegistryCredential; a successor of that name has another uid. */
  readonly #last = new Map<string, { readonly uid: string; readonly told: Told }>();

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  /** `record` as it was before `status` was written, which may be what it had already. */
  status(record: CredentialRecord, status: RegistryCredentialStatus, progress: Progress): void {
    const { name, uid } = record;
    const last = this.#last.get(name);
    const before = last?.uid === uid ? last.told : toldBy(record.status, 0);
    const { told, events } = tell(before, status, progress);
    this.#last.set(name, { uid, told });
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
