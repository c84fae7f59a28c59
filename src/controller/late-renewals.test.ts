// Tokens whose renewal waits for its turn, since one who is asked hangs for many: no fetch of theirs fails, and they end.

import { expect } from 'chai';
import { aCredential } from '../testing/builders.ts';
import { FetchRig, secretsWith } from '../testing/fetch-rig.ts';
import { TokenRig } from '../testing/token-rig.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const MANY = 40;
const all = Array.from({ length: MANY }, (_, index) => `team-${index}`);

describe('a renewal that waits for its turn', () => {
  it('is told at a quarter of the life, and when that ends, and all who use it are woken', async () => {
    const rig = new FetchRig();
    rig.giver.life = 5 * MINUTE;
    const use = (name: string) => rig.use(name, secretsWith(name));
    for (const name of all) use(name);
    await rig.clock.advance(0);
    rig.giver.answering = new Promise(() => undefined);
    await rig.clock.advance(3.5 * MINUTE);
    rig.woken.length = 0;
    await rig.clock.advance(30 * SECOND);
    const isTold = (name: string) => use(name).isLate || use(name).failure !== undefined;
    expect(all.filter(name => use(name).failure !== undefined)).to.have.lengthOf.below(MANY);
    for (const name of all) expect([use(name).age, isTold(name)]).to.deep.equal(['expiring', true]);
    expect(rig.woken).to.include.members(all);
    rig.woken.length = 0;
    await rig.clock.advance(MINUTE);
    for (const name of all) expect([use(name).age, isTold(name)]).to.deep.equal(['expired', true]);
    expect(rig.woken).to.include.members(all);
    rig.fetches.stop();
  });

  it('is not late as long as its answer may take', async () => {
    const rig = new FetchRig();
    rig.use();
    await rig.clock.advance(0);
    rig.giver.answering = new Promise(() => undefined);
    while (rig.giver.asked.length < 2) await rig.clock.advance(SECOND);
    await rig.clock.advance(28 * SECOND);
    expect(rig.use()).to.include({ isLate: false, failure: undefined });
    rig.fetches.stop();
  });

  describe('to whoever reads status', () => {
    let rig: TokenRig;
    beforeEach(async () => {
      rig = new TokenRig();
      rig.giver.life = 5 * MINUTE;
      for (const [index, name] of all.entries()) {
        const credential = aCredential(name).withToken(`r${index}.io`);
        for (const { oauth } of credential.spec.registries) if (oauth) oauth.username = name;
        rig.server.given(credential);
      }
      await rig.start();
    });
    afterEach(() => rig.stop());

    const failing = (name: string) =>
      rig.server
        .get('registrycredentials', name)
        ?.status?.conditions.find(({ type }) => type === 'SourceFailing');

    it('is a source that fails, and an end of the login', async () => {
      rig.giver.answering = new Promise(() => undefined);
      await rig.settle(4 * MINUTE);
      expect(all.map(name => failing(name)?.reason)).to.deep.equal(all.map(() => 'LoginExpiring'));
      const messages = all.map(name => failing(name)?.message);
      expect(messages.filter(message => message?.includes('its renewal waits for its turn'))).to.not.be.empty;
      await rig.settle(1.2 * MINUTE);
      expect(all.map(name => rig.told(name))).to.deep.equal(all.map(() => 'False Expired 2/2'));
    });

    it('is that too where the login is one of before an edit of the source', async () => {
      rig.giver.answering = new Promise(() => undefined);
      await rig.settle(4.8 * MINUTE);
      for (const name of all)
        rig.server.update('registrycredentials', name, ({ spec: { registries } }) => {
          for (const { oauth } of registries) if (oauth) oauth.scope = 'another';
        });
      await rig.settle(36 * SECOND);
      expect(all.map(name => rig.told(name))).to.deep.equal(all.map(() => 'False Expired 2/2'));
    });

    it('is that too where it is the first after a restart', async () => {
      await rig.stop();
      // No operator runs.
      await rig.clock.advance(4.2 * MINUTE);
      rig.giver.answering = new Promise(() => undefined);
      await rig.start();
      await rig.settle(36 * SECOND);
      expect(all.map(name => failing(name)?.reason)).to.deep.equal(all.map(() => 'LoginExpiring'));
      await rig.settle(15 * SECOND);
      expect(all.map(name => rig.told(name))).to.deep.equal(all.map(() => 'False Expired 2/2'));
    });
  });
});
