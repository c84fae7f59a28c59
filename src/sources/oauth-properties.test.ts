// Answers and tokens of chance: a token that can be a password until a time that a Date can hold, or a reason. Never
// a throw, and nothing of the answer in a message.

import { expect } from 'chai';
import fc from 'fast-check';
import { anyJson, anyText } from '../testing/arbitrary-text.ts';
import { FUZZ_TIMEOUT, holds } from '../testing/fuzzing.ts';
import { MARK, showsMark } from '../testing/mark.ts';
import { changedPrototypes } from '../testing/prototypes.ts';
import { jwtClaims } from './jwt-claims.ts';
import { readAnswer, type TokenAnswer } from './oauth-answer.ts';

const marked = fc.oneof(
  anyJson,
  anyText.map(text => text + MARK),
  fc.constantFrom(MARK, { [MARK]: MARK }),
);
const part = fc.oneof(anyJson, fc.constantFrom({ exp: 2 ** 40 }, { exp: -1 }, { aud: ['a', 1] }));
const jwt = fc
  .array(part, { maxLength: 4 })
  .map(parts => parts.map(one => Buffer.from(JSON.stringify(one)).toString('base64url')).join('.'));

const fields = fc.record(
  {
    access_token: fc.oneof(marked, jwt),
    token: fc.oneof(marked, jwt),
    expires_in: fc.oneof(marked, fc.double(), fc.bigInt().map(String), fc.integer()),
    error: fc.oneof(marked, fc.constantFrom('invalid_client', 'slow_down')),
    error_description: marked,
  },
  { requiredKeys: [] },
);

const answer: fc.Arbitrary<TokenAnswer> = fc.record({
  status: fc.oneof(fc.constantFrom(200, 200, 400, 401), fc.integer({ min: 0, max: 999 })),
  isHtml: fc.boolean(),
  retryAfter: fc.constantFrom(undefined, 1_000),
  body: fc.oneof(
    fields.map(one => JSON.stringify(one)),
    marked.map(one => JSON.stringify(one)),
    anyText,
  ),
});

describe('an authorization server of chance', function () {
  this.timeout(FUZZ_TIMEOUT);

  it('gives a token that ends, or a reason that quotes nothing', () =>
    holds(answer, 3_000, one => {
      const read = readAnswer(one, 'sts.example', 1_000);
      expect(changedPrototypes()).to.deep.equal([]);
      if ('reason' in read) {
        expect(showsMark(read.message)).to.equal(false);
        expect(read.message).to.match(/^could not get a token from sts\.example: .+/);
      } else {
        expect(read.token).to.match(/^[!-~]+$/);
        expect(read.expiresAt).to.be.above(1_000);
        expect(new Date(read.expiresAt).getTime()).to.be.finite;
      }
    }));

  it('signs what it likes: claims are texts and times, or there are none', () =>
    holds(fc.oneof(jwt, anyText), 3_000, token => {
      const { iss, aud = [], exp = 1, nbf = 1 } = jwtClaims(token) ?? {};
      expect(['string', 'undefined']).to.include(typeof iss);
      for (const one of aud) expect(one).to.be.a('string');
      for (const time of [exp, nbf]) expect(new Date(time).getTime()).to.be.finite;
    }));
});
