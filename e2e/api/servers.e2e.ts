// Which spellings of a server the CRD takes, and what it says to the others.

import { expect } from 'chai';
import { serverKey } from '../../src/core/server-key.ts';
import { admitted, installCrd, refused, SECRET } from './admission.ts';

const spec = (server: string) => ({ registries: [{ basic: SECRET, server }] });

const REFUSED: Readonly<Record<string, string>> = {
  '': 'server is empty: write HOST, HOST:PORT or HOST/PATH, such as registry.example.com/team, or leave server out',
  'oci://r.example.com': 'scheme that is not http or https: write HOST, HOST:PORT or HOST/PATH',
  'r example.com': 'a space in it: write HOST',
  'r.example.com\n': 'a space in it: write HOST',
  'robot:s3cret@r.example.com': 'without digest and without user; user and password belong in the Secret',
  'https://robot:s3cret@r.example.com': 'without digest and without user',
  's3cret:S3CRET': 'write it in lower-case letters',
  'r.example.com/app@sha256:abc': 'without digest and without user',
  'R.example.com': 'write it in lower-case letters',
  'HTTPS://r.example.com': 'write it in lower-case letters',
  'r.example.com/Team': 'write it in lower-case letters',
  'r.example.com/app:v1': 'ends in a tag: write HOST, HOST:PORT or HOST/PATH',
  'https://r.example.com:5000/app:v1': 'ends in a tag',
  'r.example.com:latest': 'no port: write HOST:PORT with a number, without tag',
  'r.example.com:': 'no port: write HOST:PORT',
  'r.example.com:05000': 'no port: write HOST:PORT',
  'http://r.example.com:*': 'no port: write HOST:PORT',
  '::1': 'an IPv6 address as [::1]:5000',
  '[::1]': 'write it with its port, such as [::1]:5000',
  'https://[::1]/app': 'write it with its port',
  'r.example.com/team-*': 'write it in the host only, such as *.example.com',
  'r.example.com/v1/team': 'which the kubelet takes off: write HOST/PATH without it',
  'index.docker.io/org': 'write docker.io/ORGANISATION, or leave server out for all of Docker Hub',
  'https://index.docker.io/v1': 'write docker.io/ORGANISATION, or leave server out for all of Docker Hub',
  myregistry: 'write the full host name, such as registry.example.com, or HOST:PORT',
  'https://myregistry/team': 'write the full host name',
  '*': 'write the full host name',
  'my_registry.example.com': "of lower-case letters, digits, '-' and '.'",
  '-r.example.com': 'is not what docker login takes: write HOST',
  'r..example.com': 'is not what docker login takes: write HOST',
  'r.example.com.': 'is not what docker login takes: write HOST',
  'r.example.com//team': 'is not what docker login takes: write HOST',
  'r.example.com/team?x=y': 'is not what docker login takes: write HOST',
  'r.example.com/%20': 'is not what docker login takes: write HOST',
  '//r.example.com': 'is not what docker login takes: write HOST',
  'https://': 'is not what docker login takes: write HOST',
  'https://http://r.example.com': 'is not what docker login takes: write HOST',
  'registry.bücher.example': 'is not what docker login takes: write HOST',
  [`${'a'.repeat(252)}.com`]: 'may not be more than 255',
};

const ADMITTED: readonly string[] = [
  'private-registry.io',
  'https://private-registry.io',
  'http://private-registry.io/',
  'r.example.com:5000',
  'http://r.example.com:5000/team/app/',
  'r.example.com/team_a/b.c--d',
  'r.example.com/v1',
  'r.example.com/v2/',
  'r.example.com/team/v1/app',
  '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
  'europe-docker.pkg.dev/project/repository',
  'localhost',
  'localhost:5000/team',
  'registry:5000',
  '10.0.0.1:5000',
  '[fd00::1]:5000/team',
  '*.example.com',
  'r-*.example.com/team',
  'index.docker.io',
  'https://index.docker.io/v1/',
  'docker.io/org',
  `${'a'.repeat(251)}.com`,
];

const SAME: readonly string[] = [
  'r.example.com',
  'https://r.example.com',
  'http://r.example.com/',
  'r.example.com/v1/',
  'https://r.example.com/v2/',
  'r.example.com/v1',
  'r.example.com/team',
  'http://r.example.com/team',
  'r.example.com/team/',
  'r.example.com:443',
];

describe('A server', () => {
  before(installCrd);

  for (const [server, message] of Object.entries(REFUSED))
    it(`is refused as ${JSON.stringify(server)}, and what is wrong is said without repeating it`, async () => {
      const said = await refused(spec(server));
      expect(said).to.contain(message);
      expect(said.toLowerCase()).not.to.contain('s3cret');
    });

  for (const server of ADMITTED)
    it(`is admitted as ${server}`, async () => {
      expect((await admitted(spec(server))).spec.registries[0].server).to.equal(server);
      expect(serverKey(server), 'the operator must know it too').to.be.a('string');
    });

  it('is taken for the same as another where the kubelet indexes both alike, and only there', async () => {
    for (const [at, one] of SAME.entries())
      for (const other of SAME.slice(at + 1)) {
        const both = { registries: [one, other].map(server => ({ basic: SECRET, server })) };
        if (serverKey(one) === serverKey(other))
          expect(await refused(both)).to.contain('for the same server');
        else await admitted(both);
      }
  });
});
