// Failures of the source ecr as rows of a table: how each comes about, and what is said of it.

import { expect } from 'chai';
import type { RegistrySpec } from '../../api/types.ts';
import type { Fetched, SourceFailure } from '../../sources/source.ts';
import { USER } from './accounts.ts';
import type { Ask, AwsRig } from './aws-rig.ts';
import { type Fault, refuse } from './aws-server.ts';
import { Refusal } from './sts.ts';

/** What the library is told each time that it tries. */
export const thrice = (fault: Fault): readonly Fault[] => [fault, fault, fault];

/** As AWS, but that everything which was sent is quoted. */
export const says = (status: number, code: string, message = 'of the tests'): Fault => {
  return (response, arrived) =>
    refuse(
      response,
      new Refusal(status, code, `${message} ${JSON.stringify(arrived)}`),
      !arrived.body.includes('Action='),
    );
};
/** For people, with everything quoted that was sent. */
export const page =
  (status: number): Fault =>
  (response, { body, headers }) =>
    response
      .writeHead(status, { 'content-type': 'text/html' })
      .end(`<html><body>${body} ${JSON.stringify(headers)}</body></html>`);

export interface FailureRow {
  readonly spec?: Partial<RegistrySpec>;
  readonly ask?: (aws: AwsRig) => Ask | Promise<Ask>;
  readonly before?: (aws: AwsRig) => void;
  readonly faults?: readonly Fault[];
  readonly reason: SourceFailure;
  readonly message: RegExp;
  readonly retryAfter?: number;
}

export async function expectFailure(
  aws: AwsRig,
  { spec, ask, before, faults = [], ...row }: FailureRow,
): Promise<void> {
  before?.(aws);
  aws.server.faults.push(...faults);
  const fetched = await aws.fetch(spec, await ask?.(aws));
  expect(fetched).to.deep.include({ ok: false, reason: row.reason });
  expectTold(aws, fetched, row.message);
  expect(fetched.ok ? 0 : fetched.retryAfter).to.equal(row.retryAfter);
}

/** One line that says what to do, and no credential in it. */
function expectTold(aws: AwsRig, fetched: Fetched, message: RegExp): void {
  const said = fetched.ok ? '' : fetched.message;
  expect(said)
    .to.match(message)
    .and.match(/^[^\n\r]{20,512}$/);
  for (const secret of [
    ...aws.learned,
    ...aws.server.given,
    ...aws.server.accounts.sessions,
    USER.secretAccessKey,
    'hunter2',
  ])
    expect(said).to.not.contain(secret);
  expect(said).to.not.match(/[A-Za-z0-9+/=_-]{60}/);
}
