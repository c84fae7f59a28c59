// Both programs as their projects serve them, from a server on loopback: what is not whole and right must
// leave nothing behind, for the next run would take it.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { cachedPath, fetchProgram, type Means } from './fetched-program.ts';
import { KIND, KUBECTL, type PinnedProgram, platformOf } from './pinned-program.ts';

const PROGRAM = Buffer.from(`#!/bin/sh\necho fetched\n${'#'.repeat(200_000)}\n`);
const SUM = createHash('sha256').update(PROGRAM).digest('hex');
const platform = platformOf();
const PLATFORM = `${platform?.os}-${platform?.arch}`;
const KIND_PATH = `/v0.33.0/kind-${PLATFORM}`;
const KUBECTL_PATH = `/v1.37.2/bin/${PLATFORM.replace('-', '/')}/kubectl`;
const SITE: Record<string, Buffer | string> = {
  [KIND_PATH]: PROGRAM,
  [`${KIND_PATH}.sha256sum`]: `${SUM}  kind-${PLATFORM}\n`,
  [KUBECTL_PATH]: PROGRAM,
  [`${KUBECTL_PATH}.sha256`]: SUM,
};

const served =
  (site: Record<string, Buffer | string>): RequestListener =>
  (request, response) => {
    const content = site[request.url ?? ''];
    response.writeHead(content === undefined ? 404 : 200);
    response.end(content);
  };

const noGo = async () => ({ ok: false as const, why: 'no go' });

