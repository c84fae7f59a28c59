// Refusals of any form: the API server's own, a proxy's, and nonsense. Each becomes an ApiError that can be read.

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { anyJson, anyText, fields } from '../testing/arbitrary-text.ts';
import { FUZZ_TIMEOUT, holds } from '../testing/fuzzing.ts';
import { MARK, showsMark } from '../testing/mark.ts';
import { changedPrototypes } from '../testing/prototypes.ts';
import type { ApiError } from './errors.ts';
import {
  isAccessDenied,
  isConflict,
  isExpired,
  isNamespaceTerminating,
  isNotFound,
  isReplaced,
} from './errors.ts';
import { errorOfAnswer, errorOfStatus, parseRetryAfter, type Status } from './status-error.ts';

/** Milliseconds. A timer of Node's knows less than 2 ** 31, and does not wait at all for more. */
const LONGEST_WAIT = 5 * 60_000;

const part = fc.oneof(anyJson, fc.constantFrom(404, 410, 'Expired', 'NotFound', -1, 5, 1e300, null));

/** Of any form, but with the names that are looked at. */
const anyStatus = fc
  .array(
    fc.tuple(
      fc.constantFrom('kind', 'code', 'reason', 'message', 'details', 'status', '__proto__', 'constructor'),
      fc.oneof(
        part,
        fc.constant('Status'),
        fc
          .array(
            fc.tuple(
              fc.constantFrom('causes', 'retryAfterSeconds', 'name', '__proto__'),
              fc.oneof(part, fc.array(part), fc.array(fc.record({ reason: part }))),
            ),
          )
          .map(fields),
      ),
    ),
    { maxLength: 6 },
  )
  .map(fields);

const body = fc.oneof(
  anyStatus.map(status => JSON.stringify({ ...status, kind: 'Status' })),
  anyStatus.map(status => JSON.stringify(status)),
  anyText,
  anyText.map(text => `<html>${text}${MARK}</html>`),
  fc.constant(`{"kind":"Secret","data":{"password":"${MARK}"}}`),
);

function expectReadable(error: ApiError): void {
  expect(error.code).to.be.a('number').and.be.at.least(400);
  expect(error.message).to.be.a('string').and.not.equal('');
  expect(error.message.length).to.be.at.most(1024);
  expect(error.reason).to.be.a('string');
  for (const cause of error.causes) expect(cause).to.be.a('string').and.not.equal('');
  if (error.retryAfter !== undefined) expect(error.retryAfter).to.be.within(0, LONGEST_WAIT);
  for (const is of [isNotFound, isConflict, isReplaced, isExpired, isNamespaceTerminating, isAccessDenied])
    expect(is(error)).to.be.a('boolean');
  expect(changedPrototypes()).to.deep.equal([]);
}

describe('a refusal of chance', function () {
  this.timeout(FUZZ_TIMEOUT);

  it('becomes an error with its code and a message, without whatever else was in the answer', () => {
    holds(fc.tuple(fc.integer({ min: 400, max: 599 }), body), 1_500, ([code, text]) => {
      const error = errorOfAnswer(code, text, undefined, 'read things');
      expectReadable(error);
      expect(error.code).to.equal(code);
      expect(showsMark(error.message)).to.equal(false);
    });
  });

  it('becomes one also in a watch', () => {
    holds(anyStatus, 1_500, status => {
      expectReadable(errorOfStatus(status as Status, 'watch things'));
    });
  });

  it('is waited for as long as it says, and not for ever', () => {
    holds(
      fc.tuple(
        fc.oneof(
          anyText,
          fc.constantFrom(
            '5',
            '-5',
            '9'.repeat(400),
            '9999999999',
            'Wed, 21 Oct 2115 07:28:00 GMT',
            'Wed, 21 Oct 2015 07:28:00 GMT',
          ),
        ),
        fc.nat(),
      ),
      1_500,
      ([header, now]) => {
        const wait = parseRetryAfter(header, now);
        if (wait !== undefined) expect(wait).to.be.within(0, LONGEST_WAIT);
      },
    );
  });
});
