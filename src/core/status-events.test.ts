// What is told by Events of Ready and of sources: each row is a story, and the Events are
// those of its last step.

import { expect } from 'chai';
import { aReport, aSituation, failure, verdict } from '../testing/situations.ts';
import { conflict, gone, itTells, kept, lastTold, notes, type Step, well } from '../testing/stories.ts';
import { statusOf } from './status.ts';
import { isSettled, tell, toldBy } from './status-events.ts';

const edited = (step: Step) =>
  step.with({ record: { ...step.record, generation: step.record.generation + 1 } });

const ENDING = { state: 'expiring', message: 'it is away', expiresAt: new Date(0) } as const;
const expiring = () => aSituation().reporting(aReport(ENDING));
const expired = () => aSituation().reporting(aReport({ ...ENDING, state: 'expired' }));

const keptToken = (message: string) =>
  aSituation().reporting(aReport({ source: 'oauth', state: 'kept', message, expiresAt: new Date(0) }));
const noToken = (message: string) =>
  aSituation().reporting(aReport({ source: 'oauth', state: 'failed', message }));

describe('of Ready is told', () => {
  itTells({
    'that all is well, at the first status': [[well()], ['Normal Synced']],
    'nothing while it is on its way': [[well().rollingOut()], []],
    'that all is well once it is rolled out': [[well().rollingOut(), well()], ['Normal Synced']],
    'nothing when status says the same': [[well(), well()], []],
    'nothing when a new namespace is served': [
      [well(), aSituation().in({ apps: verdict(), web: verdict() })],
      [],
    ],
    'that a new generation is rolled out, though Ready stayed as it was': [
      [well(), edited(well())],
      ['Normal Synced'],
    ],
    'that no namespace is selected': [[well().nowhere()], ['Normal NoNamespaceSelected']],
    'that the first namespace is served': [[well().nowhere(), well()], ['Normal Synced']],
    'that the operator is refused': [[well(), well().refused(failure('Forbidden'))], ['Warning Forbidden']],
    'that the API server keeps failing in a namespace': [
      [well(), well().in({ apps: verdict(failure('WriteFailed')) })],
      ['Warning WriteFailed'],
    ],
    'that all is well after a refusal': [[well().refused(failure('Forbidden')), well()], ['Normal Synced']],
    'that the spec cannot be obeyed': [[well(), well().stalled()], ['Warning SecretNameNotServed']],
    'that the spec cannot be read': [[well(), well().unreadable()], ['Warning SpecUnreadable']],
    'that its schedule means nothing': [[well(), well().unscheduled()], ['Warning ScheduleInvalid']],
    'that its schedule means nothing, and that a source fails': [
      [well(), kept().unscheduled()],
      ['Warning LastKnownGoodServed', 'Warning ScheduleInvalid'],
    ],
    'no resumption when the suspended one cannot be read': [
      [well().suspended(), well().suspended().unreadable()],
      ['Warning SpecUnreadable'],
    ],
    'that it is suspended': [[well(), well().suspended()], ['Normal Suspended']],
    'that it is acted on again, and is well': [
      [well().suspended(), well()],
      ['Normal Resumed', 'Normal Synced'],
    ],
    'that it is acted on again before it is rolled out': [
      [well().suspended(), well().rollingOut()],
      ['Normal Resumed'],
    ],
    'no resumption when its suspension only comes second': [
      [well().suspended(), well().suspended().stalled()],
      ['Warning SecretNameNotServed'],
    ],
    'nothing when it is deleted, for that is no news': [[well().suspended(), well().deleted()], []],
  });

  it('that a new login is rolled out, though status shows no trace of it', () => {
    expect(lastTold([well(), well()], 1)).to.deep.equal(['Normal Synced']);
    expect(lastTold([gone(), gone()], 1)).to.deep.equal([]);
  });

  it('how many namespaces are served', () => {
    expect(notes(conflict()).at(-1)).to.equal('1 of 2 selected namespaces have their login');
  });

  it('what its message says, with the command', () => {
    expect(notes(well().nowhere())[0]).to.include('kubectl label namespace NAME regcred.dev/sync=true');
  });
});

describe('of sources is told', () => {
  itTells({
    'once that one has nothing, though Ready and SourceFailing both say it': [
      [well(), gone()],
      ['Warning SourceFailed'],
    ],
    'that the last known good login is served': [[well(), kept()], ['Warning LastKnownGoodServed']],
    'nothing more of one that is about to end': [[well(), kept(), expiring(), expiring()], []],
    'that the last known good login is about to end': [
      [well(), kept(), expiring()],
      ['Warning LoginExpiring'],
    ],
    'once that it has ended, though Ready and SourceFailing both say it': [
      [well(), expiring(), expired()],
      ['Warning Expired'],
    ],
    'that another one is about to end, though an earlier one fails': [
      [kept(), aSituation().reporting(aReport({ state: 'kept', message: 'Secret gone' }), aReport(ENDING))],
      ['Warning LoginExpiring'],
    ],
    'that it gives logins again after one had ended': [
      [expired(), well()],
      ['Normal SourceRecovered', 'Normal Synced'],
    ],
    'that an entry is left out': [
      [well(), aSituation().reporting(aReport({ state: 'partial', message: 'x.io: bad' }))],
      ['Warning EntryLeftOut'],
    ],
    'that something else is wrong with it': [
      [kept('Secret gone'), kept('no key password')],
      ['Warning LastKnownGoodServed'],
    ],
    'nothing of a token whose source fails in another way': [
      [keptToken('throttled'), keptToken('no answer'), keptToken('throttled')],
      [],
    ],
    'nothing of a first token whose source fails in another way': [
      [noToken('throttled'), noToken('no answer'), noToken('throttled')],
      [],
    ],
    'nothing when it fails as before': [[kept(), kept()], []],
    'that it fails, also while the operator is refused in a namespace': [
      [well(), kept().in({ apps: verdict(), web: verdict(failure('Forbidden')) })],
      ['Warning LastKnownGoodServed', 'Warning Forbidden'],
    ],
    'that it gives logins again': [[kept(), well()], ['Normal SourceRecovered']],
    'that it gives logins again, and all is well': [
      [gone(), well()],
      ['Normal SourceRecovered', 'Normal Synced'],
    ],
    'nothing while a roll-out is under way': [[well(), kept().rollingOut()], []],
    'after the roll-out what failed during it': [
      [well(), kept().rollingOut(), kept()],
      ['Warning LastKnownGoodServed', 'Normal Synced'],
    ],
    'after the roll-out what came well again during it': [
      [kept(), well().rollingOut(), well()],
      ['Normal SourceRecovered', 'Normal Synced'],
    ],
    'nothing when they are not asked, for the spec cannot be obeyed': [
      [kept(), well().stalled().reporting()],
      ['Warning SecretNameNotServed'],
    ],
    'nothing new when they are asked again and fail as before': [
      [kept(), well().stalled().reporting(), kept()],
      ['Normal Synced'],
    ],
    'nothing at the end': [[kept(), well().deleted().reporting()], []],
  });
});

describe('the story that was told', () => {
  it('goes on after a restart where status shows it to be', () => {
    const held = well().in({ apps: verdict(failure('Forbidden')) });
    const settled = [well(), gone(), kept(), expiring(), expired(), conflict(), well().nowhere()];
    for (const situation of [...settled, well().stalled(), well().suspended(), held, held.deleted()]) {
      const status = statusOf(situation, 0);
      const progress = { isSettled: isSettled(situation), rollouts: 0 };
      expect(tell(toldBy(status, 0), status, progress).events).to.deep.equal([]);
    }
  });
});
