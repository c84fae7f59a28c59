// Which login stands in the Secret when several claim the same server, and when a
// Secret must not be rewritten because it may hold a login that we do not know.

import { expect } from 'chai';
import { loginsOf } from '../testing/told-plan.ts';
import { credential, login } from '../testing/views.ts';
import type { AuthEntry } from './auth-entry.ts';
import { contentOf, encodeDockerConfig, MAX_DOCKER_CONFIG_BYTES } from './docker-config.ts';
import { createMerge, merge, wouldDropUnknown } from './merge.ts';
import type { CredentialView } from './view.ts';

const A = login('a.io');
const B = login('b.io');
const leftOutOf = (name: string, ...credentials: CredentialView[]) => merge(credentials).leftOut.get(name);
const together = (...credentials: CredentialView[]): string => loginsOf(merge(credentials).base64);

describe('a merged Secret', () => {
  it('holds the logins of all, sorted by server', () => {
    expect(together(credential('one').giving(B), credential('two').giving(A))).to.equal('a.io=old b.io=old');
  });

  it('has the same bytes whoever the logins come from', () => {
    const apart = merge([credential('one').giving(A), credential('two').giving(B)]);
    const alone = merge([credential('any').giving(B, A)]);
    expect(apart.base64).to.equal(alone.base64);
    expect(apart.digest).to.equal(contentOf(encodeDockerConfig([A, B])).digest);
  });

  it('takes the login of the first RegistryCredential for a server, in whatever spelling', () => {
    const one = credential('one').giving(login('https://r.io/v1/', 'first'));
    const two = credential('two').giving(login('r.io', 'second'));
    expect(together(one, two)).to.equal('https://r.io/v1/=first');
    expect(leftOutOf('two', one, two)).to.deep.equal([{ server: 'r.io', registry: 0, winner: 'one' }]);
    expect(leftOutOf('one', one, two)).to.equal(undefined);
  });

  it('takes the first in the list of one RegistryCredential', () => {
    const one = credential('one').giving(login('r.io', 'first')).giving(login('r.io', 'second'));
    expect(together(one)).to.equal('r.io=first');
    expect(leftOutOf('one', one)).to.deep.equal([{ server: 'r.io', registry: 1, winner: 'one' }]);
  });

  it('takes the next one while the first has no login yet', () => {
    const two = credential('two').giving(login('r.io', 'second'));
    for (const one of [credential('one').failing(), credential('one').failingSinceStart()]) {
      expect(together(one, two)).to.equal('r.io=second');
      expect(leftOutOf('two', one, two)).to.equal(undefined);
    }
  });

  it('keeps the path of a server apart from the server', () => {
    expect(
      together(credential('one').giving(login('r.io')), credential('two').giving(login('r.io/team'))),
    ).to.equal('r.io=old r.io/team=old');
  });

  it('is of those that have a login to give, also when all of theirs lose', () => {
    const one = credential('one').giving(A);
    expect(merge([one, credential('two').giving(A)]).credentials).to.deep.equal(['one', 'two']);
    expect(merge([one, credential('two').failing()]).credentials).to.deep.equal(['one']);
  });

  it('leaves out what would make it larger than a Secret may be, and goes on with what fits', () => {
    const huge = (server: string) => login(server, 'x'.repeat(MAX_DOCKER_CONFIG_BYTES / 3));
    const one = credential('one').giving(huge('a.io'));
    const two = credential('two').giving(huge('b.io'), B);
    expect(merge([one, two]).base64.length).to.be.lessThan(1_048_576 * (4 / 3));
    expect([...merge([one, two]).logins.keys()]).to.deep.equal(['a.io', 'b.io']);
    expect(leftOutOf('two', one, two)).to.deep.equal([{ server: 'b.io', registry: 0, winner: undefined }]);
  });

  it('is filled as far as it goes, and not over it', () => {
    const rest = MAX_DOCKER_CONFIG_BYTES - encodeDockerConfig([A]).length - 1;
    const filler = (bytes: number): AuthEntry => ({
      server: 'f',
      key: 'f',
      json: ' '.repeat(bytes),
      digest: '',
    });
    const size = (bytes: number): number =>
      Buffer.from(merge([credential('one').giving(A, filler(bytes))]).base64, 'base64').length;
    // The comma after the last login is counted too.
    expect(size(rest - 5)).to.equal(MAX_DOCKER_CONFIG_BYTES - 1);
    expect(size(rest - 3)).to.equal(encodeDockerConfig([A]).length);
  });

  it('is worked out once for all namespaces with the same RegistryCredentials', () => {
    const remembered = createMerge();
    const first = remembered([credential('one').giving(A)]);
    expect(remembered([credential('one').giving(A)])).to.equal(first);
    expect(remembered([credential('two').giving(A)])).not.to.equal(first);
    for (let n = 0; n < 500; n += 1) remembered([credential(`n${n}`).giving(A)]);
    expect(remembered([credential('one').giving(A)])).to.equal(first);
    for (let n = 500; n < 600; n += 1) remembered([credential(`n${n}`).giving(A)]);
    const again = remembered([credential('one').giving(A)]);
    expect(again).not.to.equal(first);
    expect(again).to.deep.equal(first);
  });

  it('is forgotten once eight megabytes of others were worked out', () => {
    const remembered = createMerge();
    const first = remembered([credential('one').giving(A)]);
    const large = (n: number) => credential(`n${n}`).giving(login('b.io', 'x'.repeat(300_000)));
    // Password and auth, each in base64 of base64 or base64: some 930 kB.
    for (let n = 0; n < 8; n += 1) remembered([large(n)]);
    expect(remembered([credential('one').giving(A)])).to.equal(first);
    for (let n = 8; n < 10; n += 1) remembered([large(n)]);
    expect(remembered([credential('one').giving(A)])).not.to.equal(first);
  });
});

