// Servers of chance. Whether the kubelet has the same key for them is asked of the kubelet itself, in
// e2e/api/kubelet-agrees.e2e.ts; here is what holds besides, and what holds where there is no Go.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { anyServer, plausibleServer } from '../testing/arbitrary-server.ts';
import { FUZZ_TIMEOUT, holds } from '../testing/fuzzing.ts';
import { namesRegistry, serverKey } from './server-key.ts';

/** By the kubelet's rules, for servers without anything that a URL gives a meaning to. */
function keyOfPlain(server: string): string {
  const [host = '', ...path] = server.replace(/^https?:\/\//, '').split('/');
  const rest = path.length > 1 && /^v[12]$/.test(path[0] ?? '') ? path.slice(1) : path;
  const isLone = rest.length === 0 || (rest.length === 1 && rest[0] === '');
  return isLone ? host : `${host}/${rest.join('/')}`;
}

describe('the key of a server of chance', function () {
  this.timeout(FUZZ_TIMEOUT);

  it('is what the rules of the kubelet make of it, where it is plainly written', () => {
    holds(
      plausibleServer.filter(server => !server.includes('[')),
      5_000,
      server => {
        expect(serverKey(server)).to.equal(keyOfPlain(server));
      },
    );
  });

  it('can be shown: in one line, nothing hidden, no user, no query', () => {
    holds(anyServer, 10_000, server => {
      const key = serverKey(server);
      if (key === undefined) return;
      expect(key).to.match(/^[^\s@?#\p{Cc}\p{Cf}\p{Cs}]+$/u);
      expect(key.isWellFormed()).to.equal(true);
      expect(key.length).to.be.below(513);
    });
  });

  it('is the same with https://, with http:// and without a scheme', () => {
    holds(
      anyServer.filter(server => !/^https?:\/\//.test(server) && server.length < 500),
      10_000,
      server => {
        const key = serverKey(server);
        expect(serverKey(`https://${server}`)).to.equal(key);
        expect(serverKey(`http://${server}`)).to.equal(key);
      },
    );
  });

  it('says whether it is a registry, whatever it is', () => {
    holds(anyServer, 10_000, server => {
      expect(namesRegistry(server)).to.be.a('boolean');
      expect(namesRegistry(server.repeat(50))).to.be.a('boolean');
    });
  });
});
