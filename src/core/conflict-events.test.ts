// What is told by Events of namespaces that refuse: each row is a story, and the Events are
// those of its last step.

import { expect } from 'chai';
import { aSituation, failure, verdict } from '../testing/situations.ts';
import { conflict, foreign, itTells, notes, tellAll, well } from '../testing/stories.ts';

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
      'namespace legacy: it does not refuse the login any more, or none is meant for it',
    ]);
  });

  it('no more than what is remembered, which is ten at most', () => {
    const names = Array.from({ length: 26 }, (_, index) => String.fromCharCode(122 - index));
    const story = names.map((_, index) =>
      aSituation().in(Object.fromEntries(names.slice(0, index + 1).map(name => [name, foreign]))),
    );
    for (const { told } of tellAll(story)) expect(told.conflicts.size).to.be.at.most(10);
  });
});
