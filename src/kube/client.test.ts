// The transport against a real HTTP server on loopback, made to misbehave.

import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { ClientRig, failureOf, json, refusal, TOKEN } from '../testing/client-rig.ts';
import { ApiError, TransportError } from './errors.ts';
import type { KubeRequest } from './kube-client.ts';

const apply = (path = '/api/v1/namespaces/a/secrets/regcred'): KubeRequest => ({
  method: 'PATCH',
  path,
  query: { fieldManager: 'regcred', force: 'true' },
  contentType: 'application/apply-patch+yaml',
  body: { kind: 'Secret' },
});
const read: KubeRequest = { method: 'GET', path: '/api/v1/namespaces/a' };

describe('the transport', () => {
  let rig: ClientRig;

  beforeEach(async () => {
    rig = await ClientRig.start();
  });

  afterEach(() => rig.stop());

  it('sends an apply as server-side apply wants it, and tells created from configured', async () => {
    let seen: IncomingMessage | undefined;
    let body = '';
    rig.handle = async (request, response) => {
      seen = request;
      for await (const chunk of request) body += chunk;
      json(response, 201, { kind: 'Secret' });
    };
    expect(await rig.client.request(apply())).to.deep.equal({ status: 201, body: { kind: 'Secret' } });
    expect(seen?.method).to.equal('PATCH');
    expect(seen?.url).to.equal('/base/api/v1/namespaces/a/secrets/regcred?fieldManager=regcred&force=true');
    expect(seen?.headers).to.include({
      'content-type': 'application/apply-patch+yaml',
      'user-agent': 'regcred/1.2.3',
      authorization: `Bearer ${TOKEN}`,
    });
    expect(body).to.equal('{"kind":"Secret"}');
    const host = seen?.headers.host;
    expect(rig.samples).to.deep.equal([{ method: 'PATCH', host, code: '201', seconds: 0 }]);
  });

  it('sends the preconditions of a delete as its body', async () => {
    let body = '';
    rig.handle = async (request, response) => {
      for await (const chunk of request) body += chunk;
      json(response, 200, { kind: 'Secret' });
    };
    await rig.client.request({ method: 'DELETE', path: '/x', body: { preconditions: { uid: 'u' } } });
    expect(body).to.equal('{"preconditions":{"uid":"u"}}');
  });

  it('asks before each attempt whether it may still be sent', async () => {
    let attempts = 0;
    rig.handle = (_, response) => {
      attempts += 1;
      json(response, 429, refusal(429), { 'retry-after': '1' });
    };
    const permit = (): void => {
      if (attempts > 0) throw new TransportError('not any more');
    };
    const failure = failureOf(rig.client.request({ ...apply(), permit }));
    await until(() => rig.clock.pending === 1);
    await rig.clock.runAll();
    expect((await failure).message).to.equal('not any more');
    expect(attempts).to.equal(1);
  });

  it('shares its connections: 300 writes use a dozen, and no more than 8 are under way at once', async () => {
    let running = 0;
    let most = 0;
    rig.handle = (_, response) => {
      most = Math.max(most, ++running);
      setImmediate(() => {
        running--;
        json(response, 200, { kind: 'Secret' });
      });
    };
    await Promise.all(Array.from({ length: 300 }, (_, index) => rig.client.request(apply(`/x/${index}`))));
    expect(rig.connections).to.be.at.most(12);
    expect(most).to.be.at.most(8);
  });

  it('waits as long as Retry-After says, and no request before that', async () => {
    let requests = 0;
    rig.handle = (_, response) => {
      if (++requests === 1) json(response, 429, refusal(429), { 'retry-after': '3' });
      else json(response, 200, { kind: 'Secret' });
    };
    const answer = rig.client.request(apply());
    await until(() => rig.clock.pending === 1);
    await rig.clock.advance(2999);
    expect(requests).to.equal(1);
    await rig.clock.advance(1);
    expect((await answer).status).to.equal(200);
    expect(rig.samples.map(sample => sample.code)).to.deep.equal(['429', '200']);
  });

  it('hands on a refusal, with its reason and without its headers', async () => {
    rig.handle = (_, response) =>
      json(response, 409, { ...refusal(409), reason: 'Conflict' }, { 'x-token': TOKEN });
    const error = await failureOf(rig.client.request(apply()));
    expect(error).to.be.instanceOf(ApiError).and.include({ code: 409, reason: 'Conflict' });
    expect(rig.samples).to.have.length(1);
  });

  it('reads a token that was rotated when it is refused, once', async () => {
    rig.endpoint.tokens = ['old', 'new'];
    rig.handle = (request, response) => {
      const known = request.headers.authorization === 'Bearer new';
      json(response, known ? 200 : 401, known ? { kind: 'Namespace' } : refusal(401));
    };
    expect((await rig.client.request(read)).status).to.equal(200);
    rig.endpoint.tokens = ['old', 'also old'];
    expect(await failureOf(rig.client.request(read))).to.include({ code: 401 });
    expect(rig.samples.map(sample => sample.code)).to.deep.equal(['401', '200', '401', '401']);
  });

  it('repeats a read whose connection was cut, and never a write', async () => {
    let requests = 0;
    rig.handle = (request, response) => {
      requests++;
      if (request.method === 'GET' && requests > 1) return json(response, 200, { kind: 'Secret' });
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"half":');
      setImmediate(() => request.socket.destroy());
    };
    const answer = rig.client.request(read);
    await until(() => rig.clock.pending === 1);
    await rig.clock.advance(1000);
    expect((await answer).status).to.equal(200);
    requests = 0;
    const error = await failureOf(rig.client.request(apply()));
    expect(error).to.be.instanceOf(TransportError);
    expect(error.message).to.contain('could not PATCH /api/v1/namespaces/a/secrets/regcred: ');
    expect(requests).to.equal(1);
    expect(rig.samples.at(-1)?.code).to.equal('<error>');
  });

  it('gives up on a server that does not answer', async () => {
    rig.handle = () => {};
    expect(await failureOf(rig.client.request(apply()))).to.be.instanceOf(TransportError);
  });

  it('shows nothing of an answer that is not JSON, nor of the token', async () => {
    rig.handle = (_, response) => response.writeHead(200).end(`password=${TOKEN}`);
    const error = await failureOf(rig.client.request(apply()));
    expect(error.message).to.contain('is not JSON');
    expect(`${error.stack}${JSON.stringify(error)}${error.cause}`).not.to.contain(TOKEN);
  });

  for (const [what, body] of Object.entries({ null: null, 'a list': [], 'an object': { metadata: 'x' } }))
    it(`takes ${what} that is no object of Kubernetes for no answer`, async () => {
      rig.handle = (_, response) => json(response, 200, body);
      const error = await failureOf(rig.client.request(apply()));
      expect(error).to.be.instanceOf(TransportError);
      expect(error.message).to.contain('no object of Kubernetes');
    });

  it('says where it could not connect', async () => {
    await rig.closeServer();
    expect((await failureOf(rig.client.request(apply()))).message).to.contain('ECONNREFUSED');
  });

  it('stops waiting when the caller no longer wants the answer', async () => {
    rig.handle = () => {};
    const abort = new AbortController();
    const error = failureOf(rig.client.request({ ...read, signal: abort.signal }));
    await until(() => rig.connections === 1);
    abort.abort();
    await error;
    expect(rig.clock.pending).to.equal(0);
  });

  it('waits for no retry that the caller no longer wants', async () => {
    rig.handle = (_, response) => json(response, 503, refusal(503));
    const abort = new AbortController();
    const error = failureOf(rig.client.request({ ...read, signal: abort.signal }));
    await until(() => rig.clock.pending === 1);
    abort.abort();
    expect(await error, 'what the server said').to.include({ code: 503 });
    expect(rig.clock.pending).to.equal(0);
  });

  it('says how much is left of a Retry-After to who waits no longer for it', async () => {
    rig.handle = (_, response) => json(response, 429, refusal(429), { 'retry-after': '7' });
    const abort = new AbortController();
    const error = failureOf(rig.client.request({ ...apply(), signal: abort.signal }));
    await until(() => rig.clock.pending === 1);
    await rig.clock.advance(5000);
    abort.abort();
    expect(await error).to.include({ code: 429, retryAfter: 2000 });
  });
});

/** Lets the event loop turn until the condition holds; mocha's time-out ends a wait in vain. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setImmediate(resolve));
}
