// The witness has to be able to find fault.

import { expect } from 'chai';
import type { AuditedRequest } from './audit.ts';
import { termsOf, writesOutOfTerm, writesUnderWayAtTheEnd } from './terms.ts';

const request = (token: string, resource: string, received: number, code = 200): AuditedRequest => ({
  token,
  resource,
  received,
  answered: received + 10,
  code,
  verb: 'patch',
  what: '',
});
const lease = (token: string, received: number, code?: number) => request(token, 'leases', received, code);
const secret = (token: string, received: number) => request(token, 'secrets', received);

const RENEWALS = [lease('a', 100), lease('b', 150, 409), lease('a', 200), lease('b', 300), lease('b', 400)];

describe('the terms in an audit log', () => {
  it('begin with the Lease and end when another one has it', () => {
    expect(termsOf(RENEWALS)).to.deep.equal([
      { token: 'a', from: 100, until: 310, renewed: 200 },
      { token: 'b', from: 300, until: Number.POSITIVE_INFINITY, renewed: 400 },
    ]);
  });

  const cases: Readonly<Record<string, [AuditedRequest, outOfTerm: boolean]>> = {
    'of the leader is in order': [secret('a', 250), false],
    'of the successor is in order': [secret('b', 310), false],
    'before the writer led is not': [secret('a', 50), true],
    'of a standby is not': [secret('b', 250), true],
    'of the one that led before is not': [secret('a', 320), true],
    'that was answered when another one led is not': [secret('a', 305), true],
    'of somebody who never led is not': [secret('c', 250), true],
  };
  it('end for a process with its last write of the Lease, and what it had under way then shows', () => {
    const [ended, underWay, late] = [secret('a', 190), secret('a', 195), secret('a', 250)];
    const writes = [...RENEWALS, ended, underWay, late, secret('b', 250)];
    expect(writesUnderWayAtTheEnd('a', writes)).to.deep.equal([underWay, late]);
  });

  for (const [name, [write, outOfTerm]] of Object.entries(cases)) {
    it(`a write ${name}`, () => {
      expect(writesOutOfTerm([...RENEWALS, write])).to.deep.equal(outOfTerm ? [write] : []);
    });
  }
});
