// Every spelling that a key of auths can have, and the one URL that is asked for it.

import { expect } from 'chai';
import { registryAddress } from './registry-address.ts';

describe('the address of a registry', () => {
  const rows: [server: string, base: string, path?: string, insecure?: boolean][] = [
    ['registry.example', 'https://registry.example/v2/'],
    ['registry.example:5000', 'https://registry.example:5000/v2/'],
    ['registry.example:443', 'https://registry.example/v2/'],
    ['Registry.Example', 'https://registry.example/v2/'],
    ['https://registry.example/v2/', 'https://registry.example/v2/'],
    ['https://registry.example/v1/', 'https://registry.example/v2/'],
    ['registry.example/team', 'https://registry.example/v2/', '/team'],
    ['registry.example/team/', 'https://registry.example/v2/', '/team/'],
    ['https://registry.example/v2/team', 'https://registry.example/v2/', '/team'],
    ['https://index.docker.io/v1/', 'https://registry-1.docker.io/v2/'],
    ['docker.io', 'https://registry-1.docker.io/v2/'],
    ['docker.io/acme', 'https://registry-1.docker.io/v2/', '/acme'],
    ['registry-1.docker.io', 'https://registry-1.docker.io/v2/'],
    ['index.docker.io:443', 'https://index.docker.io/v2/'],
    ['10.1.2.3:5000', 'https://10.1.2.3:5000/v2/'],
    ['[2001:db8::1]:5000/team', 'https://[2001:db8::1]:5000/v2/', '/team'],
    ['xn--bcher-kva.example', 'https://xn--bcher-kva.example/v2/'],
    ['localhost:5000', 'http://localhost:5000/v2/'],
    ['127.0.0.1:5000', 'http://127.0.0.1:5000/v2/'],
    ['[::1]:5000', 'http://[::1]:5000/v2/'],
    ['https://127.0.0.1:5000', 'https://127.0.0.1:5000/v2/'],
    // The scheme of a key means nothing to the kubelet: it does not switch TLS off here either.
    ['http://registry.example', 'https://registry.example/v2/'],
    ['registry.example:80', 'https://registry.example:80/v2/'],
    ['127.0.0.1.example', 'https://127.0.0.1.example/v2/'],
    ['localhost.example', 'https://localhost.example/v2/'],
    ['registry.example', 'http://registry.example/v2/', '', true],
    ['docker.io', 'https://registry-1.docker.io/v2/', '', true],
    ['GHCR.io/team', 'https://ghcr.io/v2/', '/team', true],
    ['r.azurecr.io', 'https://r.azurecr.io/v2/', '', true],
    ['eu-docker.pkg.dev.example', 'http://eu-docker.pkg.dev.example/v2/', '', true],
    ['ec2-198-51-100-1.amazonaws.com', 'http://ec2-198-51-100-1.amazonaws.com/v2/', '', true],
    ['https://registry.example:5000', 'http://registry.example:5000/v2/', '', true],
  ];
  for (const [server, base, path = '', insecure = false] of rows) {
    it(`of ${server}${insecure ? ', said to be insecure,' : ''} is ${base}`, () => {
      const address = registryAddress(server, insecure);
      expect([address?.base.href, address?.path]).to.deep.equal([base, path]);
    });
  }

  const none = [
    '',
    'registry',
    '*.example.com',
    'r?.example',
    'r.example:0',
    'r.example:99999',
    'u:p@r.example',
    'bücher.example',
  ];
  for (const server of [...none, 'r.example/?token=x', 'r.example#x', 'r .example', 'ftp://r.example']) {
    it(`is not there for "${server}"`, () => {
      expect(registryAddress(server)).to.equal(undefined);
    });
  }
});
