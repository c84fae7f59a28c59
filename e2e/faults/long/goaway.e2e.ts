// An API server that asks its clients to go away again and again, so that they spread over all API servers
// (`--goaway-chance`). It asks those of HTTP/2 only: of the operator's, the connection of its watches.

import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { expect } from 'chai';
import { parse } from 'yaml';
import { createFleet, FLEET_LABEL } from '../../overload/fleet.ts';
import { OwnCluster } from '../../overload/own-cluster.ts';
import { skipUnlessBare } from '../../overload/skip.ts';

/** The most that an API server takes: one request in fifty. */
const CHANCE = 0.02;
const REQUESTS = 1_000;
const NAMESPACES = 200;

describe('where the API server asks clients to go away', () => {
  let own: OwnCluster;

  before(async function () {
    skipUnlessBare(this);
    own = await OwnCluster.start({ apiServerFlags: [`--goaway-chance=${CHANCE}`] });
  });
  after(() => own?.stop());

  it('a thousand requests over HTTP/1.1 are answered on one connection', async () => {
    const { clusters, users } = parse(readFileSync(own.cluster.kubeconfig, 'utf8'));
    const ca = Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64');
    const agent = new Agent({ keepAlive: true, ca, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    const headers = { authorization: `Bearer ${users[0].user.token}` };
    for (let count = 0; count < REQUESTS; count++)
      await new Promise<void>((resolve, reject) => {
        get(new URL('/version', own.cluster.server), { agent, headers }, answer => {
          ports.add(answer.socket.localPort);
          answer.resume().once('end', resolve);
        }).once('error', reject);
      });
    agent.destroy();
    expect(ports.size).to.equal(1);
  });

  it('the operator serves all namespaces without a failure', async () => {
    await createFleet(own.admin, NAMESPACES);
    await own.makeCredential(0, FLEET_LABEL);
    const operator = await own.startOperator({ logLevel: 'info' });
    await own.untilSynced(NAMESPACES);
    expect(await operator.logs()).not.to.match(/"level":"(warn|error)"/);
  });
});
