// What is sent again, when, and what is not.

import { expect } from 'chai';
import { ApiError, TransportError } from './errors.ts';
import type { KubeRequest } from './kube-client.ts';
import { retryDelay } from './retry.ts';

const answer = (code: number, retryAfter?: number): ApiError => new ApiError(code, '', '', [], retryAfter);
const lost = new TransportError('connection lost');
const first = (method: KubeRequest['method']) => ({ method, attempts: 1, elapsed: 0 });
const chance = (): number => 0;

describe('retrying', () => {
  for (const code of [429, 502, 503, 504]) {
    it(`sends a write again after ${code}`, () => {
      expect(retryDelay(answer(code), first('PATCH'), chance)).to.equal(100);
    });
  }
  for (const code of [400, 401, 403, 404, 409, 410, 422, 500]) {
    it(`leaves ${code} to the caller`, () => {
      expect(retryDelay(answer(code), first('PATCH'), chance)).to.equal(undefined);
    });
  }

  it('never comes back sooner than Retry-After says', () => {
    expect(retryDelay(answer(429, 3000), first('PATCH'), chance)).to.equal(3000);
    expect(retryDelay(answer(429, 3000), first('PATCH'), () => 0.5)).to.equal(3100);
  });

  it('hands back a Retry-After that is longer than a request may last', () => {
    expect(retryDelay(answer(429, 60_000), first('PATCH'), chance)).to.equal(undefined);
  });

  it('gives up after four attempts or ten seconds', () => {
    expect(retryDelay(answer(503), { method: 'GET', attempts: 4, elapsed: 0 }, chance)).to.equal(undefined);
    expect(retryDelay(answer(503), { method: 'GET', attempts: 2, elapsed: 9_900 }, chance)).to.equal(
      undefined,
    );
  });

  it('repeats a read without an answer once, and a write never', () => {
    expect(retryDelay(lost, first('GET'), chance)).to.equal(100);
    expect(retryDelay(lost, { method: 'GET', attempts: 2, elapsed: 0 }, chance)).to.equal(undefined);
    for (const method of ['PATCH', 'POST', 'PUT', 'DELETE'] as const) {
      expect(retryDelay(lost, first(method), chance), method).to.equal(undefined);
    }
  });
});
