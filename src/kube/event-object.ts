// The Event as the API server takes it (events.k8s.io/v1): lengths kept, credentials masked.

import { microTime } from './micro-time.ts';

/** What happened to one cluster-scoped object. The note may vary, the rest is a small vocabulary. */
export interface EventDraft {
  /** The uid is what lets `kubectl describe` find the Event. */
  readonly object: { readonly name: string; readonly uid: string };
  readonly type: 'Normal' | 'Warning';
  /** Why, in one word such as Synced. */
  readonly reason: string;
  /** What was done or tried, in one word such as Sync; the rate is limited for each apart. */
  readonly action: string;
  /** For a person: a sentence, and what to do. */
  readonly note: string;
}

/** Of which kind the objects are, and who reports. */
export interface EventOrigin {
  readonly regarding: { readonly apiVersion: string; readonly kind: string };
  /** Such as regcred.dev/operator. */
  readonly reportingController: string;
  /** Such as the name of the pod. */
  readonly reportingInstance: string;
}

/** How often, and when last: only what happened twice has it. */
export interface Series {
  readonly count: number;
  readonly lastObservedTime: string;
}

/** Where Events about cluster-scoped objects must be. */
export const EVENT_NAMESPACE = 'default';

/** Bytes. */
const LONGEST_NOTE = 1024;
const LONGEST_WORD = 128;
const LONGEST_NAME = 253;

/** Masked first and cut then, so that no half credential is left. */
export const tidy = (draft: EventDraft, redact: (text: string) => string): EventDraft => ({
  ...draft,
  reason: cut(draft.reason, LONGEST_WORD),
  action: cut(draft.action, LONGEST_WORD),
  note: cut(redact(draft.note), LONGEST_NOTE),
});

/** Drafts with the same key are one Event, repeated. */
export const keyOfEvent = ({ object, type, reason, action, note }: EventDraft): string =>
  JSON.stringify([object.uid, type, reason, action, note]);

/** @param suffix makes it unique; of characters that a name may have */
export function nameOfEvent(object: string, suffix: string): string {
  const room = LONGEST_NAME - suffix.length - 1;
  return `${object.slice(0, room).replace(/[^a-z0-9]+$/, '')}.${suffix}`;
}

/** @param began milliseconds since the epoch */
export function eventObject(
  name: string,
  draft: EventDraft,
  origin: EventOrigin,
  began: number,
  series: Series | undefined,
): object {
  const { object, ...words } = draft;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name, namespace: EVENT_NAMESPACE },
    eventTime: microTime(began),
    regarding: { ...origin.regarding, ...object },
    reportingController: origin.reportingController,
    reportingInstance: cut(origin.reportingInstance, LONGEST_WORD),
    ...words,
    ...(series === undefined ? {} : { series }),
  };
}

/** At most so many bytes of UTF-8, no character cut in two. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const ellipsis = '…';
  const room = bytes - Buffer.byteLength(ellipsis);
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(room));
  return text.slice(0, read) + ellipsis;
}
