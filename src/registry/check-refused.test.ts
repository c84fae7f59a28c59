// Checks that are not made, since there is nobody to ask or nothing to ask for.

import { expect } from 'chai';
import { type CheckOptions, checkLogin } from './check-login.ts';

const LOGIN = { username: 'puller', password: 'opens-the-door' };

describe('a check that cannot be made', () => {
  const nobody = { ...LOGIN, image: undefined };
  const reasonOf = async (server: string, options: CheckOptions = {}) =>
    (await checkLogin({ ...nobody, server }, options)).reason;

  it('says why, each time in its own word', async () => {
    expect(await reasonOf('*.example.com')).to.equal('ServerUnusable');
    expect(await reasonOf('127.0.0.1:1')).to.equal('Unreachable');
    expect(await reasonOf('169.254.169.254')).to.equal('AddressRefused');
    const resolve = async () => {
      throw Object.assign(new Error('x'), { code: 'ENOTFOUND' });
    };
    expect(await reasonOf('registry.example', { resolve })).to.equal('Unreachable');
    const environment = { HTTPS_PROXY: 'ftp://user:hunter2@proxy' };
    const proxied = await checkLogin({ ...nobody, server: 'registry.example' }, { environment });
    expect(proxied.message).to.contain('HTTPS_PROXY is no proxy').and.not.to.contain('hunter2');
  });

  const images: [server: string, host: string, path: string, more?: object][] = [
    ['r.example', 'other.example', 'app'],
    ['r.example', 'r.example:5000', 'app'],
    ['r.example', 'r.example', '../../token'],
    ['r.example', 'r.example', 'a/../b'],
    ['r.example', 'r.example', 'App'],
    ['r.example', 'r.example', '/etc'],
    ['r.example', 'r.example', ''],
    ['r.example', 'r.example', 'a'.repeat(256)],
    ['r.example', 'r.example', 'app', { tag: '../x' }],
    ['r.example', 'r.example', 'app', { tag: 'v1?x' }],
    ['r.example', 'r.example', 'app', { digest: 'sha256:x' }],
    ['docker.io', 'index.docker.io', 'library/nginx'],
    ['docker.io/acme', 'docker.io', 'other/app'],
  ];
  for (const [server, host, path, more] of images) {
    it(`is of ${server} with the image ${host}/${path.slice(0, 20)} ${JSON.stringify(more ?? {})}`, async () => {
      const resolve = () => expect.fail('a host was asked for');
      const checked = await checkLogin({ server, ...LOGIN, image: { host, path, ...more } }, { resolve });
      expect(checked.reason).to.equal('ImageUnusable');
    });
  }

  it('is no verdict where the mistake is ours', async () => {
    const resolve = () => {
      throw new TypeError('a mistake');
    };
    const failure = await checkLogin({ ...nobody, server: 'registry.example' }, { resolve }).catch(
      error => error,
    );
    expect(failure).to.be.instanceOf(TypeError);
  });

  it('ends with the reason of whoever no longer wants it', async () => {
    const signal = AbortSignal.abort(new Error('no longer wanted'));
    const failure = await checkLogin({ ...nobody, server: '127.0.0.1:1' }, { signal }).catch(error => error);
    expect(failure).to.be.instanceOf(Error).with.property('message', 'no longer wanted');
  });
});
