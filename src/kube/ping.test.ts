// A connection that is asked whether it lives, and what becomes of one that does not answer.

import { once } from 'node:events';
import { type ClientHttp2Session, connect, createServer, type Http2Server } from 'node:http2';
import {
  type AddressInfo,
  createServer as createDoor,
  connect as dial,
  type Server,
  type Socket,
} from 'node:net';
import { expect } from 'chai';
import { keepAsking } from './ping.ts';

describe('a connection that is asked whether it lives', () => {
  let server: Http2Server;
  let door: Server;
  let inside: Socket;
  let session: ClientHttp2Session;
  let pings: number;

  beforeEach(async () => {
    pings = 0;
    server = createServer();
    server.on('session', each => each.on('ping', () => pings++));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // What goes through it can be held up without anybody being told.
    door = createDoor(socket => {
      inside = socket;
      const outside = dial((server.address() as AddressInfo).port, '127.0.0.1');
      socket.pipe(outside).pipe(socket);
      socket.on('close', () => outside.destroy());
      outside.on('error', () => socket.destroy());
      socket.on('error', () => outside.destroy());
    });
    door.listen(0, '127.0.0.1');
    await once(door, 'listening');
    session = connect(`http://127.0.0.1:${(door.address() as AddressInfo).port}`);
    session.on('error', () => undefined);
    await once(session, 'connect');
  });

  afterEach(() => {
    session.destroy();
    inside.destroy();
    server.close();
    door.close();
  });

  it('stays as long as it answers', async () => {
    keepAsking(session, { every: 5, within: 1_000 });
    await new Promise<void>(resolve => {
      const look = (): void => void (pings >= 5 ? resolve() : session.ping(look));
      look();
    });
    expect(session.destroyed).to.equal(false);
  });

  it('is ended when it does not answer, and says so', async () => {
    inside.unpipe();
    keepAsking(session, { every: 5, within: 50 });
    const [error] = await once(session, 'error');
    expect(error).to.have.property('message', 'no answer to a PING within 0.05 s');
    expect(session.destroyed).to.equal(true);
  });

  it('stays while it brings something, though the answer is late', async () => {
    inside.unpipe();
    keepAsking(session, { every: 5, within: 30 });
    const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    for (let count = 0; count < 40; count++) {
      inside.write(settings);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    expect(session.destroyed).to.equal(false);
  });
});
