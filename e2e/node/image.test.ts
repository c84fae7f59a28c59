// What a registry and a node check of an image, checked without them.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { imageOf, tarOf } from './image.ts';

const sha256 = (content: Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`;

describe('an image of the tests', () => {
  it('names every part by digest and size', () => {
    const { manifest, blobs } = imageOf('a', 'amd64');
    const { config, layers } = JSON.parse(manifest.content.toString());
    const said = [...layers, config].map(({ digest, size }) => [digest, size]);
    expect(said).to.deep.equal(blobs.map(({ content }) => [sha256(content), content.length]));
    expect(manifest.digest).to.equal(sha256(manifest.content));
  });

  it('is another one to a node when its identity is another', () => {
    const [one, same, other] = [imageOf('a', 'amd64'), imageOf('a', 'amd64'), imageOf('b', 'amd64')];
    expect(same.manifest.digest).to.equal(one.manifest.digest);
    expect(other.manifest.digest).not.to.equal(one.manifest.digest);
    expect(other.blobs[0]?.digest, 'the layer').to.equal(one.blobs[0]?.digest);
  });

  it('has a layer that tar can read', () => {
    const archive = tarOf('wait', Buffer.from('x'.repeat(600)));
    const list = execFileSync('tar', ['-tvf', '-'], { input: archive, encoding: 'utf8' });
    expect(list).to.match(/^-rwxr-xr-x .* 600 .* wait\n$/);
    const content = execFileSync('tar', ['-xOf', '-', 'wait'], { input: archive, encoding: 'utf8' });
    expect(content).to.equal('x'.repeat(600));
  });
});
