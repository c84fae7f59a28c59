// Docker configs of chance, sound to absurd: what holds for all of them.

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { anyConfig, heavyConfig, markedPassword, soundConfig } from '../testing/arbitrary-docker-config.ts';
import { anyServer } from '../testing/arbitrary-server.ts';
import { anyText } from '../testing/arbitrary-text.ts';
import { FUZZ_TIMEOUT, holds } from '../testing/fuzzing.ts';
import { type KubeletLogin, readAsKubelet } from '../testing/kubelet-reader.ts';
import { showsMark } from '../testing/mark.ts';
import { changedPrototypes } from '../testing/prototypes.ts';
import type { AuthEntry } from './auth-entry.ts';
import { contentOf, encodeDockerConfig, encodeEntry, parseDockerConfig } from './docker-config.ts';
import { namesRegistry, serverKey } from './server-key.ts';

const login = fc.record({
  server: anyServer.filter(server => serverKey(server) !== undefined),
  username: anyText,
  password: fc.oneof(markedPassword, anyText),
  email: fc.option(anyText, { nil: undefined }),
});

const loginIn = ({ json }: AuthEntry): KubeletLogin => {
  const { username = '', password = '', email = '' } = JSON.parse(json);
  return { username, password, email };
};

describe('a docker config of chance', function () {
  this.timeout(FUZZ_TIMEOUT);

  /** Never throws, touches nothing, shows no password. */
  const isReadSafely = (text: string): void => {
    const parsed = parseDockerConfig(text);
    contentOf(text);
    expect(changedPrototypes()).to.deep.equal([]);
    const said = parsed.ok ? parsed.bad : [{ server: undefined, message: parsed.message }];
    for (const { server, message } of said) {
      expect(message).to.match(/^[^\n]{10,}$/u);
      if (server !== undefined) expect(namesRegistry(serverKey(server) ?? ''), server).to.equal(true);
      // What looks like a registry is shown, whatever it was meant to be.
      const shown = parsed.ok
        ? parsed.entries.reduce((rest, entry) => rest.replaceAll(entry.server, ''), message)
        : message;
      expect(showsMark(shown), message).to.equal(false);
    }
  };

  it('is read without a throw, a trace or a password in what is said of it', () => {
    holds(anyConfig, 4_000, isReadSafely);
  });

  it('is read so also when it is very deep or very large', () => {
    holds(heavyConfig, 40, isReadSafely);
  });

  it('gives the logins that a kubelet would read, and no other', () => {
    holds(anyConfig, 4_000, text => {
      const parsed = parseDockerConfig(text);
      if (!parsed.ok) return;
      const theirs = readAsKubelet(text);
      for (const entry of parsed.entries) expect(loginIn(entry)).to.deep.equal(theirs.get(entry.server));
    });
  });

  it('leaves out nothing without saying so', () => {
    holds(anyConfig, 4_000, text => {
      const parsed = parseDockerConfig(text);
      if (!parsed.ok || parsed.bad.length > 0) return;
      const keys = [...readAsKubelet(text)].map(([server]) => serverKey(server));
      expect(new Set(parsed.entries.map(({ key }) => key))).to.deep.equal(new Set(keys));
    });
  });

  it('is the same when it is written and read again, and the kubelet has no fault to find in it', () => {
    holds(soundConfig, 2_000, text => {
      const parsed = parseDockerConfig(text);
      if (!parsed.ok) throw new Error(parsed.message);
      const written = encodeDockerConfig(parsed.entries);
      expect(parseDockerConfig(written)).to.deep.equal({ ...parsed, bad: [] });
      expect([...readAsKubelet(written)].sort()).to.deep.equal(
        parsed.entries.map(entry => [entry.server, loginIn(entry)]).sort(),
      );
      expect([...contentOf(written).entries].sort()).to.deep.equal(
        parsed.entries.map(({ key, digest }) => [key, digest]).sort(),
      );
    });
  });
});

describe('a login of chance', function () {
  this.timeout(FUZZ_TIMEOUT);

  it('is written with an auth that decodes to its user name and password, escaped as Go does', () => {
    holds(login, 3_000, ({ server, username, password, email }) => {
      const { json } = encodeEntry({ server, username, password, email });
      expect(json).not.to.match(/[<>&\u2028\u2029]/);
      expect(json.isWellFormed()).to.equal(true);
      const fields = JSON.parse(json);
      expect(Object.keys(fields)).to.deep.equal(
        ['username', 'password', 'email', 'auth'].filter(name => fields[name] !== undefined),
      );
      expect(Buffer.from(fields.auth, 'base64').toString()).to.equal(
        `${username}:${password}`.toWellFormed(),
      );
      expect(fields.username ?? '').to.equal(username.toWellFormed());
      expect(fields.password ?? '').to.equal(password.toWellFormed());
      expect(fields.email ?? '').to.equal((email ?? '').toWellFormed());
    });
  });

  it('is written with the same bytes whatever the order of the others', () => {
    holds(fc.tuple(fc.array(login, { maxLength: 5 }), fc.nat()), 1_000, ([logins, turn]) => {
      const entries = [...new Map(logins.map(one => [one.server.toWellFormed(), encodeEntry(one)])).values()];
      const turned = [
        ...entries.slice(turn % (entries.length + 1)),
        ...entries.slice(0, turn % (entries.length + 1)),
      ];
      expect(encodeDockerConfig(turned)).to.equal(encodeDockerConfig(entries));
    });
  });
});
