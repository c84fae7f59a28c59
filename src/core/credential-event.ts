// An Event about a RegistryCredential, before anything is known of how Events are written.

import type { EventAction, EventReason } from '../api/events.ts';

export interface CredentialEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: EventReason;
  readonly action: EventAction;
  /** For a person: what is the case, and what to do. */
  readonly note: string;
}

type Make = (reason: EventReason, action: EventAction, note: string) => CredentialEvent;

export const normal: Make = (reason, action, note) => ({ type: 'Normal', reason, action, note });
export const warning: Make = (reason, action, note) => ({ type: 'Warning', reason, action, note });
