// Where the libraries of clouds can get to, and what they are kept from.

import { expect } from 'chai';
import { failureOf } from '../testing/client-rig.ts';
import { CloudRig } from '../testing/cloud-rig.ts';
import { askOverNet, CloudConversation, type CloudQuestion } from './cloud-conversation.ts';
import { commonFailure } from './cloud-failure.ts';

const question = (url: string, method = 'POST'): CloudQuestion => ({
  url: new URL(url),
  method,
  headers: { authorization: 'Bearer not-a-real-token' },
  body: method === 'POST' ? 'grant_type=fake' : undefined,
});
const never = new AbortController().signal;

describe('a conversation with a cloud', () => {
  let rig: CloudRig;
  beforeEach(async () => {
    rig = await CloudRig.start(() => ({ status: 200, body: '{}' }));
  });
  afterEach(() => rig.stop());

  const here = (path = '/'): string => `http://127.0.0.1:${rig.port}${path}`;

  it('sends nothing to a host that this fetch does not ask', async () => {
    const conversation = new CloudConversation(rig.ask, ({ host }) => host === 'sts.googleapis.com', never);
    await failureOf(conversation.ask(question('https://thief.example.com/v1/token')));
    expect(rig.asked).to.deep.equal([]);
    await conversation.ask(question('https://sts.googleapis.com/v1/token'));
    expect(rig.urls).to.deep.equal(['POST https://sts.googleapis.com/v1/token']);
  });

  it('keeps what came of the last question, an answer or none', async () => {
    const conversation = new CloudConversation(rig.ask, () => true, never);
    expect(conversation.last).to.equal(undefined);
    await conversation.ask(question('https://a.example.com/'));
    expect(conversation.last).to.deep.include({ host: 'a.example.com' }).and.have.property('answer');
    const failing = new CloudConversation(
      () => Promise.reject(new Error()),
      () => true,
      never,
    );
    await failureOf(failing.ask(question('https://b.example.com/')));
    expect(failing.last).to.deep.include({ host: 'b.example.com' }).and.have.property('failure');
  });

  it('follows no redirect', async () => {
    rig.instead.set(`127.0.0.1:${rig.port}`, ({ url }) =>
      url.pathname === '/' ? { status: 307, headers: { location: here('/stolen') }, body: '' } : undefined,
    );
    expect((await askOverNet({})(question(here()), never)).status).to.equal(307);
    expect(rig.asked).to.have.lengthOf(1);
  });

  it('asks a metadata server past every proxy', async () => {
    const proxies = { HTTP_PROXY: here(), HTTPS_PROXY: here() };
    // Reserved for documentation: there is nobody.
    const away = question('http://192.0.2.1/computeMetadata/', 'GET');
    await failureOf(askOverNet(proxies)(away, AbortSignal.timeout(300)));
    expect(rig.asked).to.deep.equal([]);
  });

  it('goes to no address of this machine or of the cloud where a cloud should be', async () => {
    for (const host of ['127.0.0.1', '169.254.169.254', '[::1]'])
      expect(await said(`https://${host}:${rig.port}/`)).to.match(
        /an address of this machine or of the cloud/,
      );
    expect(rig.asked).to.deep.equal([]);
  });

  it('reads no answer that has no end', async () => {
    rig.instead.set(`127.0.0.1:${rig.port}`, () => ({ status: 200, body: 'x'.repeat(300_000) }));
    expect(await said(here())).to.match(/its answer cannot be read \(too long\)/);
  });

  it('says what is wrong with a proxy, and not what stands in it', async () => {
    const environment = { HTTPS_PROXY: 'ftp://user:hunter2@proxy' };
    const message = await said('https://sts.googleapis.com/v1/token', environment);
    expect(message)
      .to.match(/HTTPS_PROXY is no proxy that can be used/)
      .and.not.contain('hunter2');
  });

  it('says that a server is away, or that its certificate is not trusted', async () => {
    expect(await said('http://127.0.0.1:1/')).to.match(
      /nobody listens there \(ECONNREFUSED\): it is tried again$/,
    );
    const failure = Object.assign(new Error('with a name'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' });
    const message = commonFailure({ host: 'a.example.com', failure })?.message;
    expect(message)
      .to.match(/certificate is not trusted .*NODE_EXTRA_CA_CERTS$/)
      .and.not.contain('with a name');
  });

  it('ends when nobody waits any longer', async () => {
    const ending = new AbortController();
    rig.instead.set(`127.0.0.1:${rig.port}`, () => {
      ending.abort(new Error('nobody waits'));
      return undefined;
    });
    const failure = await failureOf(askOverNet({})(question(here()), ending.signal));
    expect(failure.message).to.equal('nobody waits');
  });

  async function said(url: string, environment = {}): Promise<string | undefined> {
    const conversation = new CloudConversation(askOverNet(environment), () => true, never);
    await failureOf(conversation.ask(question(url)));
    return conversation.last && commonFailure(conversation.last)?.message;
  }
});
