// What becomes of a token, and of stored logins, of which some are held back.

import { expect } from 'chai';
import type { RegistrySpec } from '../api/types.ts';
import type { AuthEntry } from '../core/auth-entry.ts';
import { encodeEntry } from '../core/docker-config.ts';
import type { RegistryMaterial } from '../core/material.ts';
import type { Token } from '../core/token.ts';
import { failed } from '../sources/source-failure.ts';
import { type Held, type Offer, storedOffer, tokenOffer } from './offer.ts';
import type { Standing } from './token-fetch.ts';

const MINUTE = 60_000;

describe('an offer of a source', () => {
  const registry: RegistrySpec = { dockerConfig: { secretRef: { name: 'login' } } };
  const entry = (server: string, password: string) => encodeEntry({ server, username: 'u', password });
  const known = (...entries: AuthEntry[]): RegistryMaterial => ({ state: 'known', entries });
  const refused = (...entries: AuthEntry[]): Held => ({
    waiting: [],
    refused: entries.map(one => ({ entry: one, message: `${one.server} says no` })),
  });
  const waiting = (...entries: AuthEntry[]): Held => ({ waiting: entries, refused: [] });
  const passwords = ({ material }: ReturnType<Offer['settle']>): string[] | string =>
    material.state === 'known'
      ? material.entries.map(({ server, json }) => `${server} ${JSON.parse(json).password}`).sort()
      : material.state;

  describe('that is stored', () => {
    const [a1, b1, a2, c2] = [entry('a.io', '1'), entry('b.io', '1'), entry('a.io', '2'), entry('c.io', '2')];
    const offer = (previous: RegistryMaterial) =>
      storedOffer(registry, { ok: true, entries: [a2, c2], bad: [] }, previous);

    it('is given whole where nothing is held', () => {
      const state = offer(known(a1, b1)).settle(waiting());
      expect([passwords(state), state.report.state]).to.deep.equal([['a.io 2', 'c.io 2'], 'serving']);
    });

    it('takes nothing away while one waits, and says nothing of it', () => {
      const state = offer(known(a1, b1)).settle(waiting(a2));
      expect(passwords(state)).to.deep.equal(['a.io 1', 'b.io 1', 'c.io 2']);
      expect([state.report.state, state.report.message]).to.deep.equal(['serving', undefined]);
    });

    it('leaves one that is refused in its last good form', () => {
      const state = offer(known(a1, b1)).settle(refused(a2));
      expect(passwords(state)).to.deep.equal(['a.io 1', 'c.io 2']);
      expect([state.report.state, state.report.message]).to.deep.equal(['partial', 'a.io: a.io says no']);
    });

    it('fails where all are refused, and takes nothing away', () => {
      const state = offer(known(a1, b1)).settle(refused(a2, c2));
      expect(passwords(state)).to.deep.equal(['a.io 1', 'b.io 1']);
      expect(state.report.state).to.equal('kept');
      expect(state.report.message).to.equal('a.io says no (and 1 more logins)');
    });

    it('may have been given by an earlier run, where that is not known', () => {
      const state = offer({ state: 'unknown', keys: undefined }).settle(waiting(a2));
      expect(state.material).to.deep.include({ state: 'known', unknownKeys: ['a.io'] });
      expect(offer({ state: 'absent' }).settle(waiting(a2, c2)).material).to.deep.equal({ state: 'absent' });
    });
  });

  describe('of tokens', () => {
    const token = (end: number, ...entries: AuthEntry[]): Token => ({
      key: 'same',
      entries,
      fetchedAt: 0,
      expiresAt: end * MINUTE,
    });
    const earlier = token(10, entry('a.io', '1'), entry('b.io', '1'));
    const [a2, b2] = [entry('a.io', '2'), entry('b.io', '2')];
    const standing: Standing = {
      token: token(60, a2, b2),
      failure: undefined,
      isOurs: true,
      isAwaited: false,
      begunAt: 0,
      renewalAt: undefined,
      age: 'living',
      isLate: false,
      isFulfilled: true,
    };
    const offer = tokenOffer(registry, standing, known(...earlier.entries), earlier, 0);
    const seen = (state: ReturnType<Offer['settle']>) => [
      passwords(state),
      Number(state.report.expiresAt) / MINUTE,
      state.report.state,
    ];

    it('is given whole where nothing is held', () => {
      expect(seen(offer.settle(waiting()))).to.deep.equal([['a.io 2', 'b.io 2'], 60, 'serving']);
    });

    it('is the one before, with the end of that, while it waits and where it is refused', () => {
      expect(seen(offer.settle(waiting(a2)))).to.deep.equal([['a.io 1', 'b.io 1'], 10, 'serving']);
      const state = offer.settle(refused(a2, b2));
      expect(seen(state)).to.deep.equal([['a.io 1', 'b.io 1'], 10, 'kept']);
      expect(state.token).to.equal(earlier);
    });

    it('goes out for those servers that do not refuse it', () => {
      const state = offer.settle(refused(b2));
      expect(seen(state)).to.deep.equal([['a.io 2', 'b.io 1'], 10, 'partial']);
      expect(state.report.message).to.equal('b.io: b.io says no');
      const first = tokenOffer(registry, standing, { state: 'absent' }, undefined, 0);
      expect(seen(first.settle(refused(b2)))).to.deep.equal([['a.io 2'], 60, 'partial']);
    });

    it('is whole for nobody where it was made of two', () => {
      const { token } = offer.settle(refused(b2));
      expect(token)
        .to.include({ expiresAt: 10 * MINUTE })
        .and.to.have.property('key')
        .that.is.not.equal('same');
    });

    it('leaves in doubt what an earlier run fetched, where some refuse it, until its source says so again', () => {
      const doubtful: RegistryMaterial = {
        state: 'known',
        entries: earlier.entries,
        unknownKeys: ['a.io', 'b.io'],
      };
      const unknownKeys = (isOurs: boolean) => {
        const { material } = tokenOffer(registry, { ...standing, isOurs }, doubtful, earlier, 0).settle(
          refused(b2),
        );
        return material.state === 'known' ? material.unknownKeys : material.state;
      };
      expect(unknownKeys(false)).to.deep.equal(['a.io', 'b.io']);
      expect(unknownKeys(true)).to.deep.equal(['b.io']);
    });

    const ages: [now: number, all: string, some: string, turn: number | undefined][] = [
      [7, 'kept', 'partial', 7.5],
      [7.5, 'expiring', 'expiring', 10],
      [10, 'expired', 'expired', undefined],
    ];
    for (const [now, all, some, turn] of ages)
      it(`is as old as the one in use where it is refused: ${all} after ${now} of 10 min`, () => {
        const asked = tokenOffer(registry, standing, known(...earlier.entries), earlier, now * MINUTE);
        const states = [asked.settle(refused(a2, b2)), asked.settle(refused(b2))];
        expect(states.map(({ report }) => report.state)).to.deep.equal([all, some]);
        const turns = states.map(({ turnAt }) => turnAt && turnAt / MINUTE);
        expect(turns[0]).to.equal(turn);
        expect(turns[1]).to.equal(turn);
      });

    it('fails as its source does, also where a part of it is refused', () => {
      const failure = failed('TokenUnavailable', 'the token server is away');
      const failing = tokenOffer(registry, { ...standing, failure }, known(...earlier.entries), earlier, 0);
      const { report } = failing.settle(refused(b2));
      expect([report.state, report.message]).to.deep.equal(['kept', 'the token server is away']);
    });

    it('is nothing while the first one waits', () => {
      const first = tokenOffer(registry, standing, { state: 'absent' }, undefined, 0);
      expect(first.settle(waiting(a2, b2)).material).to.deep.equal({ state: 'absent' });
      expect(first.settle(refused(a2, b2)).report.state).to.equal('failed');
    });
  });
});
