// explain --check against a registry on loopback.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { NAMESPACES_PATH } from '../controller/paths.ts';
import { ApiError } from '../kube/errors.ts';
import type { KubeRequest } from '../kube/kube-client.ts';
import { type Answer, said } from '../testing/command-rig.ts';
import { asksFor, RegistryRig, type Say, says } from '../testing/registry-rig.ts';

const NOT_FOUND = new ApiError(404, 'NotFound', 'not found');
const MANIFEST = 'HEAD /v2/app/manifests/latest';
const BASIC = 'Basic realm="r"';

const basicOf = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const GOOD = basicOf('robot', 'geheimes-Wort');

describe('explain --check', () => {
  let rig: RegistryRig;
  afterEach(() => rig.stop());

  /** A ServiceAccount with one Secret for each list of logins [key, user, password]. */
  const cluster =
    (...secrets: [string, string, string][][]) =>
    ({ path }: KubeRequest): Answer => {
      const names = secrets.map((_, index) => ({ name: `s${index}` }));
      if (path === `${NAMESPACES_PATH}/apps/serviceaccounts/default`)
        return { metadata: { name: 'default' }, imagePullSecrets: names };
      const [, index] = /\/secrets\/s(\d)$/.exec(path) ?? [];
      const logins = secrets[Number(index)];
      if (logins === undefined) return NOT_FOUND;
      const auths = Object.fromEntries(
        logins.map(([key, username, password]) => [key, { username, password }]),
      );
      const data = { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') };
      return { metadata: { name: `s${index}` }, type: 'kubernetes.io/dockerconfigjson', data };
    };
  const registry = async (answers: Record<string, Say>): Promise<void> => {
    rig = await RegistryRig.start({ 'GET /v2/': asksFor(BASIC), ...answers });
  };
  const explain = (answer: (request: KubeRequest) => Answer, ...more: string[]) =>
    said(['explain', `${rig.server}/app`, ...more], { answer });

  it('says that the registry gives the image, and asks no further', async () => {
    await registry({ [`GET /v2/ ${GOOD}`]: says(200), [`${MANIFEST} ${GOOD}`]: says(200) });
    const login = [rig.server, 'robot', 'geheimes-Wort'] as [string, string, string];
    const { out, code } = await explain(cluster([login], [[rig.server, 'other', 'q']]), '--check');
    expect(out).to.match(
      /^LoginFound: .* is tried first, and 127\.0\.0\.1:\d+ gives the image to a login that matches\n/,
    );
    expect(out).to.match(/What the registry says to them:\n {2}1 {2}PullAllowed: /);
    expect(code).to.equal(0);
    expect(rig.asked.filter(asked => asked.endsWith(basicOf('other', 'q')))).to.deep.equal([]);
    expect(out).to.not.contain('geheim');
  });

  it('asks nobody when it is not told to', async () => {
    await registry({});
    await explain(cluster([[rig.server, 'robot', 'geheimes-Wort']]));
    expect(rig.asked).to.deep.equal([]);
  });

  it('names a login that is refused before any pod has met it', async () => {
    await registry({});
    const { out, code } = await explain(cluster([[rig.server, 'robot', 'falsch']]), '--check');
    expect(out)
      .to.match(/^LoginRefused: /)
      .and.contain('LoginRejected: ');
    expect(code).to.equal(3);
  });

  it('tells a login without a right to the image from a wrong one', async () => {
    await registry({ [`GET /v2/ ${GOOD}`]: says(200), [`${MANIFEST} ${GOOD}`]: says(403) });
    const { out, code } = await explain(cluster([[rig.server, 'robot', 'geheimes-Wort']]), '--check');
    expect(out).to.match(/^PullDenied: 127\.0\.0\.1:\d+ accepts the login/);
    expect(code).to.equal(3);
  });

  it('says that an image is not there', async () => {
    await registry({ [`GET /v2/ ${GOOD}`]: says(200) });
    const { out } = await explain(cluster([[rig.server, 'robot', 'geheimes-Wort']]), '--check');
    expect(out).to.match(/^ImageNotFound: /);
  });

  it('goes on to the next login as the kubelet does, and finds the one that is good', async () => {
    await registry({ [`GET /v2/ ${GOOD}`]: says(200), [`${MANIFEST} ${GOOD}`]: says(200) });
    const logins = [[[rig.server, 'old', 'p']], [[rig.server, 'robot', 'geheimes-Wort']]] as [
      string,
      string,
      string,
    ][][];
    const { out } = await explain(cluster(...logins), '--check');
    expect(out)
      .to.match(/^LoginFound: /)
      .and.contain('1  LoginRejected')
      .and.contain('2  PullAllowed');
  });

  it('draws no verdict from a registry that has an error', async () => {
    await registry({ 'GET /v2/': says(503) });
    const { out, code } = await explain(cluster([[rig.server, 'robot', 'geheimes-Wort']]), '--check');
    expect(out)
      .to.match(/^LoginFound: .* is tried first\n/)
      .and.contain('ServerError: ');
    expect(code).to.equal(0);
  });

  it('gives scripts what the registry says, and no password', async () => {
    await registry({});
    const { out } = await explain(cluster([[rig.server, 'robot', 'geheimes-Wort']]), '--check', '-o', 'json');
    expect(JSON.parse(out).items[0].tried[0].checked).to.match(/^LoginRejected: /);
    expect(out).to.not.contain('geheim');
  });
});
