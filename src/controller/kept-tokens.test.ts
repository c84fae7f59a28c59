// Tokens over a restart: one that lives is fetched neither again nor in vain, and a namespace that comes while nobody
// gives tokens out has it all the same.

import { expect } from 'chai';
import { failed } from '../sources/source-failure.ts';
import { aCredential, aNamespace } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { TokenGiver } from '../testing/token-source.ts';

const MINUTE = 60_000;
const away = failed('TokenUnavailable', 'the token server is away');
const oauth = {
  server: 'r.io',
  oauth: { tokenEndpoint: 'https://auth.example.com/token', username: 'robot' },
};

describe('a token that an earlier run fetched', () => {
  let rig: OperatorRig;
  let giver: TokenGiver;

  beforeEach(async () => {
    rig = new OperatorRig();
    giver = new TokenGiver();
    rig.ask = giver.ask;
    const team = aCredential('team');
    team.spec.registries.push(oauth);
    rig.server.given(aNamespace('apps').optedIn(), team);
    await rig.start();
    expect(rig.logins('apps')).to.equal('r.io=token-1');
  });
  afterEach(() => rig.stop());

  const late = async (): Promise<string | undefined> => {
    rig.server.given(aNamespace('late').optedIn());
    await rig.settle();
    return rig.logins('late');
  };

  it('is not fetched again by a restart, nor is anything written', async () => {
    await rig.settle(10 * MINUTE);
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
    expect(giver.asked).to.have.length(1);
    expect(await late()).to.equal('r.io=token-1');
    expect(giver.asked).to.have.length(1);
  });

  it('is renewed when it would have been without the restart', async () => {
    await rig.settle(20 * MINUTE);
    await rig.restart();
    await rig.settle(26 * MINUTE);
    expect(giver.asked).to.have.length(2);
    expect(rig.logins('apps')).to.equal('r.io=token-2');
  });

  it('is given to a new namespace while nobody gives tokens out', async () => {
    giver.failure = away;
    await rig.settle(50 * MINUTE);
    expect(rig.told('team')).to.equal('True Synced 1/1');
    expect(await rig.writesDuring(() => rig.restart())).to.deep.equal([]);
    expect([await late(), rig.pullSecrets('late')]).to.deep.equal(['r.io=token-1', ['regcred']]);
    expect(rig.logins('apps')).to.equal('r.io=token-1');
  });

  it('is replaced everywhere as soon as there is a new one', async () => {
    giver.failure = away;
    await rig.settle(50 * MINUTE);
    await rig.restart();
    giver.failure = undefined;
    await rig.settle(6 * MINUTE);
    const last = `r.io=token-${giver.asked.length}`;
    expect([rig.logins('apps'), await late()]).to.deep.equal([last, last]);
  });
});
