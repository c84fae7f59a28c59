// Anybody in the cluster may connect, and as often as he likes: what a crowd gets, and that probes are answered meanwhile.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { type RunningServer, serveHealth, serveMetrics } from './server.ts';
import { settle } from './testing/fake-clock.ts';

const loopback = { host: '127.0.0.1', port: 0 };
const MOST_SCRAPERS = 64;
const REQUEST = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';

describe('a crowd', () => {
  let metrics: RunningServer;
  let health: RunningServer;
  let sockets: Socket[];
  let rendered: number;
  /** A rendering ends when this resolves. */
  let rendering: Promise<void>;

  beforeEach(async () => {
    [sockets, rendered, rendering] = [[], 0, Promise.resolve()];
    const text = async (): Promise<string> => {
      rendered += 1;
      await rendering;
      return 'all is well\n';
    };
    const onError = (message: string): void => expect.fail(message);
    metrics = await serveMetrics(loopback, { text, contentType: 'text/plain' }, onError);
    health = await serveHealth(loopback, () => [], onError);
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all([metrics.close(), health.close()]);
  });

  /** Connected, unless it was turned away. */
  async function connection({ address }: RunningServer): Promise<Socket> {
    const socket = connect(address.port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }
  const isEnded = (socket: Socket): Promise<boolean> =>
    new Promise(resolve => {
      if (socket.closed) resolve(true);
      else socket.resume().once('close', () => resolve(true));
    });
  const answerTo = async (socket: Socket): Promise<string> => {
    const [bytes] = await once(socket, 'data');
    return String(bytes);
  };

  it('at /metrics gets one rendering for all who ask meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    rendering = promise;
    const crowd = await Promise.all(Array.from({ length: MOST_SCRAPERS }, () => connection(metrics)));
    const answers = crowd.map(answerTo);
    for (const socket of crowd) socket.write(REQUEST);
    // One turn of the event loop takes one connection in.
    for (let turn = 0; turn < 4 * MOST_SCRAPERS; turn += 1) await settle();
    resolve();
    for (const answer of await Promise.all(answers)) expect(answer).to.match(/200 OK[\s\S]*all is well/);
    // One for the first to be heard, and one for all the others.
    expect(rendered).to.be.at.most(2);
  });

  it('at /metrics is 64 connections, and has place again when one of them ends', async () => {
    const crowd = await Promise.all(Array.from({ length: MOST_SCRAPERS }, () => connection(metrics)));
    expect(await isEnded(await connection(metrics))).to.equal(true);
    const [first] = crowd;
    first?.destroy();
    let answer = '';
    while (answer === '') {
      const next = await connection(metrics);
      next.write(REQUEST);
      answer = await Promise.race([answerTo(next), isEnded(next).then(() => '')]);
    }
    expect(answer).to.contain('all is well');
  });

  it('of probes is not limited, for one of them is the kubelet', async () => {
    const crowd = await Promise.all(Array.from({ length: 200 }, () => connection(health)));
    const answers = crowd.map(answerTo);
    for (const socket of crowd) socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    for (const answer of await Promise.all(answers)) expect(answer).to.match(/200 OK[\s\S]*ok/);
  });

  it('of requests on one connection that do not wait for their answers is sent away', async () => {
    const socket = await connection(metrics);
    socket.write(REQUEST.repeat(2_000));
    expect(await isEnded(socket)).to.equal(true);
    expect(socket.bytesRead).to.equal(0);
    expect(rendered).to.be.at.most(1);
  });
});
