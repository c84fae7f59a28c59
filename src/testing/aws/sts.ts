// STS, and the agent of EKS Pod Identity, of the tests: who shows what gets keys of a role.

import { type Accounts, POD_AUDIENCE, type Principal, WEB_AUDIENCE } from './accounts.ts';

/** What AWS says no with. */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

/** The answer as XML. */
export function sts(
  form: URLSearchParams,
  caller: Principal | undefined,
  accounts: Accounts,
  now: number,
): string {
  const action = form.get('Action') ?? '';
  const arn = form.get('RoleArn') ?? '';
  if (form.get('Version') !== '2011-06-15') throw new Refusal(400, 'NoSuchVersion', 'which version?');
  if (!SESSION_NAME.test(form.get('RoleSessionName') ?? ''))
    throw new Refusal(400, 'ValidationError', 'roleSessionName failed to satisfy constraint');
  if (action === 'AssumeRoleWithWebIdentity') checkWebIdentity(form, arn, accounts, now);
  else if (action === 'AssumeRole') checkAssumption(form, arn, caller, accounts);
  else throw new Refusal(400, 'InvalidAction', `no ${action}`);
  const fields = Object.entries(accounts.session(arn, now)).map(
    ([name, text]) => `<${name}>${text}</${name}>`,
  );
  return `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>
<Credentials>${fields.join('')}</Credentials>
<AssumedRoleUser><Arn>${sessionArn(arn)}</Arn><AssumedRoleId>AROAFAKE:regcred</AssumedRoleId></AssumedRoleUser>
</${action}Result><ResponseMetadata><RequestId>of-the-tests</RequestId></ResponseMetadata></${action}Response>`;
}

function checkWebIdentity(form: URLSearchParams, arn: string, accounts: Accounts, now: number): void {
  const token = form.get('WebIdentityToken') ?? '';
  if (!accounts.knowsIssuer)
    throw new Refusal(400, 'InvalidIdentityToken', 'No OpenIDConnect provider found in your account');
  const problem = accounts.issuer.problem(token, WEB_AUDIENCE, now);
  // Both quote what was sent, which AWS does not: nothing of it may be shown.
  if (problem === 'expired') throw new Refusal(400, 'ExpiredTokenException', `Token expired: ${token}`);
  if (problem !== undefined) throw new Refusal(400, 'InvalidIdentityToken', `Incorrect ${problem}: ${token}`);
  if (accounts.roles.get(arn)?.trustsServiceAccount !== true)
    throw new Refusal(403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
}

function checkAssumption(
  form: URLSearchParams,
  arn: string,
  caller: Principal | undefined,
  accounts: Accounts,
): void {
  const role = accounts.roles.get(arn);
  const isTrusted =
    caller?.allowed.has('sts:AssumeRole') === true &&
    role?.trusts?.includes(caller.arn) === true &&
    (role.externalId === undefined || role.externalId === form.get('ExternalId'));
  if (isTrusted) return;
  const message = `User: ${caller?.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
  throw new Refusal(403, 'AccessDenied', message);
}

/** The answer as JSON. `token` is the whole header Authorization. */
export function podIdentity(token: string, accounts: Accounts, now: number): string {
  const problem = token === '' ? 'absent' : accounts.issuer.problem(token, POD_AUDIENCE, now);
  if (problem !== undefined) throw new Refusal(400, 'InvalidTokenException', `token is bad: ${token}`);
  if (accounts.associated === undefined)
    throw new Refusal(404, 'ResourceNotFoundException', 'no association found');
  const { SessionToken: Token, ...keys } = accounts.session(accounts.associated, now);
  return JSON.stringify({ ...keys, Token, AccountId: '123456789012' });
}

const sessionArn = (arn: string): string =>
  `${arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/regcred`;
