// The rows are in testing/, where others can put them to the kubelet's own code.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { KEYRING } from '../testing/keyring-rows.ts';
import { parseImage } from './image-reference.ts';
import { type Lookup, lookUp } from './keyring.ts';
import { keyringKey } from './keyring-key.ts';

function lookedUp(image: string, secrets: readonly (readonly string[])[]): Lookup {
  const parsed = parseImage(image);
  if (!parsed.ok) throw new Error(parsed.message);
  const logins = secrets.flatMap((servers, index) =>
    servers.map(server => ({
      server,
      key: keyringKey(server),
      username: 'robot',
      isEmpty: false,
      secret: String(index + 1),
    })),
  );
  return lookUp(parsed.image.repository, logins);
}

const mismatches = (image: string, ...servers: string[]): string[] =>
  lookedUp(image, [servers]).others.map(({ mismatch }) => mismatch);

describe('the keyring', () => {
  for (const [title, image, secrets, tried] of KEYRING)
    it(title, () => {
      const found = lookedUp(image, secrets).tried.map(({ login }) => `${login.secret} ${login.server}`);
      expect(found).to.deep.equal(tried);
    });

  it('says of each match what it is by', () => {
    const by = (image: string, server: string) => lookedUp(image, [[server]]).tried[0]?.match;
    expect(by('r.example:5000/team/app', '*.example:5000/team')).to.deep.equal({
      by: 'address',
      host: '*.example:5000',
      path: '/team',
      isWildcard: true,
    });
    expect(by('r.example/app', 'r.example')).to.deep.include({ path: '', isWildcard: false });
    expect(by('nginx', 'https://index.docker.io/v1/')).to.deep.equal({ by: 'docker-hub' });
  });

  it('says of each other login why it is not for the image', () => {
    expect(mismatches('r.example/app', 'r.example:5000')).to.deep.equal(['port']);
    expect(mismatches('r.example/app', 'q.example')).to.deep.equal(['host']);
    expect(mismatches('r.example/app', 'a.r.example')).to.deep.equal(['parts']);
    expect(mismatches('r.example/app', 'r.example/team')).to.deep.equal(['path']);
    expect(mismatches('r.example/app', 'r.example:port')).to.deep.equal(['skipped']);
    expect(mismatches('[::1]:5000/app', '[::1]')).to.deep.equal(['ipv6-without-port']);
    expect(mismatches('nginx', 'docker.io', 'index.docker.io')).to.deep.equal(['docker-hub-only']);
  });
});