describe('a fetched program', () => {
  let home: string;
  let server: Server;
  let base: string;
  let listener: RequestListener;
  let lines: string[];
  let asked: string[];

  before(function () {
    if (platform !== undefined) return;
    const skipReason = 'there is no download for this kind of machine';
    Object.assign(this.test?.parent ?? {}, { skipReason });
    this.skip();
  });

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'regcred-test-'));
    lines = [];
    asked = [];
    listener = served(SITE);
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      listener(request, response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(home, { recursive: true });
  });

  const environment = () => ({ XDG_CACHE_HOME: home, KIND_DOWNLOAD_URL: base, KUBECTL_DOWNLOAD_URL: base });

  const fetched = (pin: PinnedProgram, means: Partial<Means> = {}) =>
    fetchProgram(pin, { progress: line => lines.push(line), env: environment(), go: noGo, ...means });

  const refusal = async (means?: Partial<Means>) =>
    String(await fetched(KIND, means).catch((cause: Error) => cause.message));

  const left = async () => readdir(join(home, 'regcred'), { recursive: true });

  for (const pin of [KIND, KUBECTL]) {
    it(`is whole, executable and alone in the cache folder: ${pin.name}`, async () => {
      const path = await fetched(pin);
      expect(path).to.equal(cachedPath(pin, { XDG_CACHE_HOME: home }));
      expect((await readFile(path)).equals(PROGRAM)).to.equal(true);
      expect((await stat(path)).mode & 0o111).to.equal(0o111);
      const folder = basename(dirname(path));
      expect((await left()).sort()).to.deep.equal([folder, join(folder, pin.name)]);
      expect(lines.join('\n')).to.contain(`downloading ${pin.name} ${pin.version} from http://127.0.0.1:`);
    });
  }

  it('is asked for once only', async () => {
    await fetched(KUBECTL);
    await fetched(KUBECTL);
    expect(asked).to.deep.equal([`${KUBECTL_PATH}.sha256`, KUBECTL_PATH]);
  });

  it('comes whole to each of two that want it at the same time', async () => {
    const [one, other] = await Promise.all([fetched(KIND), fetched(KIND)]);
    expect(one).to.equal(other);
    expect((await readFile(one)).equals(PROGRAM)).to.equal(true);
    expect(await left()).to.have.length(2);
  });

  it('comes from where the site redirects to', async () => {
    listener = (request, response) => {
      if (request.url?.startsWith('/moved/') === true) {
        served(SITE)({ url: request.url.slice('/moved'.length) } as typeof request, response);
      } else {
        response.writeHead(302, { location: `/moved${request.url}` }).end();
      }
    };
    expect((await readFile(await fetched(KIND))).equals(PROGRAM)).to.equal(true);
  });

  const BROKEN: Record<string, [site: RequestListener, message: RegExp, patience?: number]> = {
    'that has another checksum': [
      served({ ...SITE, [`${KIND_PATH}.sha256sum`]: '0'.repeat(64) }),
      /its sha256 is [0-9a-f]{64}, and http\S+\.sha256sum says 0{64}/,
    ],
    'whose checksum is a web page': [
      served({ ...SITE, [`${KIND_PATH}.sha256sum`]: '<html>Log in</html>' }),
      /what http\S+\.sha256sum answered is no sha256/,
    ],
    'that is not there': [served({ [`${KIND_PATH}.sha256sum`]: SUM }), /kind-\w+-\w+ answered HTTP 404/],
    'whose checksum is not there': [served({}), /\.sha256sum answered HTTP 404/],
    'that is cut off on the way': [
      (request, response) => {
        if (request.url !== KIND_PATH) return served(SITE)(request, response);
        response.writeHead(200, { 'content-length': PROGRAM.length });
        response.write(PROGRAM.subarray(0, 100_000), () => response.destroy());
      },
      /could not download http\S+: other side closed/,
    ],
    'that stops coming': [
      (request, response) => {
        if (request.url !== KIND_PATH) return served(SITE)(request, response);
        response.writeHead(200, { 'content-length': PROGRAM.length });
        response.write(PROGRAM.subarray(0, 100_000));
      },
      /could not download http\S+: Body Timeout Error/,
      400,
    ],
  };

  for (const [title, [site, message, patience]] of Object.entries(BROKEN)) {
    it(`${title} is refused with the reason, and leaves nothing`, async () => {
      listener = site;
      expect(await refusal(patience === undefined ? {} : { patience })).to.match(message);
      expect(await left()).to.deep.equal([]);
      listener = served(SITE);
      expect(await fetched(KIND)).to.contain(home);
    });
  }

  it('is refused without a network, and the error says what to do instead', async () => {
    server.close();
    await once(server, 'close');
    const message = await refusal();
    for (const part of ['no go', 'ECONNREFUSED', 'Install kind (https://', 'Go 1.26', 'KIND_DOWNLOAD_URL']) {
      expect(message).to.contain(part);
    }
    expect(await left()).to.deep.equal([]);
  });

  for (const mirror of [
    'http://mirror.example/kind',
    'https://user:hunter2@mirror.example',
    'https://mirror.example/?token=hunter2',
    'mirror.example hunter2',
  ]) {
    it(`is not fetched from ${mirror.replace('hunter2', '…')}, and the error keeps the address to itself`, async () => {
      const message = await refusal({ env: { ...environment(), KIND_DOWNLOAD_URL: mirror } });
      expect(message).to.contain('KIND_DOWNLOAD_URL is no address to download from: write https://');
      expect(message + lines.join()).not.to.contain('hunter2');
    });
  }

  it('is made by Go where there is one, and nothing is asked of the site', async () => {
    const build: PinnedProgram['build'] = async watchdog => {
      await writeFile(join(watchdog.folder, 'bin', 'kind'), 'made by Go', { mode: 0o755 });
    };
    const go = async () => ({ ok: true as const });
    const path = await fetched({ ...KIND, build }, { go });
    expect(await readFile(path, 'utf8')).to.equal('made by Go');
    expect(asked).to.deep.equal([]);
  });

  it('is downloaded where Go cannot make it', async () => {
    const build = () => Promise.reject(new Error('could not build kind'));
    const go = async () => ({ ok: true as const });
    const path = await fetched({ ...KIND, build }, { go });
    expect((await readFile(path)).equals(PROGRAM)).to.equal(true);
  });
});
