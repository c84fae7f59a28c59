// The notation of addresses, both ways.

import { expect } from 'chai';
import { formatListenAddress, parseListenAddress } from './listen-address.ts';

describe('a listen address', () => {
  for (const text of [':8081', '127.0.0.1:0', '[::1]:8080', 'localhost:65535']) {
    it(`may be ${text}`, () => {
      const address = parseListenAddress(text);
      expect(address && formatListenAddress(address)).to.equal(text);
    });
  }
  for (const text of ['', '8080', ':', '127.0.0.1', ':65536', '::1:8080', 'http://x:80', 'a b:1', ':-1']) {
    it(`may not be "${text}"`, () => expect(parseListenAddress(text)).to.equal(undefined));
  }
});
