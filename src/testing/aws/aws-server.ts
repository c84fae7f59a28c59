// AWS on loopback, as far as its libraries need it for logins of ECR: ECR, ECR Public, STS and the agent of EKS Pod
// Identity. It checks what AWS checks, and fails in AWS' ways.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ClusterIssuer } from '../authorization/cluster-issuer.ts';
import { ACCOUNT, Accounts, type Principal } from './accounts.ts';
import { type Arrived, checkSignature, type SignatureProblem } from './signature.ts';
import { podIdentity, Refusal, sts } from './sts.ts';

/** Answers in the place of AWS. */
export type Fault = (response: ServerResponse, arrived: Arrived) => void;

/** Milliseconds. */
const LIFE = 12 * 3_600_000;
export const REGION = 'eu-central-1';
const AGENT_PATH = '/v1/credentials';

const ECR_TARGETS: Readonly<Record<string, 'ecr' | 'ecr-public'>> = {
  'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken': 'ecr',
  'SpencerFrontendService.GetAuthorizationToken': 'ecr-public',
};

export class AwsServer {
  readonly accounts = new Accounts(new ClusterIssuer());
  /** What was asked for, such as ecr:GetAuthorizationToken. */
  readonly asked: string[] = [];
  /** The passwords that were given out. */
  readonly given: string[] = [];
  /** Each answers one question. */
  readonly faults: Fault[] = [];
  /** Milliseconds by which its clock is ahead of ours. */
  ahead = 0;
  /** Milliseconds. */
  life = LIFE;
  /** Where ECR is; ECR Public is in us-east-1 all the same. */
  region = REGION;
  /** Where STS is. */
  stsRegion = REGION;
  /** What ECR says that it is a login for. */
  proxyEndpoint: string | undefined = `https://${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.#answer(request, response);
    });
  }

  static async start(): Promise<AwsServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new AwsServer(server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await once(this.#server.close(), 'close');
  }

  /** Of an operator that is to find it. */
  get environment() {
    return {
      AWS_ENDPOINT_URL_ECR: this.url,
      AWS_ENDPOINT_URL_ECR_PUBLIC: this.url,
      AWS_ENDPOINT_URL_STS: this.url,
    };
  }

  get agentUrl(): string {
    return this.url + AGENT_PATH;
  }

  get #now(): number {
    return Date.now() + this.ahead;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const arrived: Arrived = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: await text(request),
    };
    const form = new URLSearchParams(arrived.body);
    const target = ECR_TARGETS[String(request.headers['x-amz-target'])];
    this.asked.push(target ? `${target}:GetAuthorizationToken` : `sts:${form.get('Action') ?? 'agent'}`);
    response.setHeader('date', new Date(this.#now).toUTCString());
    const fault = this.faults.shift();
    if (fault !== undefined) return fault(response, arrived);
    try {
      if (url.pathname === AGENT_PATH)
        response.end(podIdentity(request.headers.authorization ?? '', this.accounts, this.#now));
      else if (target === undefined) this.#sts(form, arrived, response);
      else this.#ecr(target, arrived, response);
    } catch (error) {
      refuse(response, error as Refusal, target !== undefined || url.pathname === AGENT_PATH);
    }
  }

  #sts(form: URLSearchParams, arrived: Arrived, response: ServerResponse): void {
    const isAnonymous = form.get('Action') === 'AssumeRoleWithWebIdentity';
    const caller = isAnonymous ? undefined : this.#caller(arrived, 'sts', this.stsRegion);
    response.setHeader('content-type', 'text/xml').end(sts(form, caller, this.accounts, this.#now));
  }

  #ecr(service: 'ecr' | 'ecr-public', arrived: Arrived, response: ServerResponse): void {
    const isPublic = service === 'ecr-public';
    const caller = this.#caller(arrived, service, isPublic ? 'us-east-1' : this.region);
    const needed = [`${service}:GetAuthorizationToken`, ...(isPublic ? ['sts:GetServiceBearerToken'] : [])];
    const missing = needed.find(action => !caller.allowed.has(action));
    if (missing !== undefined) {
      const message = `User: ${caller.arn} is not authorized to perform: ${missing} on resource: *`;
      throw new Refusal(400, 'AccessDeniedException', message);
    }
    const password = randomBytes(900).toString('base64');
    this.given.push(password);
    const data = {
      authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
      expiresAt: (this.#now + this.life) / 1000,
    };
    const body = isPublic ? data : [{ ...data, proxyEndpoint: this.proxyEndpoint }];
    response
      .setHeader('content-type', 'application/x-amz-json-1.1')
      .end(JSON.stringify({ authorizationData: body }));
  }

  #caller(arrived: Arrived, service: string, region: string): Principal {
    const keyOf = (id: string) => this.accounts.get(id);
    const checked = checkSignature(arrived, { region, service, now: this.#now, keyOf });
    if (checked.problem !== undefined) throw refusalOf(checked.problem, service, checked.signedAt, this.#now);
    const principal = this.accounts.get(checked.accessKeyId) as Principal;
    if (principal.expiresAt !== undefined && principal.expiresAt <= this.#now)
      throw new Refusal(
        403,
        'ExpiredTokenException',
        'The security token included in the request is expired',
      );
    return principal;
  }
}

/** STS and ECR word it differently. */
function refusalOf(problem: SignatureProblem, service: string, signedAt = '', now = 0): Refusal {
  const isSts = service === 'sts';
  const wrong = isSts ? 'SignatureDoesNotMatch' : 'InvalidSignatureException';
  const early = new Date(now).toISOString();
  switch (problem) {
    case 'absent':
      return new Refusal(403, 'MissingAuthenticationToken', 'Missing Authentication Token');
    case 'unknown key':
      return new Refusal(
        isSts ? 403 : 400,
        isSts ? 'InvalidClientTokenId' : 'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
    case 'too old':
      return new Refusal(
        403,
        wrong,
        `Signature expired: ${signedAt} is now earlier than ${early} (- 5 min.)`,
      );
    case 'too early':
      return new Refusal(403, wrong, `Signature not yet current: ${signedAt} is still later than ${early}`);
    case 'wrong scope':
      return new Refusal(403, wrong, 'Credential should be scoped to a valid region.');
    default:
      return new Refusal(403, wrong, 'The request signature we calculated does not match');
  }
}

export function refuse(response: ServerResponse, { status, code, message }: Refusal, isJson: boolean): void {
  response.writeHead(status, { 'content-type': isJson ? 'application/x-amz-json-1.1' : 'text/xml' });
  if (isJson) response.end(JSON.stringify({ __type: code, Code: code, message }));
  else
    response.end(
      `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>of-the-tests</RequestId></ErrorResponse>`,
    );
}
