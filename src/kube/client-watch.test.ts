// Watches against a real HTTP server on loopback, cut and aborted.

import { expect } from 'chai';
import { ClientRig, failureOf, json, refusal } from '../testing/client-rig.ts';
import { TransportError } from './errors.ts';
import type { KubeRequest } from './kube-client.ts';

const read: KubeRequest = { method: 'GET', path: '/api/v1/namespaces/a' };

describe('watching through the transport', () => {
  let rig: ClientRig;

  beforeEach(async () => {
    rig = await ClientRig.start();
  });

  afterEach(() => rig.stop());

  const watch = (signal = new AbortController().signal, onOpen?: () => void) =>
    rig.client.watch({ path: '/api/v1/namespaces', query: { a: 'b' }, signal, ...(onOpen && { onOpen }) });
  const frame = (name: string): string =>
    `${JSON.stringify({ type: 'ADDED', object: { metadata: { name } } })}\n`;

  it('yields what comes and ends with the server', async () => {
    let url = '';
    rig.handle = (request, response) => {
      url = request.url ?? '';
      response.write(frame('a'));
      response.end(frame('b'));
    };
    let opened = 0;
    const names: string[] = [];
    for await (const event of watch(undefined, () => opened++)) names.push(event.object.metadata.name);
    expect(names).to.deep.equal(['a', 'b']);
    expect(opened).to.equal(1);
    expect(url).to.equal('/base/api/v1/namespaces?a=b&watch=true');
    expect(rig.samples.map(({ method, code }) => `${method} ${code}`)).to.deep.equal(['GET 200']);
  });

  it('says that the connection was cut, after all that came complete', async () => {
    rig.handle = (request, response) => {
      response.write(frame('a') + frame('b').slice(0, 20));
      setImmediate(() => request.socket.destroy());
    };
    const names: string[] = [];
    const all = (async () => {
      for await (const event of watch()) names.push(event.object.metadata.name);
    })();
    expect(await failureOf(all)).to.be.instanceOf(TransportError);
    expect(names).to.deep.equal(['a']);
  });

  it('is refused with an ApiError', async () => {
    rig.handle = (_, response) => json(response, 403, refusal(403));
    expect(await failureOf(watch().next())).to.include({ code: 403 });
  });

  it('lets go of the socket and of the signal when it is aborted', async () => {
    const gone = Promise.withResolvers<void>();
    rig.handle = (request, response) => {
      request.socket.once('close', () => gone.resolve());
      response.write(frame('a'));
    };
    const abort = new AbortController();
    const events = watch(abort.signal);
    await events.next();
    const next = failureOf(events.next());
    abort.abort();
    expect(await next).to.be.instanceOf(TransportError);
    await gone.promise;
  });

  it('leaves connections to requests, however many watches there are', async () => {
    rig.handle = (request, response) => {
      if (request.url?.includes('watch')) response.write(frame('a'));
      else json(response, 200, { kind: 'Secret' });
    };
    const abort = new AbortController();
    const watches = Array.from({ length: 20 }, () => watch(abort.signal));
    await Promise.all(watches.map(events => events.next()));
    expect((await rig.client.request(read)).status).to.equal(200);
    abort.abort();
  });
});
