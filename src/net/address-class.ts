// Which addresses a registry may lead us to. Node decides nothing of this: it connects to whatever DNS says.

import { BlockList, isIP } from 'node:net';

/**
 * `forbidden` is what no registry and no token server has: link-local, where clouds hand out the credentials of
 * machines, what else they reach their machines by, multicast, and addresses that hide another one.
 */
export type AddressClass = 'public' | 'private' | 'loopback' | 'forbidden';

const LOOPBACK = listOf(['127.0.0.0/8', '::1/128']);

const FORBIDDEN = listOf([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Azure's and Alibaba's own, and where AWS and Google serve metadata over IPv6.
  '168.63.129.16/32',
  '100.100.100.200/32',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
  '::/96',
  '2001::/32',
  '2002::/16',
  'fe80::/10',
  'ff00::/8',
]);

/** Also what carriers and clouds use inside (100.64.0.0/10: pods on EKS have such addresses). */
const PRIVATE = listOf([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  'fc00::/7',
  'fec0::/10',
  '64:ff9b:1::/48',
]);

/** As URL writes an IPv6 address: in hexadecimal digits, the longest run of zeros left out. */
const EMBEDDING = /^(?:::ffff:|64:ff9b::)(?:(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4}))?$/;

/** Of an address as DNS or a URL gives it, IPv6 without brackets. What is no address is forbidden. */
export function addressClass(address: string): AddressClass {
  const plain = isIP(address) === 6 ? embeddedIn(address) : address;
  if (plain === undefined || isIP(plain) === 0) return 'forbidden';
  const family = isIP(plain) === 4 ? 'ipv4' : 'ipv6';
  if (LOOPBACK.check(plain, family)) return 'loopback';
  if (FORBIDDEN.check(plain, family)) return 'forbidden';
  return PRIVATE.check(plain, family) ? 'private' : 'public';
}

/** The IPv4 address that ::ffff:a.b.c.d (mapped) and 64:ff9b::a.b.c.d (NAT64) stand for; undefined with a zone. */
function embeddedIn(address: string): string | undefined {
  const canonical = URL.parse(`http://[${address}]`)?.hostname.slice(1, -1);
  const [found, high, low] = EMBEDDING.exec(canonical ?? '') ?? [];
  if (found === undefined) return canonical;
  const [a, b] = [Number.parseInt(high ?? '0', 16), Number.parseInt(low ?? '0', 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

function listOf(blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = '', bits = ''] = block.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
