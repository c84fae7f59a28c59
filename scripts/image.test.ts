// The Dockerfile by its text, and the labels that `npm run image` gives: what a build shows is in e2e/node.

import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { baseDigestOf, buildArguments, type Origin } from './image-labels.ts';

const read = (file: string): Promise<string> => readFile(new URL(`../${file}`, import.meta.url), 'utf8');

const ORIGIN: Origin = {
  version: '0.1.0',
  revision: 'a'.repeat(40),
  isClean: true,
  committed: '2026-11-26T05:00:00+01:00',
  remote: 'https://git.example/team/regcred.git',
  baseDigest: 'sha256:1',
};
const labelled = (origin: Partial<Origin>) => {
  const pairs = buildArguments({ ...ORIGIN, ...origin }).filter(argument => argument !== '--build-arg');
  return Object.fromEntries(
    pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
};

describe('the Dockerfile', () => {
  it('builds from nothing but what a digest names, unless somebody says otherwise', async () => {
    const file = await read('Dockerfile');
    const images = [...file.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(images).to.deep.equal([`\${BUILD_IMAGE}`, `\${BASE_IMAGE}`]);
    for (const name of ['BUILD_IMAGE', 'BASE_IMAGE'])
      expect(file).to.match(new RegExp(`^ARG ${name}=\\S+@sha256:[0-9a-f]{64}$`, 'm'));
  });

  it('runs as a user with a number that is not root’s', async () => {
    expect(await read('Dockerfile')).to.match(/^USER 65532:65532$/m);
  });

  it('is of the version of the package', async () => {
    const { version } = JSON.parse(await read('package.json'));
    expect(await read('Dockerfile')).to.contain(`ARG VERSION=${version}\n`);
  });

  it('takes every argument that npm run image gives', async () => {
    const file = await read('Dockerfile');
    for (const name of Object.keys(labelled({}))) expect(file).to.match(new RegExp(`^ARG ${name}=`, 'm'));
  });
});

describe('the labels of the image', () => {
  it('say the commit, its time in UTC and where it is kept', () => {
    expect(labelled({})).to.deep.equal({
      VERSION: '0.1.0',
      REVISION: 'a'.repeat(40),
      CREATED: '2026-11-26T04:00:00Z',
      SOURCE: 'https://git.example/team/regcred',
      DOCUMENTATION: 'https://git.example/team/regcred#readme',
      BASE_DIGEST: 'sha256:1',
    });
  });

  it('say the digest of the image that it is based on, whoever named it', async () => {
    const file = await read('Dockerfile');
    expect(baseDigestOf(file, [])).to.match(/^sha256:[0-9a-f]{64}$/);
    expect(baseDigestOf(file, ['--build-arg', 'BASE_IMAGE=r.example/node@sha256:2'])).to.equal('sha256:2');
    expect(baseDigestOf(file, ['--build-arg=BASE_IMAGE=r.example/node:24'])).to.equal(undefined);
    expect(labelled({ baseDigest: undefined })).not.to.have.any.keys('BASE_DIGEST');
  });

  it('do not name a commit alone where there is more than that', () => {
    expect(labelled({ isClean: false }).REVISION).to.equal(`${'a'.repeat(40)}-dirty`);
  });

  it('hold no password of the address, and nothing that is no address', () => {
    const secret = 'https://user:hunter2@git.example/team/regcred.git';
    expect(labelled({ remote: secret }).SOURCE).to.equal('https://git.example/team/regcred');
    expect(labelled({ remote: 'git@git.example:team/regcred.git' }).SOURCE).to.equal(
      'https://git.example/team/regcred',
    );
    for (const remote of ['', '/home/me/regcred'])
      expect(labelled({ remote })).not.to.have.any.keys('SOURCE');
  });
});
