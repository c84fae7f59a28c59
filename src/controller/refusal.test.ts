// What each error of the API server means for the change that ran into it.

import { expect } from 'chai';
import { ApiError, TransportError } from '../kube/errors.ts';
import { refusalOf } from './refusal.ts';

const told = (error: unknown): string => {
  const refusal = refusalOf(error, text => text);
  return refusal.kind === 'failed' ? refusal.failure.reason : refusal.kind;
};

describe('an error of the API server', () => {
  const rbac =
    'serviceaccounts "a" is forbidden: User "x" cannot patch resource "serviceaccounts" in API group ""';
  const webhook = 'Internal error occurred: failed calling webhook "x.example.com": connection refused';
  const rows: Record<string, [error: unknown, expected: string]> = {
    'not found: done anyway': [new ApiError(404, 'NotFound', 'gone'), 'gone'],
    'the namespace terminates: done anyway': [
      new ApiError(403, 'Forbidden', 'unable to create', ['NamespaceTerminating']),
      'gone',
    ],
    'a conflict: decided on an older state': [new ApiError(409, 'Conflict', 'modified'), 'outdated'],
    'another uid: decided on an older state': [
      new ApiError(
        422,
        'Invalid',
        'Secret "a" is invalid: metadata.uid: Invalid value: "1": field is immutable',
      ),
      'outdated',
    ],
    'refused by RBAC: our permissions': [new ApiError(403, 'Forbidden', rbac), 'Forbidden'],
    'the token is not taken: our permissions': [
      new ApiError(401, 'Unauthorized', 'Unauthorized'),
      'Forbidden',
    ],
    'refused by a quota: the namespace': [
      new ApiError(403, 'Forbidden', 'secrets "a" is forbidden: exceeded quota: q'),
      'Refused',
    ],
    'refused by a policy: the namespace': [
      new ApiError(422, 'Invalid', 'ValidatingAdmissionPolicy "p" denied request'),
      'Refused',
    ],
    'a webhook that is down: the namespace': [new ApiError(500, 'InternalError', webhook), 'Refused'],
    'an error of the API server itself': [new ApiError(500, 'InternalError', 'etcd'), 'WriteFailed'],
    'too many requests': [new ApiError(429, 'TooManyRequests', 'later'), 'WriteFailed'],
    'no answer': [new TransportError('reset'), 'WriteFailed'],
  };
  for (const [sentence, [error, expected]] of Object.entries(rows))
    it(sentence, () => expect(told(error)).to.equal(expected));

  it('is quoted without what the redactor knows, and not at length', () => {
    const error = new ApiError(403, 'Forbidden', `denied: hunter2 ${'x'.repeat(5000)}`);
    const refusal = refusalOf(error, text => text.replaceAll('hunter2', '***'));
    expect(refusal.kind).to.equal('failed');
    if (refusal.kind !== 'failed') return;
    expect(refusal.failure.message).to.include('denied: ***').and.not.include('hunter2');
    expect(refusal.failure.message.length).to.be.lessThan(500);
  });

  it('of the moment is told without its text, which varies from run to run', () => {
    const refusal = refusalOf(new TransportError('connect ECONNREFUSED 10.0.0.1:443'), text => text);
    expect(refusal).to.deep.include({
      failure: { reason: 'WriteFailed', message: 'the API server cannot be reached; it is tried again' },
    });
  });
});
