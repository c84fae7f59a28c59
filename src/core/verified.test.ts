// What status says of the verification, from what is known of each registry.

import { expect } from 'chai';
import type { RegistryCredentialStatus } from '../api/types.ts';
import { aReport, aSituation } from '../testing/situations.ts';
import { statusOf } from './status.ts';
import type { Verified } from './verified.ts';

const GOOD: Verified = { verified: 'True', reason: 'LoginAccepted', message: 'a.io accepts the login' };
const PULLS: Verified = { verified: 'True', reason: 'PullAllowed', message: 'a.io has it' };
const BAD: Verified = { verified: 'False', reason: 'LoginRejected', message: 'b.io rejects the login' };
const WORSE: Verified = { verified: 'False', reason: 'PullDenied', message: 'd.io does not give it' };
const AWAY: Verified = { verified: 'Unknown', reason: 'Unreachable', message: 'could not reach c.io' };

const told = (what: Verified, mayStand = false) => ({ told: what, mayStand });
const OPEN = { told: undefined, mayStand: true };

describe('what status says of the verification', () => {
  type Seen = ReturnType<typeof told> | typeof OPEN | undefined;
  const situation = (...seen: Seen[]) =>
    aSituation().reporting(...seen.map((verified, at) => aReport({ server: `${at}.io`, verified })));
  const shown = ({ conditions, registries }: RegistryCredentialStatus) => {
    const found = conditions.find(({ type }) => type === 'Verified');
    return [
      found && `${found.status} ${found.reason}: ${found.message}`,
      ...registries.map(({ verified, reason }) => verified && `${verified} ${reason}`),
    ];
  };
  const following = (before: Seen[], now: Seen[]) =>
    shown(statusOf(situation(...now).saying(statusOf(situation(...before), 0)), 0));

  const rows: Record<string, [seen: Seen[], condition: string | undefined]> = {
    'nothing where no login is tried': [[undefined, undefined], undefined],
    'nothing while one was not tried': [[told(BAD), OPEN], undefined],
    'that all are well': [
      [told(GOOD), undefined, told(GOOD)],
      'True LoginAccepted: every login was taken by its registry when it was last tried',
    ],
    'that an image is given': [
      [told(GOOD), told(PULLS)],
      'True PullAllowed: every login was taken by its registry when it was last tried',
    ],
    'the first to which a registry says no, and how many more there are': [
      [told(AWAY), told(BAD), told(WORSE)],
      'False LoginRejected: registries[1]: b.io rejects the login; and 1 more of spec.registries, see status.registries',
    ],
    'the first of which nobody can tell': [
      [told(GOOD), told(AWAY)],
      'Unknown Unreachable: registries[1]: could not reach c.io',
    ],
  };
  for (const [title, [seen, condition]] of Object.entries(rows))
    it(title, () => {
      const [first, ...lines] = shown(statusOf(situation(...seen), 0));
      expect(first).to.equal(condition);
      expect(lines).to.deep.equal(seen.map(one => one?.told && `${one.told.verified} ${one.told.reason}`));
    });

  it('keeps what was said until there is an answer', () => {
    expect(following([told(BAD)], [OPEN])).to.deep.equal(shown(statusOf(situation(told(BAD)), 0)));
    expect(following([told(BAD)], [told(AWAY, true)])[0]).to.equal(
      'False LoginRejected: registries[0]: b.io rejects the login',
    );
    expect(following([told(BAD)], [told(AWAY)])[0]).to.match(/^Unknown Unreachable/);
    expect(following([], [told(AWAY, true)])[0]).to.equal(
      'Unknown Unreachable: registries[0]: could not reach c.io',
    );
  });

  it('keeps it for a registry that stands elsewhere now, and not for another one', () => {
    const before = statusOf(situation(told(GOOD), told(BAD)), 0);
    const [first, second] = situation(OPEN, OPEN).reports;
    const moved = aSituation().reporting(...[second, first].flatMap(report => report ?? []));
    expect(shown(statusOf(moved.saying(before), 0)).slice(1)).to.deep.equal([
      'False LoginRejected',
      'True LoginAccepted',
    ]);
    const twice = aSituation().reporting(aReport({ verified: told(GOOD) }), aReport({ verified: OPEN }));
    for (const said of [twice, twice.said()])
      expect(shown(statusOf(said, 0)).slice(1)).to.deep.equal(['True LoginAccepted', undefined]);
    const other = aSituation().reporting(aReport({ server: 'other.io', verified: OPEN }));
    expect(shown(statusOf(other.saying(before), 0))[1]).to.equal(undefined);
  });

  it('keeps it while suspended, and forgets it where nothing is tried any more', () => {
    const before = statusOf(situation(told(BAD)), 0);
    const suspended = situation(OPEN).saying(before).suspended();
    expect(shown(statusOf(suspended, 0))).to.deep.equal(shown(before));
    expect(following([told(BAD)], [undefined])).to.deep.equal([undefined, undefined]);
  });
});
