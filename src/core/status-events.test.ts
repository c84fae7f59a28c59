// What is told by Events of a RegistryCredential whose situation changes: each row is a
// story, and the Events are those of its last step.

import { expect } from 'chai';
import type { RegistryCredentialStatus } from '../api/types.ts';
import { aReport, aSituation, failure, verdict } from '../testing/situations.ts';
import { statusOf } from './status.ts';
import { type Telling, tell, toldBy } from './status-events.ts';

type Situation = ReturnType<typeof aSituation>;

const well = () => aSituation();
const gone = () => aSituation().reporting(aReport({ state: 'failed', message: 'Secret gone' }));
const kept = (message = 'Secret gone') => aSituation().reporting(aReport({ state: 'kept', message }));
const foreign = verdict(failure('ForeignSecret', 'it is foreign'));
const conflict = () => aSituation().in({ apps: verdict(), legacy: foreign });
const edited = (situation: Situation) =>
  situation.with({ record: { ...situation.record, generation: situation.record.generation + 1 } });

/** The situations one after the other, each with what was said before. */
function tellAll(situations: readonly Situation[], rollouts = 0): { all: Telling[]; last: string[] } {
  let told = toldBy(undefined, 0);
  let status: RegistryCredentialStatus | undefined;
  const all = situations.map((situation, index) => {
    status = statusOf(status === undefined ? situation : situation.saying(status), 0);
    const telling = tell(told, status, index === situations.length - 1 ? rollouts : 0);
    told = telling.told;
    return telling;
  });
  return { all, last: (all.at(-1)?.events ?? []).map(({ type, reason }) => `${type} ${reason}`) };
}

const notes = (...situations: Situation[]): string[] =>
  (tellAll(situations).all.at(-1)?.events ?? []).map(({ note }) => note);

const itTells = (rows: Record<string, [story: Situation[], expected: string[]]>): void => {
  for (const [sentence, [story, expected]] of Object.entries(rows))
    it(sentence, () => expect(tellAll(story).last).to.deep.equal(expected));
};

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
    expect(tellAll([well(), well()], 1).last).to.deep.equal(['Normal Synced']);
    expect(tellAll([gone(), gone()], 1).last).to.deep.equal([]);
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
    'that an entry is left out': [
      [well(), aSituation().reporting(aReport({ state: 'partial', message: 'x.io: bad' }))],
      ['Warning EntryLeftOut'],
    ],
    'that something else is wrong with it': [
      [kept('Secret gone'), kept('no key password')],
      ['Warning LastKnownGoodServed'],
    ],
    'nothing when it fails as before': [[kept(), kept()], []],
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

describe('of namespaces is told', () => {
  const all = (names: string[]) =>
    aSituation().in({ zoo: verdict(), ...Object.fromEntries(names.map(name => [name, foreign])) });
  const letters = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => String.fromCharCode('a'.charCodeAt(0) + from + index));
  const many = (reason: string, count: number) => Array.from({ length: count }, () => reason);

  itTells({
    'that one refuses': [[well(), conflict()], ['Warning ForeignSecret']],
    'nothing when it refuses as before': [[conflict(), conflict()], []],
    'that it refuses for another reason': [
      [conflict(), aSituation().in({ apps: verdict(), legacy: verdict(failure('ImmutableSecret')) })],
      ['Warning ImmutableSecret'],
    ],
    'nothing when a refusal is worded otherwise, for a quota counts in it': [
      [
        aSituation().in({ apps: verdict(), legacy: verdict(failure('Refused', 'used 1')) }),
        aSituation().in({ apps: verdict(), legacy: verdict(failure('Refused', 'used 2')) }),
      ],
      [],
    ],
    'that it does not refuse any more': [[conflict(), well()], ['Normal ConflictResolved']],
    'that none takes it, beside who refuses': [
      [well(), aSituation().in({ legacy: foreign })],
      ['Warning ForeignSecret', 'Warning Conflict'],
    ],
    'nothing of those that lack a login, for Ready tells it': [
      [well(), aSituation().in({ apps: verdict(failure('SourceFailed')), web: verdict() })],
      ['Warning SourceFailed'],
    ],
    'nothing of those that fail otherwise for the moment': [
      [conflict(), aSituation().in({ apps: verdict(), legacy: verdict(failure('WriteFailed')) })],
      ['Warning WriteFailed'],
    ],
    'no end of a conflict that is hidden by a source that fails': [
      [conflict(), aSituation().in({ apps: verdict(), legacy: verdict(failure('SourceFailed')) })],
      ['Warning SourceFailed'],
    ],
    'nothing anew when it then refuses as before': [
      [
        conflict(),
        aSituation().in({ apps: verdict(), legacy: verdict(failure('SourceFailed')) }),
        conflict(),
      ],
      ['Normal Synced'],
    ],
    'nothing while they are counted anew': [[conflict(), well().rollingOut()], []],
    'nothing anew when the count comes to the same': [
      [conflict(), well().rollingOut(), conflict()],
      ['Normal Synced'],
    ],
    'after the roll-out what began in it': [
      [well(), conflict().rollingOut(), conflict()],
      ['Warning ForeignSecret', 'Normal Synced'],
    ],
    'nothing while it is suspended': [[conflict(), well().suspended()], ['Normal Suspended']],
    'no end of a conflict at the end of all': [[conflict(), well().deleted()], []],
    'what holds an undo up, whatever it is': [
      [
        well(),
        well().deleted(),
        well()
          .in({ apps: verdict(failure('Forbidden')) })
          .deleted(),
      ],
      ['Warning Forbidden'],
    ],
    'once what holds an undo up': [
      [
        well()
          .in({ apps: verdict(failure('Forbidden')) })
          .deleted(),
        well()
          .in({ apps: verdict(failure('Forbidden')) })
          .deleted(),
      ],
      [],
    ],
    'at most the ten that status names': [
      [all(letters(15))],
      [...many('Warning ForeignSecret', 10), 'Normal Synced'],
    ],
    'that one comes to be named which refused all along': [
      [all(letters(12)), all(letters(11, 1))],
      ['Warning ForeignSecret', 'Normal ConflictResolved'],
    ],
    'no end of a conflict that is no longer named for others come first': [
      [all(letters(10, 1)), all(letters(11))],
      ['Warning ForeignSecret'],
    ],
    'the end of every conflict that was named, when all are over': [
      [all(letters(12)), well()],
      many('Normal ConflictResolved', 10),
    ],
  });

  it('which it is, and what to do', () => {
    expect(notes(well(), conflict())).to.deep.equal(['namespace legacy: it is foreign']);
    expect(notes(conflict(), well())).to.deep.equal([
      'namespace legacy: it does not refuse the login any more',
    ]);
  });
});

describe('the story that was told', () => {
  it('goes on after a restart where status shows it to be', () => {
    for (const situation of [well(), gone(), kept(), conflict(), well().nowhere(), well().stalled()]) {
      const status = statusOf(situation, 0);
      expect(tell(toldBy(status, 0), status, 0).events).to.deep.equal([]);
    }
  });

  it('does not grow with what happens', () => {
    const names = Array.from({ length: 26 }, (_, index) => String.fromCharCode(122 - index));
    const story = names.map((_, index) =>
      aSituation().in(Object.fromEntries(names.slice(0, index + 1).map(name => [name, foreign]))),
    );
    for (const { told } of tellAll(story).all) expect(told.conflicts.size).to.be.at.most(10);
  });
});
