// An Event within the limits of the API server, and without credentials.

import { expect } from 'chai';
import { type EventDraft, eventObject, keyOfEvent, nameOfEvent, tidy } from './event-object.ts';

const draft: EventDraft = {
  object: { name: 'team', uid: 'u-1' },
  type: 'Warning',
  reason: 'SourceFailed',
  action: 'Fetch',
  note: 'could not read Secret login',
};

describe('an Event', () => {
  it('is what events.k8s.io/v1 takes', () => {
    const origin = {
      regarding: { apiVersion: 'regcred.dev/v1alpha1', kind: 'RegistryCredential' },
      reportingController: 'regcred.dev/operator',
      reportingInstance: 'regcred-0',
    };
    expect(eventObject('team.1', draft, origin, Date.UTC(2026, 0, 1), undefined)).to.deep.equal({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'team.1', namespace: 'default' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      regarding: {
        apiVersion: 'regcred.dev/v1alpha1',
        kind: 'RegistryCredential',
        name: 'team',
        uid: 'u-1',
      },
      reportingController: 'regcred.dev/operator',
      reportingInstance: 'regcred-0',
      type: 'Warning',
      reason: 'SourceFailed',
      action: 'Fetch',
      note: 'could not read Secret login',
    });
  });

  it('has its note masked before it is cut', () => {
    const redact = (text: string) => text.replaceAll('hunter2', '***');
    const { note } = tidy({ ...draft, note: `${'x'.repeat(1018)}hunter2` }, redact);
    expect(note).to.equal(`${'x'.repeat(1018)}***`);
  });

  it('has no note of more than 1,024 bytes, and no half character in it', () => {
    for (const text of ['a', 'é', '語', '😀']) {
      const { note } = tidy({ ...draft, note: `.${text.repeat(1_024)}` }, whole => whole);
      expect(Buffer.byteLength(note), text).to.be.within(1_020, 1_024);
      expect(note).to.match(new RegExp(`^\\.(?:${text})+…$`, 'u'));
    }
  });

  it('has a reason and an action of at most 128 bytes', () => {
    const { reason, action } = tidy({ ...draft, reason: 'R'.repeat(200), action: 'A'.repeat(128) }, x => x);
    expect(reason).to.equal(`${'R'.repeat(125)}…`);
    expect(action).to.equal('A'.repeat(128));
  });

  it('has a name that the API server takes, however long that of the object is', () => {
    expect(nameOfEvent('team', 'abc')).to.equal('team.abc');
    expect(nameOfEvent(`${'a'.repeat(248)}.${'b'.repeat(4)}`, 'abc')).to.equal(`${'a'.repeat(248)}.abc`);
    expect(nameOfEvent('a'.repeat(253), 'abc')).to.have.length(253);
  });

  it('is another one when anything but the time is different', () => {
    const others = [
      { ...draft, object: { name: 'team', uid: 'u-2' } },
      { ...draft, type: 'Normal' as const },
      { ...draft, reason: 'x' },
      { ...draft, action: 'x' },
      { ...draft, note: 'x' },
    ];
    expect(new Set([draft, { ...draft }, ...others].map(keyOfEvent))).to.have.property('size', 6);
  });
});