describe('a Secret that may hold a login which we do not know', () => {
  const older = login('a.io', 'older');
  const rows: Record<string, [of: CredentialView[], holds: AuthEntry[], listed: string[], stays: boolean]> = {
    'must stay: the entry may be of a source that fails since the start': [
      [credential('one').failingSinceStart(), credential('two').giving(B)],
      [A, B],
      ['one', 'two'],
      true,
    ],
    'must stay: the source that fails is for just this server': [
      [credential('one').failingSinceStart('a.io'), credential('two').giving(B)],
      [A, B],
      ['one', 'two'],
      true,
    ],
    'may be written: the source that fails is for another server': [
      [credential('one').failingSinceStart('c.io'), credential('two').giving(B)],
      [A, B],
      ['one', 'two'],
      false,
    ],
    'may be written: the one that fails was never in this Secret': [
      [credential('one').failingSinceStart(), credential('two').giving(B)],
      [A, B],
      ['two'],
      false,
    ],
    'may be written: every entry is there in the new one, byte for byte': [
      [credential('one').failingSinceStart(), credential('two').giving(A, B)],
      [A],
      ['one', 'two'],
      false,
    ],
    'may be written: nothing is unknown': [[credential('two').giving(B)], [A], ['one', 'two'], false],
    'may be written: a source that never gave anything has nothing in it': [
      [credential('one').failing(), credential('two').giving(B)],
      [A],
      ['one', 'two'],
      false,
    ],
    'must stay: the one that fails comes before the one that would take over its server': [
      [credential('one').failingSinceStart(), credential('two').giving(A)],
      [older],
      ['one', 'two'],
      true,
    ],
    'may be written: the one that fails comes after, so the entry was not its': [
      [credential('one').giving(A), credential('two').failingSinceStart()],
      [older],
      ['one', 'two'],
      false,
    ],
    'must stay: an earlier registry of the same RegistryCredential fails': [
      [credential('one').failingSinceStart().giving(A)],
      [older],
      ['one'],
      true,
    ],
    'may be written: it is empty': [[credential('one').failingSinceStart().giving(A)], [], ['one'], false],
  };
  for (const [sentence, [credentials, holds, listed, stays]] of Object.entries(rows))
    it(sentence, () => {
      const content = contentOf(encodeDockerConfig(holds));
      expect(wouldDropUnknown(merge(credentials), content, listed)).to.equal(stays);
    });

  it('must stay: one entry of a sound source is bad, and an earlier run may have known it good', () => {
    const one = credential('one').having({ state: 'known', entries: [B], unknownKeys: ['a.io'] });
    const content = contentOf(encodeDockerConfig([A]));
    expect(wouldDropUnknown(merge([one]), content, ['one'])).to.equal(true);
  });
});
