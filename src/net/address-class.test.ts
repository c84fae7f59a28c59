// One row for each block and for each way in which an address can hide in another one.

import { expect } from 'chai';
import { type AddressClass, addressClass } from './address-class.ts';

const rows: Record<AddressClass, readonly string[]> = {
  loopback: [
    '127.0.0.1',
    '127.255.255.254',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
  ],
  forbidden: [
    '169.254.169.254',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '64:ff9b::169.254.169.254',
    '2002:a9fe:a9fe::1',
    '2001:0:a9fe:a9fe::1',
    '::169.254.169.254',
    '::',
    '0.0.0.0',
    '0.1.2.3',
    '64:ff9b::',
    '64:ff9b::1:101',
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd20:ce::254',
    'fe80::1',
    'febf::1',
    'fe80::1%eth0',
    'ff02::1',
    '224.0.0.1',
    '255.255.255.255',
    'registry.example',
    '',
  ],
  private: [
    '10.0.0.1',
    '10.96.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    'fd12::1',
    'fc00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    'fec0::1',
    '64:ff9b:1::1',
    '198.18.0.1',
  ],
  public: [
    '1.1.1.1',
    '172.32.0.1',
    '172.15.0.1',
    '192.169.0.1',
    '100.128.0.1',
    '11.0.0.1',
    '2606:4700::1111',
    '::ffff:1.1.1.1',
    '64:ff9b::101:101',
    '169.253.255.255',
  ],
};

describe('the class of an address', () => {
  for (const [expected, addresses] of Object.entries(rows)) {
    for (const address of addresses) {
      it(`is ${expected} for "${address}"`, () => {
        expect(addressClass(address)).to.equal(expected);
      });
    }
  }
});
