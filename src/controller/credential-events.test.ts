// Where the story that Events tell begins, and whose it is.

import { expect } from 'chai';
import { statusOf } from '../core/status.ts';
import type { EventDraft } from '../kube/event-object.ts';
import { aRecord, aReport, aSituation } from '../testing/situations.ts';
import { CredentialEvents } from './credential-events.ts';

describe('the story that is told', () => {
  let drafts: EventDraft[];
  let events: CredentialEvents;
  beforeEach(() => {
    drafts = [];
    events = new CredentialEvents({ event: draft => void drafts.push(draft) });
  });
  const settled = (rollouts: number) => ({ isSettled: true, rollouts });
  const well = statusOf(aSituation(), 0);
  const failing = statusOf(aSituation().reporting(aReport({ state: 'kept', message: 'gone' })), 0);
  const reasons = () => drafts.map(({ reason }) => reason);

  it('begins where status shows it to be', () => {
    events.status(aRecord({ status: failing }), failing, settled(0));
    events.status(aRecord({ status: failing }), well, settled(0));
    expect(reasons()).to.deep.equal(['SourceRecovered']);
  });

  it('begins anew with a successor of the same name', () => {
    events.status(aRecord(), well, settled(0));
    events.status(aRecord({ uid: 'another' }), well, settled(0));
    expect(reasons()).to.deep.equal(['Synced', 'Synced']);
  });

  it('is forgotten with its RegistryCredential', () => {
    events.status(aRecord(), well, settled(3));
    events.forget('team');
    events.status(aRecord({ status: well }), well, settled(0));
    expect(reasons()).to.deep.equal(['Synced']);
  });
});
