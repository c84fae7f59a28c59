// How the way to AWS fails, with AWS' real libraries: throttling, clocks, pages of proxies, silence.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { roleArn } from '../testing/aws/accounts.ts';
import { AwsRig } from '../testing/aws/aws-rig.ts';
import { REGION } from '../testing/aws/aws-server.ts';
import { expectFailure, type FailureRow, page, says, thrice } from '../testing/aws/failing.ts';

const secretRef = { name: 'keys' };
const region = REGION;
const IN_ROLE = { ecr: { region, secretRef, roleArn: roleArn('pull'), externalId: 'ours' } };

const ROWS: Readonly<Record<string, FailureRow>> = {
  'throttling that lasts': {
    faults: thrice(says(400, 'ThrottlingException', 'Rate exceeded')),
    reason: 'TokenUnavailable',
    message: /AWS was asked too often by this account/,
    retryAfter: 30_000,
  },
  'throttling that says for how long': {
    faults: thrice(response => response.writeHead(429, { 'retry-after': '2' }).end('{}')),
    reason: 'TokenUnavailable',
    message: /AWS was asked too often/,
    retryAfter: 2000,
  },
  'throttling by STS': {
    spec: IN_ROLE,
    faults: thrice(says(400, 'Throttling', 'Rate exceeded')),
    reason: 'TokenUnavailable',
    message: /could not take on the role .*asked too often/,
    retryAfter: 30_000,
  },
  'errors of AWS that last': {
    faults: thrice(says(500, 'ServerException')),
    reason: 'TokenUnavailable',
    message: /AWS has an error of its own: it is tried again \(Server\)/,
  },
  'a clock that AWS does not take though it was corrected': {
    faults: thrice(
      says(403, 'InvalidSignatureException', 'Signature expired: 20200101T000000Z is now earlier than'),
    ),
    reason: 'TokenUnavailable',
    message: /the clock of the operator's node is not AWS' time/,
  },
  'a page of a proxy in the place of an error': {
    faults: thrice(page(403)),
    reason: 'TokenUnavailable',
    message: /the answer is not one of AWS \(403\): see what stands before it/,
  },
  'a page of a proxy in the place of a login': {
    faults: thrice(page(200)),
    reason: 'TokenUnavailable',
    message: /the answer is not one of AWS \(200\): see what stands before it/,
  },
  'a page of a gateway that is down': {
    faults: thrice(page(502)),
    reason: 'TokenUnavailable',
    message: /an error of its own: it is tried again \(502\)/,
  },
  'a redirect': {
    faults: thrice(response => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()),
    reason: 'TokenUnavailable',
    message: /the answer is not one of AWS \(302\)/,
  },
  'an answer without end': {
    faults: thrice(response => response.write('x'.repeat(100_000))),
    reason: 'TokenUnavailable',
    message: /the answer is not one of AWS \(too long\)/,
  },
  'a connection that is cut': {
    faults: thrice(response => response.destroy()),
    reason: 'TokenUnavailable',
    message: /the connection was cut \(ECONNRESET\)/,
  },
  'an answer without login': {
    faults: [response => response.end('{"authorizationData":[]}')],
    reason: 'TokenUnavailable',
    message: /AWS answered without a login/,
  },
  'an answer without registry': {
    before: aws => {
      aws.server.proxyEndpoint = undefined;
    },
    reason: 'TokenUnavailable',
    message: /AWS answered without a registry/,
  },
  'nobody at the endpoint': {
    ask: () => ({ environment: { AWS_ENDPOINT_URL_ECR: 'http://127.0.0.1:1' } }),
    reason: 'TokenUnavailable',
    message: /nobody listens there \(ECONNREFUSED\): see whether the pod can reach AWS/,
  },
  'a proxy that is none': {
    ask: () => ({ environment: { HTTPS_PROXY: 'nonsense://user:hunter2@proxy' } }),
    reason: 'TokenUnavailable',
    message: /HTTPS_PROXY is no proxy that can be used/,
  },
};

describe('the source ecr gets no answer', function () {
  this.timeout(30_000);
  let aws: AwsRig;
  beforeEach(async () => {
    aws = await AwsRig.start();
  });
  afterEach(() => aws.stop());

  for (const [what, row] of Object.entries(ROWS))
    it(`with ${what}: ${row.reason}`, () => expectFailure(aws, row));

  it('but a login where AWS throttles or fails only once or twice', async () => {
    aws.server.faults.push(says(400, 'ThrottlingException'), says(500, 'ServerException'));
    expect(await aws.fetch()).to.include({ ok: true });
  });

  for (const minutes of [-30, 30])
    it(`but a login where the clock of AWS is ${minutes} minutes ahead: the library sees by how much`, async () => {
      aws.server.ahead = minutes * 60_000;
      expect(await aws.fetch()).to.include({ ok: true });
      expect(aws.server.asked).to.have.lengthOf(2);
    });

  it('and rejects, at once, when nobody waits any longer', async () => {
    aws.server.faults.push(...thrice(() => {}));
    const waiting = new AbortController();
    const fetched = aws.fetch({}, { signal: waiting.signal }).then(
      () => 'resolved',
      (reason: Error) => reason.message,
    );
    while (aws.server.asked.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
    const began = performance.now();
    waiting.abort(new Error('nobody waits'));
    expect(await fetched).to.equal('nobody waits');
    expect(performance.now() - began).to.be.below(300);
  });

  it('but a login where the way leads through a proxy', async () => {
    const through: string[] = [];
    const proxy = createServer((request, response) => {
      through.push(request.url ?? '');
      const login = Buffer.from('AWS:by-the-proxy').toString('base64');
      const proxyEndpoint = `https://123456789012.dkr.ecr.${REGION}.amazonaws.com`;
      response.end(JSON.stringify({ authorizationData: [{ authorizationToken: login, proxyEndpoint }] }));
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const environment = {
      AWS_ENDPOINT_URL_ECR: 'http://ecr.example',
      HTTP_PROXY: `http://127.0.0.1:${port}`,
    };
    const fetched = await aws.fetch({}, { environment });
    await once(proxy.close(), 'close');
    expect(fetched).to.include({ ok: true });
    expect(through).to.deep.equal(['http://ecr.example/']);
  });
});
