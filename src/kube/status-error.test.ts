// What is kept of a refusal, and what is not.

import { expect } from 'chai';
import { isNamespaceTerminating } from './errors.ts';
import { errorOfAnswer, errorOfStatus, parseRetryAfter } from './status-error.ts';

describe('a refusal by the API server', () => {
  it('keeps reason, message and causes of the Status', () => {
    const details = { causes: [{ reason: 'NamespaceTerminating' }, {}] };
    const body = JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'no', details });
    const error = errorOfAnswer(403, body, undefined, 'PATCH /x');
    expect(error).to.include({ code: 403, reason: 'Forbidden', message: 'no' });
    expect(isNamespaceTerminating(error)).to.equal(true);
  });

  it('keeps nothing of a body that is no Status', () => {
    for (const body of ['<html>hunter2</html>', '{"password":"hunter2"}', 'null', '']) {
      const error = errorOfAnswer(502, body, undefined, 'GET /x');
      expect(error.message).to.equal('could not GET /x: HTTP 502 without a Status object');
      expect(JSON.stringify(error)).not.to.contain('hunter2');
    }
  });

  it('cuts a message that would not fit a status', () => {
    expect(errorOfStatus({ code: 400, message: 'x'.repeat(5000) }, 'x').message).to.have.length(1024);
  });

  it('takes the wait from the Status when there is no header', () => {
    const status = { code: 429, details: { retryAfterSeconds: 2 } };
    expect(errorOfStatus(status, 'x').retryAfter).to.equal(2000);
    expect(errorOfStatus(status, 'x', 5000).retryAfter).to.equal(5000);
  });

  it('reads Retry-After in seconds and as a date', () => {
    const now = Date.UTC(2026, 0, 1);
    expect(parseRetryAfter('3', now)).to.equal(3000);
    expect(parseRetryAfter(new Date(now + 4000).toUTCString(), now)).to.equal(4000);
    expect(parseRetryAfter(new Date(now - 4000).toUTCString(), now)).to.equal(0);
    expect(parseRetryAfter('soon', now)).to.equal(undefined);
    expect(parseRetryAfter(undefined, now)).to.equal(undefined);
  });

  it('waits five minutes at most, whatever it is told: a timer of 25 days or more would not wait at all', () => {
    const now = Date.UTC(2026, 0, 1);
    for (const header of ['3600', '2592000', '9'.repeat(400), new Date(Date.UTC(2099, 0, 1)).toUTCString()])
      expect(parseRetryAfter(header, now), header).to.equal(300_000);
    expect(errorOfStatus({ code: 429, details: { retryAfterSeconds: 1e300 } }, 'x').retryAfter).to.equal(
      300_000,
    );
  });
});
