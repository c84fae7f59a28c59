// The expected keys were checked against Go's url.Parse with the kubelet's rules;
// the refusals of the second table are ours where the title says so.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { namesRegistry, serverKey } from './server-key.ts';

const KEYS: readonly (readonly [server: string, key: string])[] = [
  ['registry.example', 'registry.example'],
  ['registry.example/', 'registry.example'],
  ['registry.example//', 'registry.example//'],
  ['registry.example:5000', 'registry.example:5000'],
  ['registry.example:443', 'registry.example:443'],
  ['registry.example:', 'registry.example:'],
  ['registry.example:5000/team', 'registry.example:5000/team'],
  ['registry.example/team/', 'registry.example/team/'],
  ['Registry.Example/Team', 'Registry.Example/Team'],
  ['https://registry.example', 'registry.example'],
  ['http://registry.example', 'registry.example'],
  ['https://registry.example:443/', 'registry.example:443'],
  ['http://registry.example:80/x', 'registry.example:80/x'],
  ['HTTPS://registry.example', 'HTTPS://registry.example'],
  ['https://https://registry.example', 'https://registry.example'],
  ['https://index.docker.io/v1/', 'index.docker.io'],
  ['https://index.docker.io/v1', 'index.docker.io/v1'],
  ['index.docker.io', 'index.docker.io'],
  ['docker.io/acme', 'docker.io/acme'],
  ['registry.example/v2/', 'registry.example'],
  ['registry.example/v2', 'registry.example/v2'],
  ['registry.example/v2/team', 'registry.example/team'],
  ['registry.example/v1/v2/team', 'registry.example/v2/team'],
  ['registry.example/v3/', 'registry.example/v3/'],
  ['registry.example/V1/', 'registry.example/V1/'],
  ['registry.example/team/v1/', 'registry.example/team/v1/'],
  ['registry.example/%74eam', 'registry.example/team'],
  ['registry.example/a%2fb', 'registry.example/a/b'],
  ['registry.example/%76%32/team', 'registry.example/team'],
  ['registry.example/../team', 'registry.example/../team'],
  ['registry.example/te+am', 'registry.example/te+am'],
  ['*.registry.example', '*.registry.example'],
  ['registry.example.', 'registry.example.'],
  ['my_registry:5000', 'my_registry:5000'],
  ['localhost', 'localhost'],
  ['localhost:5001', 'localhost:5001'],
  ['10.0.0.1:5000', '10.0.0.1:5000'],
  ['[::1]', '[::1]'],
  ['[::1]:5000/team', '[::1]:5000/team'],
  ['[2001:DB8::10.0.0.1]', '[2001:DB8::10.0.0.1]'],
  ['bücher.example', 'bücher.example'],
  ['b%C3%BCcher.example', 'bücher.example'],
  ['re%25gistry.example', 're%gistry.example'],
];

const SKIPPED_BY_THE_KUBELET: readonly string[] = [
  'registry.example:port',
  'user:fake-password',
  'registry.example:80:80',
  'registry.example/%',
  'registry.example/%2',
  'registry.example/%zz',
  'registry%2eexample',
  'registry\\example',
  'registry{}.example',
  'r[0-9].example',
  '[::1',
  '[::1]x',
  '[::1]:x',
  '[10.0.0.1]',
  '[registry.example]',
  '[::g]',
  '[1:2:3:4:5:6:7:8:9]',
  'registry.example\u0000',
  'registry.example/\u007f',
  'registry .example',
];

const NOT_FIT_TO_BE_SHOWN: readonly string[] = [
  '',
  '/',
  'https://',
  'https:///team',
  ':5000',
  'user@registry.example',
  'https://user:fake-password@registry.example',
  'registry.example/%40',
  'registry.example?token=fake',
  'registry.example#fake',
  'registry.example/a b',
  'registry.example/%0a',
  'registry.example/%ff',
  'registry.example/\u202eevil',
  'registry.example/\ud800',
  '[fe80::1%25en0]',
  `registry.example/${'a'.repeat(500)}`,
];

describe('serverKey', () => {
  for (const [server, key] of KEYS) {
    it(`${JSON.stringify(server)} is indexed as ${JSON.stringify(key)}`, () => {
      expect(serverKey(server)).to.equal(key);
    });
  }
  for (const server of SKIPPED_BY_THE_KUBELET) {
    it(`${JSON.stringify(server)} has no key, as the kubelet skips it`, () => {
      expect(serverKey(server)).to.equal(undefined);
    });
  }
  for (const server of NOT_FIT_TO_BE_SHOWN) {
    it(`${JSON.stringify(server.slice(0, 40))} has no key, as no image can match it or it must not be shown`, () => {
      expect(serverKey(server)).to.equal(undefined);
    });
  }
});

describe('namesRegistry', () => {
  for (const key of [
    'r.example',
    'r.example:5000/a/b_c.d-e',
    'registry:5000',
    'localhost',
    'localhost/a',
    '*.r.example',
    '[::1]:5000',
  ]) {
    it(`${key} looks like a registry`, () => {
      expect(namesRegistry(key)).to.equal(true);
    });
  }
  for (const key of [
    'fake-password',
    'FakePassword1',
    'fake-password/x',
    'fa!ke.password',
    'r.example/a:b',
    'r.example:',
    '*',
    'r.example/a+b',
  ]) {
    it(`${key} could be a password, or can be written better`, () => {
      expect(namesRegistry(key)).to.equal(false);
    });
  }
});
