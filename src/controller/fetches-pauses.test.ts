// For how long who gives tokens is left alone when he asks for it.

import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { failed } from '../sources/source-failure.ts';
import { FetchRig, secretsWith } from '../testing/fetch-rig.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const away = failed('TokenUnavailable', 'the token server is away');

describe('the pauses between fetches', () => {
  let rig: FetchRig;
  beforeEach(() => {
    rig = new FetchRig();
  });

  it('who asks to be left alone is left alone, where there is a login that lives', async () => {
    rig.giver.failure = { ...away, retryAfter: 20 * MINUTE };
    const now = rig.clock.now();
    rig.use('team', secretsWith('p'), {
      key: 'older',
      entries: [],
      fetchedAt: now,
      expiresAt: now + 2 * HOUR,
    });
    await rig.clock.advance(19 * MINUTE);
    expect(rig.giver.asked).to.have.lengthOf(1);
    await rig.clock.advance(2 * MINUTE);
    expect(rig.giver.asked).to.have.lengthOf(2);
  });

  it('who asks to be left alone for an hour is asked each five minutes where there is no login', async () => {
    rig.giver.failure = { ...away, retryAfter: HOUR };
    rig.use();
    await rig.clock.advance(20 * MINUTE);
    for (const pause of rig.pauses()) expect(pause).to.equal(5);
    expect(rig.giver.asked).to.have.lengthOf(5);
    rig.giver.failure = undefined;
    await rig.clock.advance(5 * MINUTE);
    expect(rig.password()).to.equal('token-6');
  });

  it('two who hang for many, and fail for them, keep nobody waiting who failed once', async () => {
    const { ask } = rig.giver;
    rig.giver.ask = (source, registry, context) =>
      registry.server?.startsWith('hangs-') ? new Promise(() => undefined) : ask(source, registry, context);
    rig.use();
    await rig.clock.advance(0);
    for (let index = 0; index < 45; index++)
      for (const host of ['hangs-1.io', 'hangs-2.io'])
        rig.use(`${host}-${index}`, secretsWith(`${index}`), undefined, {}, host);
    rig.giver.failure = away;
    await rig.clock.advance(30 * MINUTE);
    while (rig.giver.asked.length < 2) await rig.clock.advance(SECOND);
    rig.giver.failure = undefined;
    await rig.clock.advance(2 * MINUTE);
    expect(rig.use()).to.include({ failure: undefined, age: 'living' });
  });

  it('who asks to be left alone for longer than the token lives is asked while it lives', async () => {
    rig.use();
    await rig.clock.advance(0);
    rig.giver.failure = { ...away, retryAfter: HOUR };
    await rig.clock.advance(45 * MINUTE);
    rig.giver.failure = undefined;
    await rig.clock.advance(14 * MINUTE);
    expect(rig.use()).to.include({ age: 'living', failure: undefined });
    expect(rig.password()).to.not.equal('token-1');
  });
});
