// The addresses that no test here can reach, and pins that are written down in two places.

import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { KUBECTL_BUILD } from './go-build.ts';
import { elsewhere, KUBERNETES, kubernetesOf, NEWEST } from './kubernetes-version.ts';
import { downloadOf, KIND, KUBECTL, platformOf } from './pinned-program.ts';
import { isAsSafe } from './program-download.ts';
import { TOOLS } from './programs.ts';

const ARM_MAC = { os: 'darwin', arch: 'arm64' };

describe('a pinned program', () => {
  it('of kind is at the address that its project documents', () => {
    const url = 'https://kind.sigs.k8s.io/dl/v0.33.0/kind-darwin-arm64';
    expect(downloadOf(KIND, ARM_MAC, {})).to.deep.equal({ url, checksumUrl: `${url}.sha256sum` });
  });

  it('of kubectl is at the address that its project documents', () => {
    const url = 'https://dl.k8s.io/release/v1.37.2/bin/darwin/arm64/kubectl';
    expect(downloadOf(KUBECTL, ARM_MAC, {})).to.deep.equal({ url, checksumUrl: `${url}.sha256` });
  });

  it('comes from a mirror that is named, with or without a slash at its end', () => {
    for (const KUBECTL_DOWNLOAD_URL of ['https://mirror.example/k8s', 'https://mirror.example/k8s/']) {
      const { url } = downloadOf(KUBECTL, ARM_MAC, { KUBECTL_DOWNLOAD_URL });
      expect(url).to.equal('https://mirror.example/k8s/v1.37.2/bin/darwin/arm64/kubectl');
    }
  });

  it('of kubectl has the version of the control plane', async () => {
    expect(await readFile(`${TOOLS}go.mod`, 'utf8')).to.contain(`k8s.io/kubernetes ${KUBECTL.version} `);
    expect(KUBECTL_BUILD.ldflags).to.contain(`gitVersion=${KUBECTL.version} `);
  });

  it('is there for Linux and macOS on the two common processors', () => {
    expect(platformOf('linux', 'x64')).to.deep.equal({ os: 'linux', arch: 'amd64' });
    expect(platformOf('darwin', 'arm64')).to.deep.equal({ os: 'darwin', arch: 'arm64' });
    expect(platformOf('win32', 'x64')).to.equal(undefined);
    expect(platformOf('linux', 'ia32')).to.equal(undefined);
  });
});

describe('each Kubernetes of the tests', () => {
  for (const [minor, { version, tools }] of Object.entries(KUBERNETES))
    it(`${minor} is the one that its go.mod pins`, async () => {
      expect(version).to.match(new RegExp(`^v${minor}\\.`));
      const pins = await readFile(`${tools}go.mod`, 'utf8');
      expect(pins).to.contain(`k8s.io/kubernetes ${version} `);
      // Its parts are replaced one by one, and one that is forgotten is of another version.
      const parts = pins.match(/^\tk8s\.io\/\S+ => \S+ \S+$/gm) ?? [];
      expect(parts.length).to.be.above(30);
      for (const part of parts) expect(part).to.match(new RegExp(` ${version.replace('v1', 'v0')}$`));
    });

  it('is refused by what it is not, with those that there are', () => {
    expect(() => kubernetesOf('1.34')).to.throw('there is no Kubernetes "1.34" here: write 1.37 or 1.35');
    expect(kubernetesOf('')).to.equal(NEWEST);
  });

  it('is not what another cluster is', () => {
    expect(elsewhere({})).to.equal(undefined);
    expect(elsewhere({ E2E_KUBECONFIG: 'file' })).to.equal('E2E_KUBECONFIG');
    expect(elsewhere({ E2E_CLUSTER: 'kind' })).to.equal('E2E_CLUSTER');
  });
});

describe('a redirect', () => {
  it('does not lead from https to http', () => {
    expect(isAsSafe('https://a.example', 'https://b.example')).to.equal(true);
    expect(isAsSafe('https://a.example', 'http://b.example')).to.equal(false);
  });
});
