// Who may be asked at which address, once it is known where the registry itself is.

import { expect } from 'chai';
import type { AddressClass } from '../net/address-class.ts';
import { foundAt, mayLeadTo } from './reach.ts';

type Row = [
  registry: string,
  found: AddressClass | undefined,
  asked: string,
  address: string,
  expected: boolean,
];

const R = 'registry.example';
const rows: Row[] = [
  // The registry itself, at first.
  [R, undefined, R, '1.1.1.1', true],
  [R, undefined, R, '10.0.0.5', true],
  [R, undefined, R, 'fd12::5', true],
  ['10.0.0.5', undefined, '10.0.0.5', '10.0.0.5', true],
  [R, undefined, R, '127.0.0.1', false],
  [R, undefined, R, '::1', false],
  [R, undefined, R, '169.254.169.254', false],
  [R, undefined, R, '::ffff:169.254.169.254', false],
  ['169.254.169.254', undefined, '169.254.169.254', '169.254.169.254', false],
  ['localhost', undefined, 'localhost', '127.0.0.1', true],
  ['localhost', undefined, 'localhost', '::1', true],
  ['127.0.0.1', undefined, '127.0.0.1', '127.0.0.1', true],
  ['localhost', undefined, 'localhost', '169.254.169.254', false],
  ['localhost', undefined, 'localhost', '1.1.1.1', false],
  ['localhost', undefined, 'localhost', '10.0.0.5', false],
  // The second question: DNS has changed since, or the realm is elsewhere.
  [R, 'public', R, '1.1.1.1', true],
  [R, 'public', R, '10.0.0.5', false],
  [R, 'public', R, '100.64.0.1', false],
  [R, 'public', R, '127.0.0.1', false],
  [R, 'public', 'auth.example', '10.96.0.1', false],
  [R, 'public', 'localhost', '127.0.0.1', false],
  [R, 'private', R, '10.0.0.6', true],
  [R, 'private', 'auth.example', '192.168.0.1', true],
  [R, 'private', 'auth.example', '1.1.1.1', true],
  [R, 'private', 'auth.example', '127.0.0.1', false],
  [R, 'private', 'auth.example', '169.254.169.254', false],
  [R, 'private', 'localhost', '127.0.0.1', false],
  ['localhost', 'loopback', 'auth.example', '127.0.0.1', false],
  ['localhost', 'loopback', 'localhost', '127.0.0.1', true],
  // It answered through a proxy, so where it is nobody knows.
  [R, 'forbidden', R, '10.0.0.5', false],
  [R, 'forbidden', R, '1.1.1.1', true],
];

describe('the reach of a check', () => {
  for (const [registry, found, asked, address, expected] of rows) {
    const where = found === undefined ? 'is not found yet' : `was found at a ${found} address`;
    it(`${expected ? 'has' : 'lacks'} ${asked} at ${address} when the registry ${registry} ${where}`, () => {
      const reach = { registry: new URL(`https://${registry}/v2/`), found };
      expect(mayLeadTo(address, new URL(`https://${asked}/token`), reach)).to.equal(expected);
    });
  }

  it('begins where the answer came from, or at the address that was written', () => {
    const at = (host: string, address?: string) => foundAt(new URL(`https://${host}/v2/`), address);
    expect([at(R, '10.0.0.1'), at(R, '::ffff:1.1.1.1'), at('10.0.0.1'), at('[fd00::1]:5000')]).to.deep.equal([
      'private',
      'public',
      'private',
      'private',
    ]);
    expect(at(R)).to.equal('forbidden');
  });
});
