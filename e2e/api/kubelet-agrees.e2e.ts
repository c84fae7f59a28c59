// What we say of a server and of a docker config is what the kubelet makes of it: servers and configs of chance, put
// to the code of the kubelet itself. FUZZ_SEED=N plays one run again, FUZZ_TIMES=100 makes it a hundred times as long.

import { expect } from 'chai';
import { encodeDockerConfig, encodeEntry, parseDockerConfig } from '../../src/core/docker-config.ts';
import { namesRegistry, serverKey } from '../../src/core/server-key.ts';
import { anyConfig } from '../../src/testing/arbitrary-docker-config.ts';
import { anyServer, plausibleServer } from '../../src/testing/arbitrary-server.ts';
import { FUZZ_SEED, FUZZ_TIMEOUT, sample, times } from '../../src/testing/fuzzing.ts';
import { findKeyring, type Keyring, type KeyringAnswer } from '../cluster/keyring-program.ts';

const SERVERS = 10_000;
const CONFIGS = 5_000;

const LOGIN = { username: 'u', password: 'fake' };

/** What no image name holds, or what must not be shown. The list is that of server-key.ts, by other means. */
function isOurRefusal(server: string, theirs: string): boolean {
  const bare = server.replace(/^https?:\/\//, '');
  return (
    server.length > 512 ||
    [server, theirs].some(text => /[@?#\s\p{C}]/u.test(text)) ||
    // No host, no zone, and no bytes that are not UTF-8.
    /^(:|\/|$)/.test(bare) ||
    theirs === '' ||
    /^\[[^\]]*%/.test(bare) ||
    theirs.includes('\ufffd')
  );
}

/** Images that a login under the key is for, if any image is. */
function imagesUnder(key: string): string[] {
  const slash = key.includes('/') ? key.indexOf('/') : key.length;
  const host = key.slice(0, slash).replaceAll('*', 'a');
  const path = key.slice(slash).replace(/\/$/, '');
  return [`${host}${path}/app`, `${host}${path}/app/b`].filter(isImage);
}

const LABEL = '[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?';
/** An IPv6 address without a port is a pattern to the kubelet, and none that matches itself. */
const HOST = new RegExp(`^(${LABEL}(\\.${LABEL})*(:[0-9]+)?|\\[[a-fA-F0-9:]+\\]:[0-9]+)$`);
const PART = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/;

/** By the grammar of distribution/reference, without tag and digest: the kubelet's keyring sees no other name. */
function isImage(name: string): boolean {
  const [host = '', ...path] = name.split('/');
  // An upper-case letter would do as well. We take it for a password rather.
  const namesHost = /[.:]/.test(host) || host === 'localhost';
  return HOST.test(host) && namesHost && path.length > 0 && path.every(part => PART.test(part));
}

describe('the kubelet', () => {
  let ask: Keyring;

  before(async function () {
    this.timeout(5 * 60_000);
    const keyring = await findKeyring(line => console.error(line));
    if ('why' in keyring) {
      Object.assign(this.test?.parent ?? {}, { skipReason: keyring.why });
      this.skip();
    }
    ask = keyring.ask;
  });

  const keysOf = (answer: KeyringAnswer | undefined): string[] => [...(answer?.keys.keys() ?? [])];

  it(`indexes ${times(SERVERS)} servers as we do, but for those that we refuse, seed ${FUZZ_SEED}`, async () => {
    const servers = [...new Set(sample(anyServer, SERVERS).map(server => server.toWellFormed()))];
    const entry = JSON.stringify(LOGIN);
    const answers = await ask(
      servers.map(server => ({ config: `{"auths":{${JSON.stringify(server)}:${entry}}}` })),
    );
    let indexed = 0;
    for (const [at, server] of servers.entries()) {
      const [theirs] = keysOf(answers[at]);
      const ours = serverKey(server);
      if (ours !== undefined) indexed += 1;
      if (ours !== undefined || theirs === undefined || !isOurRefusal(server, theirs))
        expect(ours, `${JSON.stringify(server)}, seed ${FUZZ_SEED}`).to.equal(theirs);
    }
    console.log(`      ${indexed} of ${servers.length} different servers have a key`);
    expect(indexed).to.be.within(servers.length * 0.2, servers.length * 0.8);
  }).timeout(FUZZ_TIMEOUT);

  it(`finds a login for an image below what we take for a registry, and only there, seed ${FUZZ_SEED}`, async () => {
    const servers = new Set([...sample(anyServer, SERVERS), ...sample(plausibleServer, SERVERS)]);
    const asked = [...servers].flatMap(server => {
      const key = serverKey(server);
      const images = key === undefined ? [] : imagesUnder(key);
      return key === undefined || images.length === 0 ? [] : [{ server, key, images }];
    });
    const answers = await ask(
      asked.map(({ server, images }) => ({ config: JSON.stringify({ auths: { [server]: LOGIN } }), images })),
    );
    for (const [at, { server, key, images }] of asked.entries())
      for (const [which, found] of (answers[at]?.found ?? []).entries())
        expect(found.length, `${server} for ${images[which]}, seed ${FUZZ_SEED}`).to.equal(
          namesRegistry(key) ? 1 : 0,
        );
    console.log(`      ${asked.length} of ${servers.size} servers can have images`);
    expect(asked.length).to.be.above(times(SERVERS) / 20);
  }).timeout(FUZZ_TIMEOUT);

  const loginsIn = (text: string): [string, string[]][] => {
    const parsed = parseDockerConfig(text);
    return (parsed.ok ? parsed.entries : []).map(({ key, json }) => {
      const { username = '', password = '', email = '' } = JSON.parse(json);
      return [key, [username, password, email]];
    });
  };
  const theirLogins = (answer: KeyringAnswer | undefined): [string, string[]][] =>
    [...(answer?.keys ?? [])].flatMap(([key, logins]) =>
      logins.map((login): [string, string[]] => [key, login.map(String)]),
    );

  it(`reads the logins in ${times(CONFIGS)} docker configs as we do, seed ${FUZZ_SEED}`, async () => {
    const configs = sample(anyConfig, CONFIGS);
    const answers = await ask(configs.map(config => ({ config })));
    let read = 0;
    for (const [at, config] of configs.entries()) {
      const answer = answers[at];
      // It gives up on configs of which we leave out the part that is bad.
      if (answer === undefined) continue;
      const ours = loginsIn(config);
      const says = `${config}, seed ${FUZZ_SEED}`;
      read += ours.length;
      const theirs = new Set(theirLogins(answer).map(one => JSON.stringify(one)));
      for (const one of ours) expect(theirs.has(JSON.stringify(one)), says).to.equal(true);
      const parsed = parseDockerConfig(config);
      if (parsed.ok && parsed.bad.length === 0)
        expect(new Set(ours.map(([key]) => key)), says).to.deep.equal(new Set(keysOf(answer)));
    }
    console.log(`      ${read} logins in ${configs.length} docker configs`);
    expect(read).to.be.above(times(CONFIGS) / 20);
  }).timeout(FUZZ_TIMEOUT);

  it(`reads from what we write what we were given, and nothing else, seed ${FUZZ_SEED}`, async () => {
    const given = sample(anyConfig, CONFIGS).map(loginsIn);
    const written = given.map(logins =>
      encodeDockerConfig(
        logins.map(([server, [username = '', password = '', email = '']]) =>
          encodeEntry({ server, username, password, email }),
        ),
      ),
    );
    const answers = await ask(written.map(config => ({ config })));
    for (const [at, logins] of given.entries()) {
      const says = `${written[at]}, seed ${FUZZ_SEED}`;
      expect(answers[at], says).not.to.equal(undefined);
      const ours = logins.map(([server, login]): [string, string[]] => [serverKey(server) ?? '', login]);
      expect(theirLogins(answers[at]).sort(), says).to.deep.equal(ours.sort());
    }
  }).timeout(FUZZ_TIMEOUT);
});
